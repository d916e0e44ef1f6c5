#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/rule.hpp"
#include "doctor/wording.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
Rows of an association table (one that links two models, such as `UserPermission`) of which one side
names a row that does not exist, or is NULL. All rows are looked at; each side is a finding of its
own.

## Why it breaks loading
Loading through the association joins the link to its target. A link without a target gives nothing,
and says nothing: the list is shorter than the number of links, and no error tells why. A link
without an owner can never be reached at all.

## What to do
Delete the links, after keeping a copy, unless the rows that they name were deleted by mistake: then
bring those back. Foreign keys with `ON DELETE CASCADE` keep new ones from arising.

## What it can miss
Tables that no source recognises as an association: their references are DAT001's. Sides that are
written differently are DAT007's, stand-ins for none DAT008's.
)";

/// The relationships in which the missing row is missed: those that go through the association to
/// it, and the association's own.
std::vector<const ommi::Relation*> relations_to(const ReferenceColumns& side,
                                                const Evidence& evidence) {
  std::vector<const ommi::Relation*> relations;
  for (const ommi::Relation* relation : relations_touching(*evidence.catalog, *side.model)) {
    if (relation->problem) continue;
    const bool through = relation->via == side.model && relation->target == side.target &&
                         relation->via_target_fields == side.fields;
    const bool own = relation->via == nullptr && relation->owner == side.model &&
                     relation->target == side.target && relation->owner_fields == side.fields;
    if (through || own) relations.push_back(relation);
  }
  return relations;
}

/// The side as the sweep of references saw it, or null.
const ReferenceSweep* sweep_of(const ReferenceColumns& side, const Evidence& evidence) {
  for (const ReferenceSweep& reference : evidence.references) {
    if (reference.model != side.model || reference.target != side.target) continue;
    if (reference.fields == side.fields && reference.target_fields == side.target_fields) {
      return &reference;
    }
  }
  return nullptr;
}

void add_finding(const ommi::Relation& relation, const ReferenceColumns& side, std::uint64_t count,
                 const std::vector<RowSample>& samples, const AssociationSweep& seen,
                 const Evidence& evidence, Findings& findings) {
  const ReferenceSweep* reference = sweep_of(side, evidence);
  const bool told_apart =
      reference != nullptr && reference->kinds.sentinel + reference->kinds.near_miss > 0;
  if (told_apart) count = reference->missing();
  if (count == 0) return;
  const std::string target = ommi::escaped(side.target->name());
  const auto relations = relations_to(side, evidence);
  const auto through = std::find_if(relations.begin(), relations.end(),
                                    [&](const auto* one) { return one->via == relation.via; });
  const ommi::Relation& missed = through == relations.end() ? relation : **through;
  Finding& finding =
      findings.add(subject_of(*relation.via, side.fields, &missed),
                   fmt::format("{} of {} {} of {} that {} not exist", counted(count, "row"),
                               ommi::escaped(relation.via->name()),
                               count == 1 ? "links to a row" : "link to rows", target,
                               count == 1 ? "does" : "do"));
  const std::string condition =
      told_apart ? missing_condition(*reference) : dangling_condition(side);
  finding.count = count;
  finding.scope = coverage(seen.rows);
  finding.samples = told_apart ? reference->kinds.missing_samples : samples;
  finding.discriminator = target;
  finding.relations = relations;
  if (relations.empty()) finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.evidence.sql = select_rows(*relation.via, side.fields, condition);
  finding.remedies = {
      {Safety::unsafe,
       "keep a copy of these links and delete them",
       {keep_copy(*relation.via, side.fields, finding.code, condition, evidence.schema),
        fmt::format("DELETE FROM {} WHERE {};", quoted_table(*relation.via), condition)}},
      {Safety::manual, fmt::format("bring back the missing rows of {}", target), {}}};
}

void add_null_finding(const AssociationSweep& seen, const Evidence& evidence, Findings& findings) {
  if (seen.null_part == 0) return;
  const ommi::Relation& relation = *seen.relation;
  std::vector<std::size_t> fields = relation.via_owner_fields;
  fields.insert(fields.end(), relation.via_target_fields.begin(), relation.via_target_fields.end());
  Finding& finding = findings.add(
      subject_of(*relation.via, fields, &relation),
      fmt::format("{} of {} {} one side empty (NULL)", counted(seen.null_part, "row"),
                  ommi::escaped(relation.via->name()), seen.null_part == 1 ? "leaves" : "leave"));
  const std::string condition = null_condition(*relation.via, fields);
  finding.level = Level::warning;  // half a link is never loaded, and may be meant
  finding.count = seen.null_part;
  finding.scope = coverage(seen.rows);
  finding.samples = seen.null_samples;
  finding.discriminator = "NULL";
  finding.place = relation.info.place;
  finding.relations = {&relation};
  finding.evidence.sql = select_rows(*relation.via, fields, condition);
  finding.remedies = {
      {Safety::unsafe,
       "keep a copy of these links and delete them",
       {keep_copy(*relation.via, fields, finding.code, condition, evidence.schema),
        fmt::format("DELETE FROM {} WHERE {};", quoted_table(*relation.via), condition)}}};
}

void check(const Evidence& evidence, Findings& findings) {
  for (const AssociationSweep& seen : evidence.associations) {
    const ommi::Relation& relation = *seen.relation;
    add_finding(relation, owner_side(relation), seen.missing_owner, seen.missing_owner_samples,
                seen, evidence, findings);
    add_finding(relation, target_side(relation), seen.missing_target, seen.missing_target_samples,
                seen, evidence, findings);
    add_null_finding(seen, evidence, findings);
  }
}

constexpr std::string_view failing = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Permission (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE UserPermission (
  user_id INTEGER REFERENCES User(id),
  permission_id INTEGER REFERENCES Permission(id),
  PRIMARY KEY (user_id, permission_id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Permission VALUES (1, 'read'), (2, 'write');
INSERT INTO UserPermission VALUES (1, 1), (1, 2), (2, 99);
)";

constexpr std::string_view fixed = R"(
CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE Permission (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE UserPermission (
  user_id INTEGER REFERENCES User(id),
  permission_id INTEGER REFERENCES Permission(id),
  PRIMARY KEY (user_id, permission_id));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Permission VALUES (1, 'read'), (2, 'write');
INSERT INTO UserPermission VALUES (1, 1), (1, 2), (2, 1);
)";

}  // namespace

extern constinit const Rule dat002_dangling_association_row = {
    .code = "DAT002",
    .name = "dangling-association-row",
    .level = Level::error,
    .summary = "a link of an association lacks the row on one of its sides",
    .explanation = explanation,
    .failing = {.sql = failing},
    .fixed = {.sql = fixed},
    .check = check,
};

}  // namespace doctor::rules
