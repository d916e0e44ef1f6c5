"""What the tests here share: the program, the databases, copies of them, and how they say that they are skipped.

Nothing of the program under test is used to find out what is true: that is plain SQL through Python's sqlite3.
"""

import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["OMMI_DOCTOR"]
SAMPLES = pathlib.Path(os.environ["OMMI_SAMPLES"])
SHARED = pathlib.Path(os.environ["OMMI_SHARED_DATA"])
SKIPPED = 77  # what ctest takes for "skipped"
MAGIC = b"SQLite format 3\0"


def run(*arguments, cwd=None, timeout=100):
    """Runs the program without a terminal; its output as bytes."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)


def report(*arguments, cwd=None):
    """The JSON report of a trace, and the exit code."""
    done = run("trace", *arguments, "--format", "json", cwd=cwd)
    if not done.stdout:
        return None, done
    return json.loads(done.stdout), done


def is_database(path):
    with open(path, "rb") as file:
        return file.read(16) == MAGIC


def shared_databases():
    """Every SQLite file of the data folder; damaged and odd ones have tests of their own."""
    return [path for path in sorted(SHARED.rglob("*"))
            if path.is_file() and path.parent.name not in ("odd", "oddities") and is_database(path)]


def samples():
    return sorted(SAMPLES.glob("*.db"))


def beside(path):
    """The files that belong to a database: itself, its journal, its write-ahead log."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")
            if path.with_name(path.name + suffix).exists()]


class Copy:
    """A database and what lies beside it, in a folder of its own."""

    def __init__(self, path):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ommi-oracle-"))
        for file in beside(path):
            shutil.copyfile(file, self.folder / file.name)
        self.path = self.folder / path.name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.chmod(0o700)
        shutil.rmtree(self.folder)

    def state(self, without=()):
        """Every file of the folder with the hash of its bytes."""
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()
                for file in sorted(self.folder.iterdir()) if file.name not in without}


def connect(path):
    """A connection of our own, to a copy that nobody else has."""
    connection = sqlite3.connect(path)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection


def main():
    """Runs the tests of a file; `skipped` when the data that they need is not there."""
    program = unittest.main(exit=False, verbosity=1)
    if not program.result.wasSuccessful():
        sys.exit(1)
    skipped = [reason for _, reason in program.result.skipped]
    print("\n".join(skipped))
    if skipped and len(skipped) == program.result.testsRun:
        sys.exit(SKIPPED)


needs_shared_data = unittest.skipUnless(SHARED.is_dir(), f"skipped: no data in {SHARED}")
