"""Random and mutated Python files: the reader never crashes, never hangs, never writes, and its document is valid.

The seed is fixed; another one, and a number of rounds, can be given: fuzz_test.py [SEED [ROUNDS]].
"""
import glob
import json
import os
import random
import sys
import tempfile
import threading
import traceback
import unittest

import corpus_test
import support

SEED, ROUNDS = 20, 400
WORDS = ["class", "def", "async", "await", "return", "if", "else:", "try:", "except ImportError:", "import", "from", "*",
         "User", "Post", "int", "str", "None", "Key", "Auto", "ReferenceTo", "StoreAs", "FieldType", "Annotated",
         "Optional", "Union", "LazyLoadTheRelated", "LazyLoadEveryRelated", "AssociateUsing", "ommi_model", "@", "(", ")",
         "[", "]", "{", "}", ":", ",", ".", "|", "=", "'", '"', "'''", "\\", "\n", "\n    ", "\n        ", "\t", "lambda:",
         "\x00", "\ufeff", "é", "𝔘ser", "\u2028", "\x0c", "\r", "0", "1e999", "0x", "f'{", "}'", "~", ":=", "->", "type X = ",
         "match x:\n    case", "with", "for x in", "yield", "global", "del", "ommi", "typing", "if TYPE_CHECKING:", "\ud800"]


def mutated(random_, text):
    pieces = list(text)
    for _ in range(random_.randint(1, 12)):
        place = random_.randrange(len(pieces) + 1)
        choice = random_.random()
        if choice < 0.3:
            del pieces[place:place + random_.randint(1, 9)]
        elif choice < 0.7:
            pieces[place:place] = [random_.choice(WORDS)]
        elif choice < 0.85:
            other = random_.randrange(len(pieces) + 1)
            pieces[place:place] = pieces[other:other + random_.randint(1, 60)]
        else:
            pieces[place:place + 1] = [chr(random_.choice((random_.randrange(128), random_.randrange(0x3000))))]
    return "".join(pieces)


def swapped(random_, text):
    """Still Python most of the time: whole words change places."""
    names = [word for word in WORDS if word.isidentifier() and word[0].isupper()] + ["int", "str", "None"]
    parts = corpus_test.re.split(r"([A-Za-z_]+)", text)
    for _ in range(random_.randint(1, 20)):
        place = random_.randrange(len(parts))
        if parts[place] in names:
            parts[place] = random_.choice(names)
    return "".join(parts)


def corpus_texts():
    for case in corpus_test.cases():
        for lines in case.files.values():
            yield "\n".join(lines) + "\n"


class Fuzz(unittest.TestCase):
    def setUp(self):
        self.reader = support.reader_module()
        self.random = random.Random(SEED)
        self.texts = list(corpus_texts())
        with open(os.path.join(corpus_test.CORPUS, "prelude.py"), encoding="utf-8") as file:
            self.prelude = file.read()

    def document(self, folder):
        """The document of a folder, made in a thread that must come to an end."""
        result = []

        def work():
            try:
                result.append(self.reader.Reader().run([folder], []))
            except BaseException:
                result.append(traceback.format_exc())

        threading.stack_size(256 << 20)
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(60)
        self.assertFalse(thread.is_alive(), "it hangs")
        self.assertIsInstance(result[0], dict, result[0])
        return result[0]

    def check(self, folder):
        before = support.contents(folder)
        document = self.document(folder)
        self.assertEqual(support.contents(folder), before)
        text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        json.loads(text.decode("utf-8"))
        for model in document["models"]:
            for field in model.get("fields", ()):
                line, column, last, end = field["place"]
                self.assertTrue(1 <= line <= last and column >= 1 and end >= 1, field)
        return document

    def rounds(self, make):
        models = 0
        for index in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                for number in range(3):
                    text = self.prelude + self.random.choice(self.texts) + self.random.choice(self.texts)
                    made = make(self.random, text)
                    if isinstance(made, str):
                        made = made.encode("utf-8", "surrogatepass")
                    support.write_file(folder, self.random.choice(("m%d.py", "app/m%d.py")) % number, made)
                try:
                    models += len(self.check(folder)["models"])
                except AssertionError:
                    self.keep(folder, index)
                    raise
        return models

    def keep(self, folder, index):
        for path in glob.glob(os.path.join(folder, "**", "*.py"), recursive=True):
            with open(path, "rb") as file:
                print("round %d, %s:\n%r" % (index, path, file.read()), file=sys.stderr)

    def test_mutated_files(self):
        self.rounds(mutated)

    def test_files_whose_names_are_swapped(self):
        self.assertGreater(self.rounds(swapped), ROUNDS)

    def test_random_words(self):
        self.rounds(lambda random_, text: " ".join(random_.choices(WORDS, k=random_.randint(1, 80))))

    def test_random_bytes(self):
        self.rounds(lambda random_, text: bytes(random_.getrandbits(8) for _ in range(random_.randint(0, 300))))

    def test_the_whole_program_on_mutated_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(200):
                text = mutated(self.random, self.prelude + self.random.choice(self.texts))
                support.write_file(folder, "m%d.py" % number, text.encode("utf-8", "surrogatepass"))
            before = support.contents(folder)
            document = support.read(folder, cwd=folder)
            self.assertEqual(support.contents(folder), before)
            self.assertGreater(len(document["files"]), 0)
            self.assertGreater(len(document["problems"]), 0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        SEED, ROUNDS = int(sys.argv[1]), int((sys.argv[2:] or [ROUNDS])[0])
    import warnings
    warnings.simplefilter("ignore")
    unittest.main(argv=sys.argv[:1], warnings="ignore")
