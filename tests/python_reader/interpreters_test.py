"""Runs the other tests under every Python from 3.8 to 3.13 that is found, and compares what they read.

Versions can be chosen: interpreters_test.py 3.8 3.13. Exit code 77 says that none of them is there.
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


def interpreters(versions):
    """version -> path of what is installed."""
    found = {}
    for version in versions:
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
            ours = self.document(folder, sys.executable)
            for version, path in sorted(FOUND.items()):
                self.assertTrue(self.document(folder, path) == ours, "%s reads something else" % version)

    def document(self, folder, python):
        document = support.read(folder, python=python)
        document.pop("python")
        return json.dumps(document, sort_keys=True)


FOUND = {}

if __name__ == "__main__":
    FOUND = interpreters(sys.argv[1:] or VERSIONS)
    for version in sys.argv[1:] or VERSIONS:
        print("%s: %s" % (version, FOUND.get(version, "skipped, not installed")), file=sys.stderr)
    if not FOUND:
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
