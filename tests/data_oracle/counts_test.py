"""Each count of `trace --all`, on every database at hand, is what plain SQL finds."""

import collections
import unittest

import told_apart
from catalog import Catalog, expected
from support import Copy, connect, main, needs_shared_data, report, run, samples, shared_databases

compared = collections.Counter()


class Counts(unittest.TestCase):
    maxDiff = None

    def examine(self, path):
        with Copy(path) as copy:
            said, done = report(copy.path, "--all")
            self.assertIsNotNone(said, done.stderr)
            listed = run("models", copy.path, "--format", "json")
            catalog = Catalog(listed.stdout)
            connection = connect(copy.path)
            tables = {name for name, in connection.execute("SELECT name FROM sqlite_schema")}
            for seen in said["relationships"]:
                relationship = catalog.relationships.get(seen["name"])
                if relationship and tables.issuperset(relationship.tables()):
                    with self.subTest(database=path.name, relationship=seen["name"]):
                        self.compare_loads(connection, relationship, seen)
            self.compare_dangling(connection, catalog, said, path, tables)
            connection.close()

    def compare_loads(self, connection, relationship, seen):
        if seen["error"] is not None or not seen["complete"]:
            return
        total, outcomes, rows = expected(connection, relationship)
        said = dict(seen["outcomes"])
        # A to-one whose key is set promises a row; the far side of a one-to-one, and a list, do not.
        for name in ("dangling", "empty"):
            if name in said:
                said["none"] = said.get("none", 0) + said.pop(name)
        self.assertEqual((seen["loads"], said, seen["rows"]), (total, outcomes, rows))
        compared["relationships"] += 1

    def compare_dangling(self, connection, catalog, said, path, tables):
        found = collections.Counter()
        for finding in said["findings"]:
            # Half a link is a finding of its own; loops through several tables are for information.
            if finding["level"] != "info" and "(NULL)" not in finding["message"]:
                found[finding["code"], finding["subject"]["model"], finding["subject"]["field"]] += finding["count"]
        associations = {relationship.via.name for relationship in catalog.relationships.values() if relationship.via}
        for model in catalog.models.values():
            for reference in model.references:
                target = catalog.models.get(reference["model"])
                if not target or not tables.issuperset((model.table, target.table)):
                    continue
                pairs = [(model.columns.get(here), target.columns.get(there))
                         for here, there in zip(reference["fields"], reference["target_fields"])]
                if not pairs or None in [column for pair in pairs for column in pair]:
                    continue
                with self.subTest(database=path.name, model=model.name, reference=reference["fields"]):
                    place = (model.name, ", ".join(reference["fields"]))
                    missing = "DAT002" if model.name in associations else "DAT001"
                    said_here = tuple(found[(code, *place)] for code in ("DAT008", "DAT007", missing))
                    self.assertEqual(said_here, told_apart.danglings(connection, model.table, target.table, pairs))
                    compared["references"] += 1
                    if model is target:
                        self.assertEqual(found[("DAT009", *place)], told_apart.loops(connection, model.table, pairs))
                        compared["self references"] += 1
        self.compare_keys(connection, catalog, found, path, tables, associations)

    def compare_keys(self, connection, catalog, found, path, tables, associations):
        read = {model.name for relationship in catalog.relationships.values()
                for model in (relationship.owner, relationship.target, relationship.via) if model}
        types = {model.name: dict(model.types) for model in catalog.models.values()}
        for model in catalog.models.values():
            if model.name not in read or model.table not in tables:
                continue
            with self.subTest(database=path.name, model=model.name):
                key = [model.columns[name] for name in model.key]
                if key and model.name not in associations:
                    self.assertEqual(found["DAT011", model.name, ", ".join(model.key)],
                                     told_apart.without_key(connection, model.table, key))
                    compared["keys"] += 1
                for name in model.key:
                    column = model.columns[name]
                    self.assertEqual(found["DAT006", model.name, name],
                                     told_apart.rarer(connection, model.table, column, types[model.name][column]))

    def test_samples(self):
        for path in samples():
            self.examine(path)

    @needs_shared_data
    def test_real_databases(self):
        self.assertTrue(shared_databases())
        for path in shared_databases():
            self.examine(path)

    @classmethod
    def tearDownClass(cls):
        print(f"compared with plain SQL: {dict(compared)}")


if __name__ == "__main__":
    main()
