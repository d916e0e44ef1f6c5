"""The rules about Python sources over every snippet of tests/python_reader/corpus: what each finds is in corpus_codes.txt.

A snippet without a code there is a right form: nothing may be said of it. OMMI_BLESS=1 writes what came; read the diff.
"""

import concurrent.futures
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python_reader"))
import corpus_test as corpus  # noqa: E402

PROGRAM = os.environ["OMMI_DOCTOR"]
CODES = HERE / "corpus_codes.txt"
NO_MODELS = b"no Ommi models"


def codes_of(case, prelude):
    with tempfile.TemporaryDirectory() as folder:
        models = os.path.join(folder, "app")
        os.mkdir(models)
        case.write(models, prelude)
        database = os.path.join(folder, "empty.db")
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE unrelated (id INTEGER PRIMARY KEY)")
        connection.close()
        done = subprocess.run(
            [PROGRAM, "check", database, "--models", models, "--isolated", "--select", "MOD,USE", "--format", "json"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=100)
        if NO_MODELS in done.stderr:
            return ""
        if not done.stdout:
            raise AssertionError(f"{case.name}: {done.stderr.decode()}")
        findings = json.loads(done.stdout)["findings"]
        for finding in findings:
            place = finding["place"]
            if not (place and place["line"] > 0 and place["file"].startswith(models)):
                raise AssertionError(f"{case.name}: no place in {finding}")
            check_edits(case, finding)
        return " ".join(sorted({finding["code"] for finding in findings}))


def check_edits(case, finding):
    """What is proposed replaces what is there, and is Python again."""
    for remedy in finding["remedies"]:
        for edit in remedy["edits"]:
            path = pathlib.Path(edit["file"])
            lines = path.read_text(encoding="utf-8").split("\n")
            first = edit["line"] - 1
            lines[first:first + edit["lines"]] = edit["text"].split("\n")
            try:
                compile("\n".join(lines), str(path), "exec", dont_inherit=True)
            except SyntaxError as error:
                raise AssertionError(f"{case.name}: {edit['text']}") from error


class Rules(unittest.TestCase):
    def test_each_snippet_gives_its_codes(self):
        prelude = (pathlib.Path(corpus.CORPUS) / "prelude.py").read_text(encoding="utf-8")
        cases = [case for case in corpus.cases() if sys.version_info[:2] >= case.python]
        later = {f"{case.origin}: {case.name}" for case in corpus.cases()} - {
            f"{case.origin}: {case.name}" for case in cases}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(lambda case: codes_of(case, prelude), cases))
        found = [f"{case.origin}: {case.name} = {code}".rstrip() for case, code in zip(cases, codes)]
        if os.environ.get("OMMI_BLESS"):
            CODES.write_text("\n".join(found) + "\n", encoding="utf-8")
        expected = [line for line in CODES.read_text(encoding="utf-8").splitlines()
                    if line.partition(" =")[0] not in later]
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
