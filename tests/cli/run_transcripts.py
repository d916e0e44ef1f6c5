"""Runs what a user would type, and compares with what is written beside it.

A transcript (*.console, or a ```console block of a Markdown page) is a list of

    $ command        run by sh in a folder that holds sample-dbs/ and scripts/ommi-doctor
    output           stdout, then stderr; a line that is only … stands for any lines
    [1]              the exit code, where it is not 0

Times, hashes and the folder's own name may differ. OMMI_BLESS=1 writes what came; read the diff as code.

usage: run_transcripts.py PROGRAM SAMPLES FILE…
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

VARIES = [
    (re.compile(r"[ \t]*\b\d+(?:\.\d+)?[ ]?(?:ns|µs|us|ms|s|min)\b"), " <time>"),
    (re.compile(r'"duration_ns": \d+'), '"duration_ns": <time>'),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"[ \t]+$"), ""),
    # A column is as wide as its widest time.
    (re.compile(r"[ ]{2,}"), "  "),
    (re.compile(r"─+"), "─"),
]


def normal(line):
    for pattern, instead in VARIES:
        line = pattern.sub(instead, line)
    return line


# Loads, rows, queries, time, verdict: the right end of a line about a relationship.
COUNTS = re.compile(r"\s(\d+\s+\d+\s+\d+\s+<time>\s+\w.*)$")
SUMMARY = re.compile(r"\d+ errors?, \d+ warnings?")


def same(left, right):
    """Whether two lines are. How much of a name fits beside the times depends on these."""
    if "…" in left + right:
        counts = [COUNTS.search(line) for line in (left, right)]
        if all(counts):
            return counts[0][1] == counts[1][1]
    return left == right


def all_same(left, right):
    return len(left) == len(right) and all(map(same, left, right))


def unwrapped(lines):
    """The lines as they compare; the summary, which has a time in it, on one."""
    joined = []
    for line in lines:
        if joined and SUMMARY.match(joined[-1]) and line and not re.fullmatch(r"\[\d+\]|…", line):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return [normal(line) for line in joined]


class Step:
    def __init__(self, command):
        self.command = command
        self.expected = []


def steps_of(lines):
    """The commands of a transcript; what stands before the first is a comment."""
    steps = []
    for line in lines:
        if line.startswith("$ "):
            steps.append(Step(line[2:]))
        elif steps:
            steps[-1].expected.append(line)
    for step in steps:
        while step.expected and not step.expected[-1]:
            step.expected.pop()
    return steps


def agree(expected, actual):
    """Whether the lines are the same, `…` standing for any."""
    parts = [[]]
    for line in unwrapped(expected):
        if line == "…":
            parts.append([])
        else:
            parts[-1].append(line)
    first, *middle = parts
    lines = unwrapped(actual)
    if not middle:
        return all_same(first, lines)
    last = middle.pop()
    end = len(lines) - len(last)
    if len(first) > end or not all_same(first, lines[:len(first)]) or not all_same(last, lines[end:]):
        return False
    at = len(first)
    for part in middle:
        while at + len(part) <= end and not all_same(part, lines[at:at + len(part)]):
            at += 1
        if at + len(part) > end:
            return False
        at += len(part)
    return True


class Place:
    """A folder like a fresh checkout, as far as the program is concerned."""

    def __init__(self, program, samples):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ommi-transcript-"))
        (self.folder / "sample-dbs").mkdir()
        for database in sorted(pathlib.Path(samples).glob("*.db")):
            shutil.copyfile(database, self.folder / "sample-dbs" / database.name)
        for folder, name in (("scripts", "ommi-doctor"), (".bin", "ommi-doctor")):
            (self.folder / folder).mkdir()
            (self.folder / folder / name).symlink_to(os.path.realpath(program))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def run(self, command):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE")}
        environment |= {"PATH": f"{self.folder}/.bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60)
        text = (done.stdout + done.stderr).decode("utf-8", "backslashreplace").replace(str(self.folder), "<folder>")
        lines = text.split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        if done.returncode:
            lines.append(f"[{done.returncode}]")
        return lines


def run_steps(lines, place, name):
    """The transcript as it is now, and whether it was so before."""
    steps = steps_of(lines)
    if not steps:
        print(f"{name}: no commands")
        return lines, False
    first = next(number for number, line in enumerate(lines) if line.startswith("$ "))
    written, passed = lines[:first], True
    for step in steps:
        actual = place.run(step.command)
        if agree(step.expected, actual):
            actual = step.expected
        else:
            passed = False
            print(f"{name}: $ {step.command}")
            print("\n".join(difflib.unified_diff(step.expected, actual, "expected", "actual", lineterm="")))
        written += [f"$ {step.command}", *actual, ""]
    return written[:-1], passed


def run_markdown(lines, place, name):
    written, block, passed, blocks = [], None, True, 0
    for line in lines:
        if block is None:
            written.append(line)
            if line == "```console":
                block = []
        elif line == "```":
            now, same = run_steps(block, place, name)
            written += [*now, line]
            passed, block, blocks = passed and same, None, blocks + 1
        else:
            block.append(line)
    if not blocks:
        print(f"{name}: no console block")
    return written, passed and blocks > 0


def main():
    program, samples, *files = sys.argv[1:]
    bless = os.environ.get("OMMI_BLESS") == "1"
    failed = 0
    for file in map(pathlib.Path, files):
        lines = file.read_text(encoding="utf-8").split("\n")
        while lines and not lines[-1]:
            lines.pop()
        with Place(program, samples) as place:
            run_all = run_markdown if file.suffix == ".md" else run_steps
            written, passed = run_all(lines, place, file.name)
        if bless and written != lines:
            file.write_text("\n".join(written) + "\n", encoding="utf-8")
        failed += not passed and not bless
    print(f"{len(files)} transcripts, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
