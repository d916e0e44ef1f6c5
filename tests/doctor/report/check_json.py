"""Usage: check_json.py SCHEMA FILE...: whether each file fits the schema; of .ndjson, each line."""

import json
import pathlib
import sys

import jsonschema


def documents(name):
    with open(name, encoding="utf-8") as file:
        if name.endswith(".ndjson"):
            return [json.loads(line) for line in file]
        return [json.load(file)]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    # A schema may refer to one beside it.
    beside = pathlib.Path(sys.argv[1]).resolve().as_uri()
    resolver = jsonschema.RefResolver(base_uri=beside, referrer=schema)
    validator = jsonschema.Draft7Validator(schema, resolver=resolver)
    bad = 0
    for name in sys.argv[2:]:
        for document in documents(name):
            for error in validator.iter_errors(document):
                print(f"{name}: {error.json_path}: {error.message[:400]}")
                bad += 1
    return 1 if bad else 0


sys.exit(main())
