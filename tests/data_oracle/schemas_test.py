"""What programs read fits the schemas that docs/ publishes."""

import json
import os
import pathlib
import unittest

import jsonschema

from support import SHARED, Copy, main, needs_shared_data, run, samples, shared_databases

DOCS = pathlib.Path(os.environ["OMMI_SOURCE"]) / "docs"


def checker(name):
    schema = json.loads((DOCS / name).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


class Schemas(unittest.TestCase):
    def check(self, path, schema, *command):
        with self.subTest(database=path.name, command=command[0]), Copy(path) as copy:
            done = run(command[0], copy.path, *command[1:], "--format", "json")
            self.assertIn(done.returncode, (0, 1, 2), done.stderr)
            if done.stdout:
                problems = [f"{error.json_path}: {error.message[:200]}" for error in schema.iter_errors(json.loads(done.stdout))]
                self.assertEqual(problems, [])

    def test_reports(self):
        schema = checker("report.schema.json")
        for path in samples():
            self.check(path, schema, "trace")

    def test_paths(self):
        path = next(sample for sample in samples() if sample.stem == "blog-broken")
        self.check(path, checker("report.schema.json"), "trace", "Post[20].user")

    def test_manifests(self):
        schema = checker("models.schema.json")
        for path in samples():
            self.check(path, schema, "models")

    @needs_shared_data
    def test_real_databases(self):
        report, models = checker("report.schema.json"), checker("models.schema.json")
        odd = [path for path in sorted((SHARED / "odd").iterdir()) if path.suffix == ".db"]
        for path in shared_databases() + odd:
            self.check(path, report, "trace")
            self.check(path, models, "models")


if __name__ == "__main__":
    main()
