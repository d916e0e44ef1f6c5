#include <fmt/format.h>

#include "doctor/model_problems.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Relationships that two or more references could serve: a post with an author and an editor, both
users, and a `User.posts` that does not say which is meant.

## Why it breaks loading
Ommi takes all of the references at once and joins them with AND, so `User.posts` gives the posts
that the user both wrote and edited: usually none, and no error. Rather than guess, the load is
refused here.

## What to do
Say which reference the relationship follows, by naming its fields.

## What it can miss
A single reference that is the wrong one.
)";

void check(const Evidence& evidence, Findings& findings) {
  for_each_problem(
      evidence, findings, ommi::Problem::What::ambiguous_reference,
      [](Finding& finding, const ommi::Problem& problem, const ommi::Relation*) {
        finding.count = problem.candidates.size();
        for (const std::string& candidate : problem.candidates) {
          finding.evidence.notes.push_back(
              fmt::format("could follow {}", ommi::escaped(candidate)));
          finding.remedies.push_back({Safety::manual,
                                      fmt::format("if it is meant, let the relationship follow {}",
                                                  ommi::escaped(candidate)),
                                      {}});
        }
      });
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "posts", "kind": "to-many", "target": "Post"}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "author_id", "store_as": "author_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}},
    {"name": "editor_id", "store_as": "editor_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "User", "store_as": "User", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "posts", "kind": "to-many", "target": "Post",
                      "join": [["id", "author_id"]]}]},
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true},
    {"name": "author_id", "store_as": "author_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}},
    {"name": "editor_id", "store_as": "editor_id", "type": "integer", "nullable": true,
     "reference": {"model": "User", "field": "id"}}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY);
CREATE TABLE Post (id INTEGER PRIMARY KEY, author_id INTEGER, editor_id INTEGER);
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1, 2), (2, 1, 1);
)";

}  // namespace

extern constinit const Rule rel002_ambiguous_reference = {
    .code = "REL002",
    .name = "ambiguous-reference",
    .level = Level::error,
    .summary = "a relationship that several references could serve",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = failing_manifest},
    .fixed = {.sql = database, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
