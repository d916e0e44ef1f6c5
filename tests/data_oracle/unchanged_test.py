"""Every command leaves the file's bytes and its folder as they were: read-only means read-only."""

import os
import pathlib
import sqlite3
import tempfile
import unittest

from support import SHARED, Copy, main, needs_shared_data, run, samples, shared_databases

COMMANDS = [
    ("trace", "{}", "--all"),
    ("trace", "{}", "--format", "json"),
    ("trace", "{}", "--format", "ndjson", "--sample", "3"),
    ("models", "{}"),
    ("models", "{}", "--format", "json"),
    ("models", "{}", "--format", "mermaid"),
]


def commands(path):
    return [[str(path) if part == "{}" else part for part in command] for command in COMMANDS]


class Unchanged(unittest.TestCase):
    def check(self, path, without=()):
        with Copy(path) as copy:
            before = copy.state(without)
            for command in commands(copy.path):
                with self.subTest(database=path.name, command=command[0]):
                    done = run(*command)
                    self.assertIn(done.returncode, (0, 1, 2), done.stderr)
                    self.assertEqual(copy.state(without), before)

    def test_samples(self):
        self.assertTrue(samples())
        for path in samples():
            self.check(path)

    @needs_shared_data
    def test_real_databases(self):
        for path in shared_databases():
            self.check(path)

    @needs_shared_data
    def test_odd_and_damaged_files(self):
        for folder in ("odd", "oddities"):
            for path in sorted((SHARED / folder).iterdir()):
                if path.suffix == ".db":
                    # SQLite itself may put the index of a write-ahead log beside it while it looks.
                    self.check(path, without={path.name + "-shm"})

    def test_a_folder_without_write_permission(self):
        if os.geteuid() == 0:
            self.skipTest("skipped: root may write everywhere")
        with Copy(samples()[0]) as copy:
            before = copy.state()
            copy.path.chmod(0o400)
            copy.folder.chmod(0o500)
            for command in commands(copy.path):
                done = run(*command)
                self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertEqual(copy.state(), before)

    def wal_database(self, folder):
        path = pathlib.Path(folder) / "wal.db"
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            "CREATE TABLE User (id INTEGER PRIMARY KEY); CREATE TABLE Post (id INTEGER PRIMARY KEY,"
            "user_id INTEGER REFERENCES User (id)); INSERT INTO User VALUES (1); INSERT INTO Post VALUES (1, 1), (2, 7);")
        return path, connection

    def test_a_wal_mode_file_at_rest(self):
        with tempfile.TemporaryDirectory() as folder:
            path, connection = self.wal_database(folder)
            connection.close()
            before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
            self.assertEqual(list(before), ["wal.db"])
            for command in commands(path):
                done = run(*command)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assertEqual({file.name: file.read_bytes() for file in path.parent.iterdir()}, before)

    def test_a_wal_mode_file_in_use(self):
        with tempfile.TemporaryDirectory() as folder:
            path, connection = self.wal_database(folder)
            names = sorted(file.name for file in path.parent.iterdir())
            content = {name: (path.parent / name).read_bytes() for name in ("wal.db", "wal.db-wal")}
            for command in commands(path):
                done = run(*command)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assertEqual(sorted(file.name for file in path.parent.iterdir()), names)
                for name, data in content.items():
                    self.assertEqual((path.parent / name).read_bytes(), data, name)
            connection.close()


if __name__ == "__main__":
    main()
