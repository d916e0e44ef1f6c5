"""Runs the other tests under every Python from 3.8 to 3.13 that is found, and compares what they read.

Exit code 77 says that none but the one that runs this is there.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import corpus_test
import support

VERSIONS = ["3.%d" % minor for minor in range(8, 14)]
TESTS = ("corpus_test.py", "bad_input_test.py", "fuzz_test.py")


def version_of(path):
    """"3.8" of an interpreter that starts, else None."""
    try:
        finished = subprocess.run([path, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout.decode().strip() if finished.returncode == 0 else None


def interpreters():
    """version -> path of what is installed."""
    found = {}
    for version in VERSIONS:
        names = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/%s.*/bin/python%s" % (version, version))))
        names += filter(None, [shutil.which("python" + version)])
        for path in names:
            if version_of(path) == version:
                found[version] = path
                break
    return found


class Interpreters(unittest.TestCase):
    def test_each_passes_the_tests(self):
        for version, path in sorted(FOUND.items()):
            for name in TESTS:
                with self.subTest(version=version, test=name):
                    finished = subprocess.run([path, "-B", os.path.join(support.HERE, name)], stdout=subprocess.PIPE,
                                              stderr=subprocess.STDOUT, timeout=600)
                    self.assertEqual(finished.returncode, 0, finished.stdout.decode("utf-8", "replace"))

    def test_all_read_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(corpus_test.CORPUS, "prelude.py"), encoding="utf-8") as file:
                prelude = file.read()
            for index, case in enumerate(corpus_test.cases()):
                if case.python == (3, 8):
                    case.write(os.path.join(folder, "case%03d" % index), prelude)
            documents = {}
            for version, path in sorted(FOUND.items()):
                document = support.read(folder, python=path)
                document.pop("python")
                documents[version] = json.dumps(document, sort_keys=True)
            first = next(iter(documents))
            for version in documents:
                self.assertTrue(documents[version] == documents[first], "%s and %s differ" % (version, first))


FOUND = interpreters()

if __name__ == "__main__":
    for version in VERSIONS:
        print("%s: %s" % (version, FOUND.get(version, "skipped, not installed")), file=sys.stderr)
    if len(FOUND) < 2:
        sys.exit(77)
    unittest.main()
