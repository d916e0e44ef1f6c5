"""The models that a run worked with, out of `models --format json`: only to know which columns belong together."""

import contextlib
import json
import sqlite3

import plain_sql


class Model:
    def __init__(self, described):
        self.name = described["name"]
        self.table = described.get("store_as") or self.name
        self.columns = {field["name"]: field.get("store_as") or field["name"] for field in described["fields"]}
        self.types = [(self.columns[field["name"]], field["type"]) for field in described["fields"]]
        self.key = [field["name"] for field in described["fields"] if field.get("key")]
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
        across = self.via or self.target
        self.pairs = [(owner.columns[here], across.columns[there]) for here, there in described.get("join", [])]
        self.target_pairs = [(self.via.columns[here], self.target.columns[there])
                             for here, there in described.get("target_join", [])] if self.via else []

    @staticmethod
    def holds_together(models, owner, described):
        """Whether all that the relationship names is there."""
        target, via = models.get(described["target"]), models.get(described.get("via"))
        if target is None or (described.get("via") and via is None) or not described.get("join"):
            return False
        across = via or target
        return (all(here in owner.columns and there in across.columns for here, there in described["join"]) and
                (via is None or all(here in via.columns and there in target.columns
                                    for here, there in described["target_join"])))

    def tables(self):
        return [model.table for model in (self.owner, self.target, self.via) if model is not None]


class Catalog:
    def __init__(self, text):
        self.models = {described["name"]: Model(described) for described in json.loads(text)["models"]}
        self.relationships = {}
        for model in self.models.values():
            for described in model.relationships:
                if Relationship.holds_together(self.models, model, described):
                    relationship = Relationship(self.models, model, described)
                    self.relationships[relationship.name] = relationship


def index(connection, relationship):
    """Makes the counting fast; the database is a copy, and the program is done with it."""
    searched = [(relationship.via or relationship.target, [there for _, there in relationship.pairs])]
    if relationship.via is not None:
        searched.append((relationship.target, [there for _, there in relationship.target_pairs]))
    for model, columns in searched:
        name = plain_sql.quoted(f"oracle {model.table} {columns}")
        listed = ", ".join(map(plain_sql.quoted, columns))
        with contextlib.suppress(sqlite3.Error):
            connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {plain_sql.quoted(model.table)} ({listed})")


def expected(connection, relationship):
    """How loading the relationship for every owner must end: outcome → owners, and the rows they get."""
    owner, target = relationship.owner, relationship.target
    index(connection, relationship)
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
        # A link with an empty half leads nowhere either.
        missing = (f"EXISTS (SELECT 1 {link} WHERE {to_link} AND NOT EXISTS "
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
