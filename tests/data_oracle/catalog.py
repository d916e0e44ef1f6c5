"""The models that a run worked with, out of `models --format json`: only to know which columns belong together."""

import json

import plain_sql


class Model:
    def __init__(self, described):
        self.name = described["name"]
        self.table = described.get("store_as") or self.name
        self.columns = {field["name"]: field.get("store_as") or field["name"] for field in described["fields"]}
        self.types = [(self.columns[field["name"]], field["type"]) for field in described["fields"]]
        self.relationships = described.get("relationships", [])
        self.references = [
            {"fields": [field["name"]], "model": field["reference"]["model"],
             "target_fields": [field["reference"]["field"]], "origin": field["reference"].get("origin")}
            for field in described["fields"] if field.get("reference")] + described.get("references", [])


class Relationship:
    """One relationship with tables and columns; `reference` tells which side has the reference."""

    def __init__(self, models, owner, described):
        self.name = f"{owner.name}.{described['name']}"
        self.many = described["kind"] == "to-many"
        self.owner, self.target = owner, models[described["target"]]
        self.via = models[described["via"]] if described.get("via") else None
        self.described = described
        across = self.via or self.target
        self.pairs = [(owner.columns[here], across.columns[there]) for here, there in described.get("join", [])]
        self.target_pairs = [(self.via.columns[here], self.target.columns[there])
                             for here, there in described.get("target_join", [])] if self.via else []

    def tables(self):
        return [model.table for model in (self.owner, self.target, self.via) if model is not None]


class Catalog:
    def __init__(self, text):
        self.models = {described["name"]: Model(described) for described in json.loads(text)["models"]}
        self.relationships = {}
        for model in self.models.values():
            for described in model.relationships:
                if described["target"] in self.models and described.get("via") in (None, *self.models):
                    relationship = Relationship(self.models, model, described)
                    self.relationships[relationship.name] = relationship


def expected(connection, relationship):
    """How loading the relationship for every owner must end: outcome → owners, and the rows they get."""
    owner, target = relationship.owner, relationship.target
    good = plain_sql.readable("o", owner.types)
    spoilt_target = f"NOT ({plain_sql.readable('t', target.types)})"
    total = plain_sql.rows(connection, owner.table)
    whole = plain_sql.all_set("o", [here for here, _ in relationship.pairs])
    if relationship.via is None:
        joined = (f"FROM {plain_sql.quoted(target.table)} t "
                  f"WHERE {plain_sql.matches('t', 'o', relationship.pairs)}")
        missing = "0"
    else:
        link = f"FROM {plain_sql.quoted(relationship.via.table)} v"
        to_link = plain_sql.matches("v", "o", relationship.pairs)
        to_target = plain_sql.matches("t", "v", relationship.target_pairs)
        joined = f"{link} JOIN {plain_sql.quoted(target.table)} t ON {to_target} WHERE {to_link}"
        set_target = plain_sql.all_set("v", [here for here, _ in relationship.target_pairs])
        missing = (f"EXISTS (SELECT 1 {link} WHERE {to_link} AND {set_target} AND NOT EXISTS "
                   f"(SELECT 1 FROM {plain_sql.quoted(target.table)} t WHERE {to_target}))")
    sql = f"""
        SELECT CASE WHEN NOT ({good}) THEN 'unreadable'
                    WHEN NOT ({whole}) THEN 'null'
                    WHEN "spoilt?" THEN 'failed'
                    WHEN "missing?" THEN 'partial'
                    WHEN "found?" THEN 'loaded'
                    ELSE 'none' END AS outcome, count(*), sum("found?")
        FROM (SELECT o.*, (SELECT count(*) {joined}) AS "found?", {missing} AS "missing?",
                     EXISTS (SELECT 1 {joined} AND {spoilt_target}) AS "spoilt?"
              FROM {plain_sql.quoted(owner.table)} o) o
        GROUP BY 1"""
    outcomes, rows = {}, 0
    for outcome, owners, found in connection.execute(sql):
        outcomes[outcome] = owners
        rows += found if outcome in ("loaded", "partial") else 0
    return total, outcomes, rows
