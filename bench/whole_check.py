#!/usr/bin/env python3
"""The whole command `check` beside what SQLite itself takes for a part of it, each in a process of its own.

The database has Ommi's shape: no foreign key is declared, none of the references has an index. Once it is sound, and
once faults are planted in it, whose number the command must find.

Usage: bench/whole_check.py PROGRAM [--rows N] [--memory SIZE]
"""
import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.stdout.reconfigure(line_buffering=True)
ROUNDS = 3
TABLES = """
CREATE TABLE "User"("id" INTEGER, "name" TEXT, "email" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Comment"("id" INTEGER, "post_id" INTEGER, "user_id" INTEGER, "text" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Tag"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "PostTag"("post_id" INTEGER, "tag_id" INTEGER, PRIMARY KEY ("post_id", "tag_id"));
"""
COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
# Each of these reads the rows of one reference; together they are all danglings.
BY_HAND = """
SELECT count(*) FROM Post WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM User t WHERE t.id = Post.user_id);
SELECT count(*) FROM Comment WHERE post_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM Post t WHERE t.id = Comment.post_id);
SELECT count(*) FROM Comment WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM User t WHERE t.id = Comment.user_id);
SELECT count(*) FROM PostTag WHERE NOT EXISTS (SELECT 1 FROM Post t WHERE t.id = PostTag.post_id);
SELECT count(*) FROM PostTag WHERE NOT EXISTS (SELECT 1 FROM Tag t WHERE t.id = PostTag.tag_id);
"""


def make(file, rows):
    """A twentieth of the rows are users, a quarter posts, half comments, the rest tags of posts."""
    users, posts, comments, tags = rows // 20, rows // 4, rows // 2, max(rows // 2000, 1)
    with sqlite3.connect(file) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
        for last, insert in (
                (users, "INSERT INTO User SELECT i, 'user ' || i, 'u' || i || '@example.org' FROM n"),
                (posts, f"INSERT INTO Post SELECT i, 'a title of number ' || i, 1 + (i * 7919) % {users} FROM n"),
                (comments, f"INSERT INTO Comment SELECT i, 1 + (i * 104729) % {posts}, 1 + (i * 7919) % {users}, "
                           "'some text of a comment ' || i FROM n"),
                (tags, "INSERT INTO Tag SELECT i, 'tag ' || i FROM n"),
                (rows // 5, f"INSERT OR IGNORE INTO PostTag SELECT 1 + (i * 31) % {posts}, 1 + (i * 17) % {tags} FROM n")):
            database.execute(insert.replace("SELECT", COUNTING.format(last=last) + "SELECT", 1))
    database.close()


def plant(file):
    """Faults by rule, as (rule, relationship): rows."""
    with sqlite3.connect(file) as database:
        def changed(statement):
            return database.execute(statement).rowcount
        planted = {
            ("DAT001", "Comment.post"): changed("UPDATE Comment SET post_id = 999999999 + id % 50 WHERE id % 1000 = 7"),
            ("DAT008", "Post.user"): changed("UPDATE Post SET user_id = 0 WHERE id % 1009 = 0"),
            ("DAT002", ""): changed("UPDATE PostTag SET tag_id = 888888888 WHERE post_id % 5000 = 1"),
        }
        database.execute("UPDATE Comment SET user_id = NULL WHERE id % 997 = 0")
    database.close()
    return planted


def run(command, script=None):
    """(seconds, seconds of processor time, MiB at its peak, what it printed)"""
    read_end, write_end = os.pipe()
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE if script else subprocess.DEVNULL, stdout=write_end,
                               stderr=subprocess.DEVNULL)
    os.close(write_end)
    if script:
        process.stdin.write(script.encode())
        process.stdin.close()
    with open(read_end, "rb") as pipe:
        output = pipe.read()
    _, _, used = os.wait4(process.pid, 0)
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output


def found_in(output):
    found = {}
    for finding in json.loads(output)["findings"]:
        name = "" if finding["code"] == "DAT002" else finding["subject"]["relationship"]
        found[finding["code"], name] = found.get((finding["code"], name), 0) + finding["count"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--memory", default="256MiB")
    options = parser.parse_args()
    check = [options.program, "check", "--isolated", "--timeout", "0", "--format", "json", "--memory", options.memory]
    with tempfile.TemporaryDirectory() as folder:
        sound, broken = os.path.join(folder, "sound.db"), os.path.join(folder, "broken.db")
        make(sound, options.rows)
        with open(sound, "rb") as source, open(broken, "wb") as target:
            target.write(source.read())
        planted = plant(broken)
        print(f"whole check, {options.rows} rows, {os.path.getsize(sound) / 1e6:.0f} MB, least of {ROUNDS}")
        print("  %-44s %8s %8s %8s" % ("", "seconds", "CPU", "peak MiB"))
        for name, command, script in (
                ("PRAGMA quick_check", ["sqlite3", sound], "PRAGMA quick_check;"),
                ("plain SQL: NOT EXISTS by the rowid, all of them", ["sqlite3", sound], BY_HAND),
                ("check, sound", check + [sound], None),
                ("check, sound, --jobs 2", check + ["--jobs", "2", sound], None),
                ("check, faults planted", check + [broken], None)):
            runs = [run(command, script) for _ in range(ROUNDS)]
            print("  %-44s %8.2f %8.2f %8.0f" % (name, min(r[0] for r in runs), min(r[1] for r in runs),
                                                 max(r[2] for r in runs)))
        found = found_in(runs[-1][3])
        wrong = {key: (count, found.get(key)) for key, count in planted.items() if found.get(key) != count}
        print("  planted faults:", "all found, exactly" if not wrong else f"NOT FOUND as planted: {wrong}")
        sys.exit(1 if wrong else 0)


main()
