"""Reads every snippet of corpus/ and compares what is expected of it.

A file of the corpus holds cases. `# case: NAME` begins one; its lines are the file models.py, with corpus/prelude.py
before them. `# prelude: none` leaves that out, `# future` puts `from __future__ import annotations` first, `# file: NAME`
begins another file, `# python: 3.12` needs that version. `# expect: WHAT path=value ...` names a model (`Post`), a field
(`Post.author`), a use (`uses[refresh].1`) or an entry of a list (`duplicates.0`), and what is to be found at a path in
its record; `path=-` says that it is absent.
"""
import glob
import json
import os
import re
import shlex
import sys
import tempfile
import unittest

import support

CORPUS = os.path.join(support.HERE, "corpus")


class Case:
    def __init__(self, name, origin):
        self.name, self.origin = name, origin
        self.files, self.expected = {"models.py": []}, []
        self.current, self.prelude, self.future, self.python = "models.py", True, False, (3, 8)

    def add(self, line):
        directive, _, value = line.partition(": ")
        if directive == "# expect":
            self.expected.append(shlex.split(value))
        elif directive == "# prelude":
            self.prelude = value != "none"
        elif line == "# future":
            self.future = True
        elif directive == "# python":
            self.python = tuple(map(int, value.split(".")))
        elif directive == "# file":
            self.current = value
            self.files.setdefault(value, [])
        else:
            self.files[self.current].append(line)

    def write(self, folder, prelude):
        several = len(self.files) > 1
        for name, lines in self.files.items():
            text = "\n".join(lines).strip() + "\n"
            if not several:
                text = (prelude if self.prelude else "") + text
                text = ("from __future__ import annotations\n" if self.future else "") + text
            elif name == "models.py" and not text.strip():
                continue
            support.write_file(folder, name, text)


def cases():
    for path in sorted(glob.glob(os.path.join(CORPUS, "*.py"))):
        if os.path.basename(path) == "prelude.py":
            continue
        case = None
        with open(path, encoding="utf-8") as file:
            for line in file.read().split("\n"):
                if line.startswith("# case: "):
                    if case:
                        yield case
                    case = Case(line[8:], os.path.basename(path))
                elif case:
                    case.add(line)
        yield case


def record(document, selector):
    use = re.match(r"uses\[([\w-]+)\](?:\.(\d+))?$", selector)
    if use:
        found = [item for item in document["uses"] if item["kind"] == use.group(1)]
        index = int(use.group(2) or 0)
        return found[index] if index < len(found) else {}
    listed = re.match(r"([a-z_]+)\.(\d+)$", selector)
    if listed and listed.group(1) in document:
        found = document[listed.group(1)]
        return found[int(listed.group(2))] if int(listed.group(2)) < len(found) else {}
    name, _, field = selector.partition(".")
    model = next((item for item in document["models"] if item["name"] == name), None)
    if model is None:
        raise AssertionError("no model " + name)
    if not field:
        return model
    for item in model.get("fields", []):
        if item["name"] == field:
            return item
    raise AssertionError("no field " + selector)


def at(value, path):
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            return "-"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


class Corpus(unittest.TestCase):
    def test_every_case(self):
        reader = support.reader_module()
        with open(os.path.join(CORPUS, "prelude.py"), encoding="utf-8") as file:
            prelude = file.read()
        names, skipped = set(), 0
        for case in cases():
            self.assertNotIn((case.origin, case.name), names)
            names.add((case.origin, case.name))
            self.assertTrue(case.expected, case.name)
            if sys.version_info[:2] < case.python:
                skipped += 1
                continue
            with self.subTest(case.origin + ": " + case.name), tempfile.TemporaryDirectory() as folder:
                case.write(folder, prelude)
                document = json.loads(json.dumps(reader.Reader().run([folder], [])))
                self.assertEqual(document["problems"], [])
                for selector, *facts in case.expected:
                    found = record(document, selector)
                    for fact in facts:
                        path, _, value = fact.partition("=")
                        self.assertEqual(at(found, path), value, "%s %s of %s" % (
                            selector, path, json.dumps(found, indent=1)))
        self.assertGreaterEqual(len(names), 120)
        print("%d cases, %d need a later Python" % (len(names), skipped), file=sys.stderr)


    def test_the_short_ways_of_reading_say_what_the_long_one_says(self):
        reader, long_way = support.reader_module(), support.reader_module()
        for short in ("plain_lazy", "plain_type"):
            setattr(long_way.AnnotationReader, short, lambda *arguments: None)
        long_way.SIMPLE = re.compile(r"(?!)")
        with open(os.path.join(CORPUS, "prelude.py"), encoding="utf-8") as file:
            prelude = file.read()
        for case in cases():
            with self.subTest(case.name), tempfile.TemporaryDirectory() as folder:
                case.write(folder, prelude)
                self.assertEqual(reader.Reader().run([folder], []), long_way.Reader().run([folder], []))


if __name__ == "__main__":
    unittest.main()
