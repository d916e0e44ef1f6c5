"""Each count of `trace --all`, on every database at hand, is what plain SQL finds."""

import collections
import unittest

import plain_sql
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
        found = {}
        for finding in said["findings"]:
            if finding["code"] == "DAT001":
                found[finding["subject"]["model"], finding["subject"]["field"]] = finding["count"]
        associations = {relationship.via.name for relationship in catalog.relationships.values() if relationship.via}
        for model in catalog.models.values():
            for reference in model.references:
                target = catalog.models.get(reference["model"])
                if model.name in associations or not target or not tables.issuperset((model.table, target.table)):
                    continue
                pairs = [(model.columns.get(here), target.columns.get(there))
                         for here, there in zip(reference["fields"], reference["target_fields"])]
                if not pairs or None in [column for pair in pairs for column in pair]:
                    continue
                with self.subTest(database=path.name, model=model.name, reference=reference["fields"]):
                    dangling = plain_sql.dangling(connection, model.table, target.table, pairs)
                    self.assertEqual(found.get((model.name, ", ".join(reference["fields"])), 0), dangling)
                    compared["references"] += 1

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
