#include <fmt/format.h>

#include "doctor/model_problems.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Relationships through an association that has a reference to one of the two models only, or to neither.

## Why it breaks loading
The rows of an association say which row of one model belongs to which of the other. Without the
reference to the owner Ommi raises `TypeError: 'NoneType' object is not iterable`; without the one to
the target it sends a JOIN that has no condition, which is a syntax error. Both are hidden behind
"does not wrap a result".

## What to do
Declare the missing reference on the field of the association that holds that model's key.

## What it can miss
References that are there and name the wrong model.
)";

/// The fields of the association that refer to nothing: one of them is probably meant.
std::string unused_fields(const ommi::Model& association) {
  std::string names;
  for (const ommi::FieldInfo& field : association.fields()) {
    bool refers = false;
    for (const ommi::Reference& reference : association.info.references) {
      for (const std::string& name : reference.fields) refers = refers || name == field.name;
    }
    if (!refers) names += (names.empty() ? "" : ", ") + ommi::escaped(field.name);
  }
  return names;
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_problem(
      evidence, findings, ommi::Problem::What::association_missing_side,
      [&](Finding& finding, const ommi::Problem&, const ommi::Relation* relation) {
        const ommi::Model* const via =
            relation == nullptr ? nullptr : evidence.catalog->find(relation->info.via);
        if (via == nullptr) return;
        const std::string unused = unused_fields(*via);
        if (!unused.empty()) {
          finding.evidence.notes.push_back(fmt::format("fields of {} that refer to nothing: {}",
                                                       ommi::escaped(via->name()), unused));
        }
        finding.remedies.push_back(
            {Safety::manual,
             fmt::format("declare the missing reference in {}", ommi::escaped(via->name())),
             {}});
      });
}

constexpr std::string_view failing_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "tags", "kind": "to-many", "target": "Tag", "via": "PostTag"}]},
  {"name": "Tag", "store_as": "Tag", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "PostTag", "store_as": "PostTag", "fields": [
    {"name": "post_id", "store_as": "post_id", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Post", "field": "id"}},
    {"name": "label", "store_as": "label", "type": "integer", "nullable": false, "key": true}]}]})";

constexpr std::string_view fixed_manifest =
    R"({"schema_version": 1, "source": "example", "models": [
  {"name": "Post", "store_as": "Post", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}],
   "relationships": [{"name": "tags", "kind": "to-many", "target": "Tag", "via": "PostTag"}]},
  {"name": "Tag", "store_as": "Tag", "fields": [
    {"name": "id", "store_as": "id", "type": "integer", "nullable": false, "key": true}]},
  {"name": "PostTag", "store_as": "PostTag", "fields": [
    {"name": "post_id", "store_as": "post_id", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Post", "field": "id"}},
    {"name": "label", "store_as": "label", "type": "integer", "nullable": false, "key": true,
     "reference": {"model": "Tag", "field": "id"}}]}]})";

constexpr std::string_view database = R"(
CREATE TABLE Post (id INTEGER PRIMARY KEY);
CREATE TABLE Tag (id INTEGER PRIMARY KEY);
CREATE TABLE PostTag (post_id INTEGER, label INTEGER, PRIMARY KEY (post_id, label));
CREATE INDEX PostTag_label ON PostTag (label);
INSERT INTO Post VALUES (1), (2);
INSERT INTO Tag VALUES (1), (2);
INSERT INTO PostTag VALUES (1, 1), (1, 2), (2, 1);
)";

}  // namespace

extern constinit const Rule rel004_association_missing_side = {
    .code = "REL004",
    .name = "association-missing-side",
    .level = Level::error,
    .summary = "an association refers to one of its two models only",
    .explanation = explanation,
    .failing = {.sql = database, .manifest = failing_manifest},
    .fixed = {.sql = database, .manifest = fixed_manifest},
    .check = check,
};

}  // namespace doctor::rules
