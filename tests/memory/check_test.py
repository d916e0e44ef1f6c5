"""What a whole check takes of memory: as the operating system counts it, with much for the sweeps' keys and with little.

The numbers that it finds are the same. OMMI_DOCTOR names the program.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["OMMI_DOCTOR"]
ROWS = 400_000
MISSING = ROWS // 1000
# The program itself, SQLite's pages and one growing table of hashes.
BESIDES = 28
TABLES = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE Account (code TEXT PRIMARY KEY);
CREATE TABLE Payment (id INTEGER PRIMARY KEY, account_code TEXT REFERENCES Account(code));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
INSERT INTO Account SELECT 'an account that has the number ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
INSERT INTO Payment SELECT i, 'an account that has the number '
  || (1 + (i * 7919) % {ROWS} + (i % 1000 = 0) * {10 * ROWS}) FROM n;
"""
# In a process of its own: what a process takes is never told to be less than its parent took.
MAKE = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"


def checked(database, memory):
    """(MiB at the peak, rows that dangle)"""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([PROGRAM, "check", database, "--isolated", "--no-infer", "--select", "DAT001",
                                    "--memory", memory, "--timeout", "0", "--format", "json"],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        findings = json.load(output)["findings"]
    return used.ru_maxrss / 1024, sum(finding["count"] for finding in findings)


class Memory(unittest.TestCase):
    def test_a_check_keeps_to_what_it_is_given(self):
        with tempfile.TemporaryDirectory() as folder:
            database = os.path.join(folder, "large.db")
            subprocess.run([sys.executable, "-I", "-c", MAKE, database, TABLES], check=True)
            much, found_with_much = checked(database, "256MiB")
            little, found_with_little = checked(database, "8MiB")
        print(f"256MiB: {much:.0f} MiB at the peak; 8MiB: {little:.0f} MiB")
        self.assertEqual(found_with_much, MISSING)
        self.assertEqual(found_with_little, MISSING)
        self.assertLessEqual(little, 8 + BESIDES)
        self.assertLess(little, much)


if __name__ == "__main__":
    unittest.main()
