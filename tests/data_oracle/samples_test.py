"""The table of sample-dbs/README.md is kept: each sample shows the codes that it says, as often, and no others."""

import collections
import os
import pathlib
import re
import unittest

from support import Copy, main, report, samples

README = pathlib.Path(os.environ["OMMI_SOURCE"]) / "sample-dbs" / "README.md"


def promised():
    """Sample → how often each code is found, and the exit code."""
    table = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.fullmatch(r"`([\w-]+)`", cells[0])
        if line.startswith("|") and name and len(cells) == 4:
            codes = {code: int(times or 1) for code, times in re.findall(r"([A-Z]{3}\d{3})(?: ×(\d+))?", cells[2])}
            table[name[1]] = (codes, int(cells[3]))
    return table


class Samples(unittest.TestCase):
    def test_the_table_has_a_line_for_each_sample(self):
        self.assertEqual(sorted(promised()), sorted(path.stem for path in samples()))

    def test_each_sample_shows_what_the_table_says(self):
        for path in samples():
            codes, exit_code = promised()[path.stem]
            with self.subTest(sample=path.stem), Copy(path) as copy:
                said, done = report(copy.path, "--all")
                found = collections.Counter(finding["code"] for finding in said["findings"])
                self.assertEqual(dict(found), codes)
                self.assertEqual(done.returncode, exit_code)


if __name__ == "__main__":
    main()
