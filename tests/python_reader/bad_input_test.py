"""What the reader does with files that are broken, huge, odd or dangerous: it says so, reads the rest, runs nothing."""
import json
import os
import sys
import tempfile
import unittest

import support

MODEL = """from typing import Annotated
from ommi import Key, ommi_model
@ommi_model
class %s:
    id: Annotated[int, Key]
"""


class BadInput(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = self.temporary.name

    def write(self, name, content):
        return support.write_file(self.folder, name, content)

    def read(self, *arguments, **options):
        return support.read(*(arguments or [self.folder]), **options)

    def names(self, document):
        return [model["name"] for model in document["models"]]

    def only_problem(self, document):
        self.assertEqual(len(document["problems"]), 1, document["problems"])
        return document["problems"][0]

    def test_a_syntax_error_has_a_place_and_the_rest_is_read(self):
        path = self.write("a_broken.py", "x = 1\nclass :\n")
        self.write("good.py", MODEL % "Good")
        document = self.read()
        problem = self.only_problem(document)
        self.assertEqual((problem["file"], problem["line"], problem["kind"]), (path, 2, "syntax"))
        self.assertGreaterEqual(problem["column"], 1)
        self.assertEqual(self.names(document), ["Good"])

    def test_python_2_is_a_syntax_error(self):
        self.write("old.py", "print 'hello'\n")
        self.assertEqual(self.only_problem(self.read())["kind"], "syntax")

    def test_an_unterminated_string_and_bad_indentation_are_syntax_errors(self):
        self.write("a.py", "x = '''never\n")
        self.write("b.py", "if x:\npass\n")
        self.write("c.py", "if x:\n\tpass\n        pass\n")
        self.assertEqual([item["kind"] for item in self.read()["problems"]], ["syntax"] * 3)

    def test_declared_encodings_are_obeyed(self):
        text = "# -*- coding: latin-1 -*-\n" + MODEL % "Größe"
        self.write("latin.py", text.encode("latin-1"))
        self.write("marked.py", b"\xef\xbb\xbf" + (MODEL % "Marked").encode())
        self.write("second_line.py", ("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n" + MODEL % "Ändern")
                   .encode("cp1252"))
        document = self.read()
        self.assertEqual(document["problems"], [])
        self.assertEqual(self.names(document), ["Größe", "Marked", "Ändern"])
        self.assertEqual([file["encoding"] for file in document["files"]], ["iso-8859-1", "utf-8-sig", "cp1252"])

    def test_a_wrong_encoding_is_a_problem_with_a_place(self):
        self.write("latin.py", ("# none declared\nx = 'ü'\n").encode("latin-1"))
        problem = self.only_problem(self.read())
        self.assertEqual((problem["kind"], problem["line"], problem["column"]), ("encoding", 2, 6))

    def test_an_unknown_encoding_is_a_problem(self):
        self.write("odd.py", b"# coding: klingon-8\n")
        self.assertEqual(self.only_problem(self.read())["kind"], "encoding")
        self.write("odd.py", b"# coding: rot13\n")
        self.assertEqual(self.only_problem(self.read())["kind"], "encoding")

    def test_a_nul_character_is_a_problem_with_a_place(self):
        self.write("nul.py", b"x = 1\ny = '\0'\n")
        problem = self.only_problem(self.read())
        self.assertEqual((problem["kind"], problem["line"], problem["column"]), ("syntax", 2, 6))

    def test_utf_16_is_a_problem(self):
        self.write("wide.py", (MODEL % "Wide").encode("utf-16"))
        self.assertEqual(self.only_problem(self.read())["kind"], "encoding")

    def test_line_ends_of_all_systems_give_the_same_places(self):
        text = MODEL % "One"
        places = []
        for end in ("\n", "\r\n", "\r"):
            self.write("models.py", text.replace("\n", end).encode())
            model = self.read()["models"][0]
            places.append((model["line"], model["fields"][0]["place"], model["fields"][0]["source"]))
        self.assertEqual(places, [places[0]] * 3)

    def test_tabs_count_as_one_character(self):
        self.write("tabs.py", (MODEL % "Tabbed").replace("    ", "\t"))
        self.assertEqual(self.read()["models"][0]["fields"][0]["place"][1], 2)

    def test_an_empty_file_and_one_of_comments_have_no_models(self):
        self.write("empty.py", b"")
        self.write("comment.py", b"# nothing")
        document = self.read()
        self.assertEqual((document["models"], document["problems"]), ([], []))
        self.assertEqual([file.get("lines", 0) for file in document["files"]], [1, 0])

    def test_no_python_files_at_all_is_an_empty_document(self):
        self.assertEqual(self.read()["files"], [])

    def test_what_does_not_exist_is_a_problem(self):
        for name in ("missing.py", "missing/*.py"):
            self.assertEqual(self.only_problem(self.read(os.path.join(self.folder, name)))["kind"], "not-found")

    def test_a_file_above_the_limit_is_refused(self):
        self.write("huge.py", b"#" * ((16 << 20) + 1))
        self.write("good.py", MODEL % "Good")
        document = self.read()
        self.assertEqual(self.only_problem(document)["kind"], "too-large")
        self.assertEqual(self.names(document), ["Good"])

    def test_a_file_of_ten_megabytes_is_read(self):
        text = MODEL % "First" + "TEXT = '''\n" + "some text that is long\n" * 380000 + "'''\n"
        text += "".join("value_%d = call(%d, 'x')\n" % (n, n) for n in range(40000)) + MODEL % "Last"
        self.write("big.py", text)
        self.assertGreater(len(text), 9 << 20)
        document = self.read()
        self.assertEqual(self.names(document), ["First", "Last"])

    def test_five_thousand_models(self):
        head = "from ommi import ommi_model\nfrom ommi.models.field_metadata import ReferenceTo\n" \
               "from ommi.models.query_fields import LazyLoadTheRelated\nfrom typing import Annotated\n"
        for part in range(10):
            self.write("part%d.py" % part, head + "".join(
                "@ommi_model\nclass Model%d:\n    id: int\n    up: Annotated[int, ReferenceTo('Model%d.id')]\n"
                "    upper: 'LazyLoadTheRelated[Model%d]'\n" % (n, n, max(n - 1, part * 500))
                for n in range(part * 500, part * 500 + 500)))
        document = self.read()
        self.assertEqual(len(document["models"]), 5000)
        self.assertTrue(all(model["fields"][1]["reference"]["resolvable"] for model in document["models"]))

    def test_two_thousand_misspelt_names_take_no_long(self):
        head = "from ommi import ommi_model\nfrom ommi.models.query_fields import LazyLoadTheRelated\n"
        self.write("models.py", head + "".join(
            "@ommi_model\nclass Model%d:\n    up: 'LazyLoadTheRelated[Modle%d]'\n" % (n, n) for n in range(2000)))
        document = self.read()
        self.assertTrue(any("closest" in model["fields"][0]["lazy"]["target"] for model in document["models"]))

    def test_long_chains_of_aliases_and_bases(self):
        self.write("models.py", MODEL % "Base0" + "a0 = int\n" +
                   "".join("a%d = a%d\nclass Base%d(Base%d): pass\n" % (n, n - 1, n, n - 1) for n in range(1, 1500)) +
                   "@ommi_model\nclass Last(Base1499):\n    x: a1499\n")
        self.assertIn("Last", self.names(self.read()))

    def test_deep_nesting_does_not_stop_the_run(self):
        self.write("deep_parentheses.py", "x = " + "(" * 5000 + ")" * 5000 + "\n")
        self.write("deep_sum.py", "x = 1" + " + 1" * 20000 + "\n")
        self.write("deep_attribute.py", "x = a" + ".b" * 20000 + "\n")
        self.write("deep_list.py", "x = " + "[" * 90 + "]" * 90 + "\n")
        self.write("deep_elif.py", "if a:\n    pass\n" + "elif b:\n    pass\n" * 3000)
        self.write("deep_union.py", (MODEL % "Union") + "    x: int" + " | str" * 900 + "\n")
        self.write("deep_quotes.py", (MODEL % "Quotes") + "    x: '" + "list[" * 80 + "int" + "]" * 80 + "'\n")
        self.write("good.py", MODEL % "Good")
        document = self.read()
        self.assertIn("Good", self.names(document))
        self.assertLessEqual({item["kind"] for item in document["problems"]}, {"syntax", "too-deep"})

    def test_circular_imports_and_star_imports_in_a_circle(self):
        self.write("a.py", "from b import *\nfrom b import thing\n" + MODEL % "A")
        self.write("b.py", "from a import *\nfrom a import thing\nother = thing\nthing = other\n" + MODEL % "B")
        self.write("c.py", "from c import itself\nx = y\ny = x\n" + MODEL % "C" + "    x: x\n    y: itself\n")
        document = self.read()
        self.assertEqual(self.names(document), ["A", "B", "C"])
        self.assertEqual(document["cycles"][0]["modules"], ["a", "b"])

    def test_circles_of_aliases_and_annotations_that_refer_to_themselves(self):
        self.write("models.py", "from typing import Annotated, Optional\nA = Optional[B]\nB = Annotated[A, 1]\n"
                   "C = 'C'\n" + MODEL % "Row" + "    a: A\n    b: B\n    c: C\n    d: 'C'\n")
        self.assertEqual(len(self.read()["models"][0]["fields"]), 5)

    def test_nothing_is_run(self):
        marker = os.path.join(self.folder, "marker")
        self.write("danger.py", "import os, shutil, sys\nopen(%r, 'w').close()\nos.system('touch %s')\n"
                   "shutil.rmtree(%r)\nsys.exit(3)\n" % (marker, marker, self.folder) + MODEL % "Danger" +
                   "    x: open(%r, 'w')\n    y: \"__import__('os').mkdir(%r)\" = open(%r, 'w')\n" %
                   (marker, marker, marker))
        self.write("ast.py", "open(%r, 'w').close()\n" % marker)
        self.write("json.py", "open(%r, 'w').close()\n" % marker)
        self.write("sitecustomize.py", "open(%r, 'w').close()\n" % marker)
        before = support.contents(self.folder)
        document = self.read(cwd=self.folder, env=dict(os.environ, PYTHONPATH=self.folder))
        self.assertEqual(self.names(document), ["Danger"])
        self.assertFalse(os.path.exists(marker))
        self.assertEqual(support.contents(self.folder), before)

    def test_the_script_calls_nothing_that_runs_or_writes(self):
        import ast
        tree = ast.parse(support.script())
        forbidden = {"exec", "eval", "compile", "__import__", "import_module", "system", "remove", "unlink", "rename",
                     "mkdir", "makedirs", "rmdir", "rmtree", "chmod", "truncate", "Popen", "run_path"}
        called, opened = set(), []
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                owner = getattr(getattr(node.func, "value", None), "id", "")
                called.add("" if owner == "re" else name)
                if name == "open":
                    opened.append([getattr(item, "value", getattr(item, "attr", None)) if owner != "os" else item.attr
                                   for item in node.args[owner != "os":]])
        self.assertFalse(called & forbidden)
        self.assertEqual(sorted(opened), [["devnull", "O_WRONLY"], ["rb"]])

    def test_every_part_of_the_script_is_in_its_order_and_imports_no_other(self):
        import ast
        parts = support.parts()
        self.assertEqual(sorted(parts + ["order.txt"]), sorted(os.listdir(support.PARTS)))
        for name in parts:
            with open(os.path.join(support.PARTS, name), encoding="utf-8") as file:
                tree = ast.parse(file.read())
            self.assertTrue(ast.get_docstring(tree), name)
            imported = {item.name for node in ast.walk(tree) if isinstance(node, ast.Import) for item in node.names}
            self.assertFalse(imported & {os.path.splitext(part)[0] for part in parts}, name)
            self.assertFalse([node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)], name)

    def test_warnings_of_the_compiler_are_not_heard(self):
        self.write("warns.py", "x = '\\d'\nassert (1, 'always')\ny = 1 is 1\n1or 0\n" + MODEL % "Loud")
        self.assertEqual(self.names(self.read()), ["Loud"])

    def test_a_name_that_two_modules_define(self):
        self.write("a.py", MODEL % "Same")
        self.write("b.py", MODEL % "Same")
        self.assertEqual(self.read()["duplicates"][0]["kind"], "same-name")

    def test_links_in_a_circle_are_not_followed(self):
        self.write("app/models.py", MODEL % "One")
        os.symlink(self.folder, os.path.join(self.folder, "app", "loop"))
        os.symlink("itself.py", os.path.join(self.folder, "itself.py"))
        document = self.read()
        self.assertEqual(self.names(document), ["One"])
        self.assertEqual(self.only_problem(document)["kind"], "unreadable")
        globbed = self.read(os.path.join(self.folder, "**", "*.py"))
        self.assertEqual(self.names(globbed), ["One"])

    def test_a_file_that_is_named_twice_is_read_once(self):
        path = self.write("models.py", MODEL % "One")
        os.symlink(path, os.path.join(self.folder, "link.py"))
        self.assertEqual(len(self.read(path, self.folder, path)["models"]), 1)

    def test_a_pipe_is_not_waited_for(self):
        os.mkfifo(os.path.join(self.folder, "pipe.py"))
        self.assertEqual(self.only_problem(self.read())["kind"], "unreadable")

    def test_folders_that_are_not_sources_are_skipped(self):
        for folder in (".venv", "__pycache__", "node_modules", ".git", "venv"):
            self.write(folder + "/models.py", MODEL % "Hidden")
        self.write("app/models.py", MODEL % "Seen")
        self.assertEqual(self.names(self.read()), ["Seen"])

    def test_globs(self):
        self.write("app/one.py", MODEL % "One")
        self.write("app/deep/two.py", MODEL % "Two")
        self.write("other/three.py", MODEL % "Three")
        self.write("app/notes.txt", "class")
        glob = lambda *parts: self.names(self.read(os.path.join(self.folder, *parts)))
        self.assertEqual(glob("app", "*.py"), ["One"])
        self.assertEqual(glob("app", "**", "*.py"), ["Two", "One"])
        self.assertEqual(glob("*", "*.py"), ["One", "Three"])
        self.assertEqual(glob("ap[p]", "?ne.py"), ["One"])
        self.assertEqual(glob("a*"), ["Two", "One"])

    def test_a_file_name_that_is_not_text(self):
        path = os.path.join(os.fsencode(self.folder), b"caf\xe9.py")
        with open(path, "wb") as file:
            file.write((MODEL % "One").encode())
        self.assertEqual(self.names(self.read()), ["One"])

    def test_a_lone_surrogate_in_the_source_keeps_the_document_valid(self):
        self.write("models.py", MODEL % "One" + "    __ommi_model_name__ = '\\ud800'\n    x: 'list[\"\\udfff\"]'\n")
        self.assertEqual(self.names(self.read()), ["One"])

    def test_unreadable_files(self):
        path = self.write("secret.py", MODEL % "One")
        os.chmod(path, 0)
        document = self.read()
        if os.geteuid() != 0:
            self.assertEqual(self.only_problem(document)["kind"], "unreadable")

    def test_options(self):
        self.write("src/app/models.py", MODEL % "One")
        document = self.read("--root", os.path.join(self.folder, "src"), self.folder)
        self.assertEqual(document["files"][0]["module"], "app.models")
        self.assertEqual(support.run_reader().returncode, 2)
        self.assertEqual(support.run_reader("--unknown").returncode, 2)
        self.assertEqual(self.only_problem(self.read("--", "--no-such-file"))["kind"], "not-found")

    def test_the_document_is_the_same_every_time(self):
        for number in range(20):
            self.write("m%d.py" % number, MODEL % ("Model%d" % number) + "from m%d import *\n" % ((number + 1) % 20))
        outputs = {support.run_reader(self.folder, env=dict(os.environ, PYTHONHASHSEED=seed)).stdout
                   for seed in ("0", "1", "2")}
        self.assertEqual(len(outputs), 1)
        document = json.loads(outputs.pop().decode())
        files = [model["file"] for model in document["models"]]
        self.assertEqual(files, sorted(files))


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
