"""The models of the shared data: what is read agrees with the references and relationships that are expected there.

Exit code 77 says that the data are not there.
"""
import json
import os
import sys
import unittest

import support

FOLDER = os.path.join(support.SHARED_DATA, "ommi")


class SharedData(unittest.TestCase):
    def check(self, name):
        folder = os.path.join(FOLDER, name)
        with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        document = support.read(os.path.join(folder, "models.py"))
        self.assertEqual(document["problems"], [])
        self.assertEqual(document["uses"], [])
        healthy = expected["variants"]["healthy.db"]
        models = {model["table"]["name"]: model for model in document["models"]}
        self.assertEqual(sorted(models), sorted(healthy["tables"]))
        for table, facts in healthy["tables"].items():
            self.assertEqual(facts["sql"], self.statement(models[table]))
        self.assertEqual(self.references(models), sorted(healthy["references"]))
        self.assertEqual(self.relationships(models), {
            key: (value["kind"], value["target"], self.association(value)) for key, value in
            healthy["relationships"].items()})

    def statement(self, model):
        columns = [field for field in model["fields"] if "lazy" not in field]
        types = {"int": "INTEGER", "bool": "INTEGER", "float": "REAL"}
        keys = [field["name"] for field in columns if field.get("key")]
        keys = keys or [field["name"] for field in columns if field["name"] in ("id", "_id")][:1]
        keys = keys or [field["name"] for field in columns if field["type"].get("int_subclass")][:1]
        parts = ['"%s" %s' % (field["name"], types.get(field["type"]["exact"], "TEXT")) for field in columns]
        parts.append("PRIMARY KEY (%s)" % ", ".join('"%s"' % key for key in keys))
        return 'CREATE TABLE "%s"(%s)' % (model["table"]["name"], ", ".join(parts))

    def references(self, models):
        return sorted("%s.%s -> %s.%s" % (table, field["name"], field["reference"]["model"]["resolved"].split(".")[-1],
                                          field["reference"]["field"])
                      for table, model in models.items() for field in model["fields"]
                      if field.get("reference", {}).get("resolvable"))

    def relationships(self, models):
        kinds = {"one": "to-one", "every": "to-many"}
        return {"%s.%s" % (table, field["name"]): (
            kinds[field["lazy"]["kind"]], field["lazy"]["target"]["resolved"].split(".")[-1],
            field["lazy"]["target"].get("association", {}).get("text"))
            for table, model in models.items() for field in model["fields"]
            if field.get("lazy", {}).get("seen_by_ommi")}

    def association(self, relationship):
        first = relationship["intended_join"][0]
        return first if isinstance(first, str) else None

    def test_every_folder(self):
        folders = sorted(name for name in os.listdir(FOLDER) if os.path.exists(os.path.join(FOLDER, name, "models.py")))
        self.assertTrue(folders)
        for name in folders:
            with self.subTest(name):
                self.check(name)

    def test_folders_that_are_read_together_are_kept_apart(self):
        document = support.read(FOLDER)
        for model in document["models"]:
            folder = os.path.dirname(model["file"])
            for field in model["fields"]:
                target = field.get("lazy", {}).get("target") or field.get("reference", {}).get("model")
                if target:
                    self.assertEqual(os.path.dirname(target["definition"].rpartition(":")[0]), folder)


if __name__ == "__main__":
    if not os.path.isdir(FOLDER):
        print("skipped: %s is not there" % FOLDER)
        sys.exit(77)
    unittest.main()
