#include <fmt/format.h>

#include "doctor/model_problems.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Relationships through an association that refers to one of the models more than once, and that do not
say which reference is meant: friends of a Person through Friendship, members beside who invited them.

## Why it breaks loading
Ommi takes all references of the association to a model at once and joins them with AND. Friends are
then those who are friends with themselves: none, and no error. Members are only those who invited
themselves.

## What to do
Say which references the relationship follows, in a manifest by `follow` and `target_follow`. In Ommi
there is no way to say it: give each part an association of its own, or ask for the rows with `db.find`.

## What it can miss
Associations that refer to each model once, and to the wrong one.
)";

void check(const Evidence& evidence, Findings& findings) {
  for_each_problem(
      evidence, findings, ommi::Problem::What::association_ambiguous_side,
      [](Finding& finding, const ommi::Problem& problem, const ommi::Relation*) {
        for (const std::string& candidate : problem.candidates) {
          finding.evidence.notes.push_back(
              fmt::format("could follow {}", ommi::escaped(candidate)));
        }
        Remedy remedy;
        remedy.title =
            "say which references are meant, or give each part an association of its own";
        finding.remedies = {std::move(remedy)};
      });
}

constexpr std::string_view models = R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Person", "store_as": "Person", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "friends", "kind": "to-many", "target": "Person",
                      "via": "Friendship"}]},
  {"name": "Friendship", "store_as": "Friendship", "fields": [
    {"name": "one", "store_as": "one", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Person", "field": "id"}},
    {"name": "other", "store_as": "other", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Person", "field": "id"}}]}]})";

constexpr std::string_view fixed_models =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Person", "store_as": "Person", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "friends", "kind": "to-many", "target": "Person",
                      "via": "Friendship", "follow": ["one"], "target_follow": ["other"]}]},
  {"name": "Friendship", "store_as": "Friendship", "fields": [
    {"name": "one", "store_as": "one", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Person", "field": "id"}},
    {"name": "other", "store_as": "other", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Person", "field": "id"}}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE Person (id INTEGER PRIMARY KEY);
CREATE TABLE Friendship (one INTEGER, other INTEGER, PRIMARY KEY (one, other));
CREATE INDEX Friendship_other ON Friendship (other);
INSERT INTO Person VALUES (1), (2), (3);
INSERT INTO Friendship VALUES (1, 2), (2, 1), (1, 3), (3, 1);
)";

}  // namespace

extern constinit const Rule rel005_association_ambiguous_side = {
    .code = "REL005",
    .name = "association-ambiguous-side",
    .level = Level::error,
    .summary = "an association refers to one of its models more than once",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = models},
    .fixed = {.sql = database, .manifest = fixed_models},
    .check = check,
};

}  // namespace doctor::rules
