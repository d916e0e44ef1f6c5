"""Ommi's own models beside their databases (ommi/): every expected finding is reported, with its count, and no other."""

import json
import unittest

from support import SHARED, Copy, main, needs_shared_data, run

# What the data call a fault → the rules that report it.
REPORTED_AS = {
    "association-null-part": {"DAT002"},
    "association-without-key": {"SCH006"},
    "association-without-parent": {"DAT002"},
    "association-without-target": {"DAT002"},
    "dangling-reference": {"DAT001", "DAT007", "DAT008"},
    "duplicate-association": {"DAT005"},
    "lossy-value": {"DRV004"},
    "missing-primary-key": {"SCH011"},
    "missing-table": {"SCH001"},
    "no-index-on-reference": {"SCH004"},
    "null-reference": {"DAT003"},
    "renamed-table": {"SCH001"},
    "unreadable-value": {"DRV004"},
}
# Expected findings that no rule reports yet: none.
NOT_YET = set()
# What else may be said of the broken ones: consequences of what is expected.
FOLLOWS = {"SCH007": "SCH011", "SCH008": "SCH011", "LZY009": "DRV004", "DAT006": "DRV004"}


def folders():
    return sorted(path.parent for path in (SHARED / "ommi").glob("*/expected.json"))


def expected_of(folder):
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def checked(folder, database):
    with Copy(folder / database) as copy:
        done = run("check", copy.path, "--models", folder / "models.py", "--isolated", "--format", "json")
    return json.loads(done.stdout), done


def models_of(folder):
    """relationship → the models that it reads."""
    done = run("models", folder / "healthy.db", "--models", folder / "models.py", "--format", "json")
    return {f"{model['name']}.{one['name']}": {model["name"], one["target"], one["via"]}
            for model in json.loads(done.stdout)["models"] for one in model["relationships"]}


def is_about(finding, relationship, models):
    """Whether a finding names the relationship, or is about a model that it reads, and no other relationship."""
    subject = finding["subject"]
    if relationship in json.dumps([subject, finding["explains"], finding["message"]]):
        return True
    return subject["relationship"] is None and subject["model"] in models[relationship]


def count_of(finding):
    """Of keys and tables that lack something the findings count; of pairs that are there twice, the pairs."""
    if finding["code"].startswith("SCH"):
        return 1
    return int(finding["message"].split()[0]) if finding["code"] == "DAT005" else finding["count"]


@needs_shared_data
class OmmiModels(unittest.TestCase):
    def each(self, check):
        self.assertTrue(folders())
        for folder in folders():
            expected = expected_of(folder)
            for name, variant in expected["variants"].items():
                with self.subTest(database=f"{folder.name}/{name}"):
                    check(folder, name, expected["model_findings"], variant.get("findings", []))

    def test_every_expected_finding_is_reported_with_its_count(self):
        def check(folder, name, of_models, of_data):
            said, done = checked(folder, name)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            # The tables that the models' findings are about are as the models made them in the healthy ones.
            wanted = of_data + (of_models if name == "healthy.db" else [])
            sums, models = {}, models_of(folder)
            for fault in wanted:
                if fault["code"] in NOT_YET:
                    continue
                codes = frozenset(REPORTED_AS[fault["code"]])
                sums[codes] = sums.get(codes, 0) + fault["count"]
                found = [finding for finding in said["findings"] if finding["code"] in codes]
                named = [relationship for relationship in fault["relationships"]
                         if any(is_about(finding, relationship, models) for finding in found)]
                self.assertTrue(named, f"{fault['code']}: {fault['what']}")
            for codes, count in sums.items():
                got = sum(count_of(finding) for finding in said["findings"] if finding["code"] in codes)
                self.assertEqual(got, count, sorted(codes))

        self.each(check)

    def test_nothing_else_is_reported_above_info(self):
        def check(folder, name, of_models, of_data):
            said, _ = checked(folder, name)
            allowed = set().union(*(REPORTED_AS[fault["code"]] for fault in of_models + of_data))
            allowed |= {code for code, cause in FOLLOWS.items() if cause in allowed}
            for finding in said["findings"]:
                if finding["level"] != "info":
                    self.assertIn(finding["code"], allowed, finding["message"])

        self.each(check)

    def test_every_relationship_of_the_models_is_there_with_its_place(self):
        for folder in folders():
            with self.subTest(folder=folder.name), Copy(folder / "healthy.db") as copy:
                done = run("models", copy.path, "--models", folder / "models.py", "--format", "json")
                self.assertEqual(done.returncode, 0, done.stderr)
                found = {}
                for model in json.loads(done.stdout)["models"]:
                    for relationship in model["relationships"]:
                        self.assertEqual(relationship["origin"], "python")
                        self.assertRegex(relationship["place"], r"models\.py:\d+$")
                        found[f"{model['name']}.{relationship['name']}"] = relationship["kind"], relationship["target"]
                wanted = expected_of(folder)["variants"]["healthy.db"]["relationships"]
                self.assertEqual(found, {name: (one["kind"], one["target"]) for name, one in wanted.items()})

    def test_where_the_models_are_right_no_rule_about_sources_speaks(self):
        def check(folder, name, of_models, of_data):
            said, _ = checked(folder, name)
            self.assertEqual([finding["code"] for finding in said["findings"] if finding["code"].startswith("MOD")], [])

        self.each(check)


if __name__ == "__main__":
    main()
