#pragma once

/// \file
/// A diagnosis made by hand: a sound relationship, a failing one, a model with a hostile name, one
/// root cause with its symptom, a value that is nobody's business.

#include <limits>
#include <memory>
#include <string>

#include "doctor/diagnosis.hpp"
#include "doctor/report.hpp"

namespace testing {

/// Escape sequence, newline, right-to-left override, a byte that is not UTF-8.
inline const std::string hostile = "E\x1b[31m\nvil\u202E|`<b>\xff";

inline ommi::FieldInfo field(std::string name, ommi::Type type, bool key = false) {
  ommi::FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.key = key;
  info.nullable = !key;
  return info;
}

inline ommi::ModelInfo child_of_user(std::string name) {
  ommi::ModelInfo model;
  model.name = std::move(name);
  model.fields = {field("id", ommi::Type::integer, true), field("user_id", ommi::Type::integer),
                  field("title", ommi::Type::text)};
  model.references = {{.fields = {"user_id"},
                       .model = "User",
                       .target_fields = {"id"},
                       .origin = ommi::Origin::inferred,
                       .confidence = 0.97}};
  model.relations = {{.name = "author", .target = "User", .join = {{"user_id", "id"}}}};
  return model;
}

inline std::shared_ptr<const ommi::Catalog> sample_catalog() {
  auto catalog = std::make_shared<ommi::Catalog>();
  ommi::ModelInfo user;
  user.name = "User";
  user.fields = {field("id", ommi::Type::integer, true), field("name", ommi::Type::text)};
  user.relations = {{.name = "posts",
                     .cardinality = ommi::Cardinality::many,
                     .target = "Post",
                     .join = {{"id", "user_id"}}}};
  catalog->add(user).add(child_of_user("Post")).add(child_of_user(hostile));
  catalog->seal();
  return catalog;
}

inline doctor::RelationshipObservation observed(const ommi::Relation& relation) {
  doctor::RelationshipObservation seen;
  seen.relation = &relation;
  seen.loads = 412;
  seen.rows = 409;
  seen.driver_calls = 2;
  seen.duration_ns = 1'234'000;
  seen.outcomes[static_cast<std::size_t>(doctor::Outcome::loaded)] = 409;
  seen.returned = {{"Cursor<User>", 2}};
  seen.statement = "SELECT \"id\", \"name\" FROM \"User\" WHERE \"id\" IN (?)";
  return seen;
}

inline doctor::Finding dangling() {
  doctor::Finding finding;
  finding.code = "DAT001";
  finding.name = "dangling-reference";
  finding.subject = {"Post.author", "Post", "user_id", "Post", "user_id"};
  finding.message = "3 posts point at users that do not exist";
  finding.explains = {"Post.author gives an error for 3 owners"};
  finding.count = 3;
  finding.scope = "3 of 412 rows";
  finding.samples = {
      {{{"id", std::int64_t{9007199254740993}}}, {{"user_id", 99}}},
      {{{"id", 18}}, {{"user_id", 99}, {"title", "a diagnosis of gout"}}},
      {{{"id", 19}}, {{"user_id", ommi::Blob{std::string("\x00\xff", 2)}}}},
      {{{"id", 20}}, {{"user_id", std::numeric_limits<double>::infinity()}}},
  };
  finding.evidence.sql = "SELECT *\n  FROM \"Post\"";
  finding.remedies = {{doctor::Safety::unsafe, "delete the posts", {"DELETE FROM \"Post\""}}};
  finding.fingerprint = "f00d";
  return finding;
}

inline doctor::Diagnosis sample_diagnosis() {
  doctor::Diagnosis diagnosis;
  diagnosis.database = {"sqlite", "shop.db", "aa", "aa"};
  diagnosis.sources.catalog = sample_catalog();
  diagnosis.sources.draft.sources = {"database", "inference"};
  const ommi::Catalog& catalog = *diagnosis.sources.catalog;
  diagnosis.evidence.catalog = &catalog;

  doctor::RelationshipObservation author = observed(*catalog.find("Post")->find_relation("author"));
  author.outcomes[static_cast<std::size_t>(doctor::Outcome::dangling)] = 3;
  author.samples = {{"Post[9007199254740993].author",
                     {{{"id", std::int64_t{9007199254740993}}}, {{"user_id", 99}}},
                     doctor::Outcome::dangling,
                     0,
                     ommi::ErrorCode::dangling_reference,
                     "no User has id 99"}};
  diagnosis.evidence.relationships = {observed(*catalog.find("User")->find_relation("posts")),
                                      author,
                                      observed(*catalog.find(hostile)->find_relation("author"))};
  diagnosis.verdicts = {doctor::Verdict::ok, doctor::Verdict::failing, doctor::Verdict::warning};

  doctor::Finding symptom;
  symptom.code = "PRF001";
  symptom.name = "loads-one-by-one";
  symptom.level = doctor::Level::warning;
  symptom.root_cause = false;
  symptom.subject.model = hostile;
  symptom.message = "about " + hostile;
  symptom.fingerprint = "beef";
  diagnosis.findings = {dangling(), symptom};
  diagnosis.rows_swept = 12034;
  diagnosis.driver_calls = 6;
  diagnosis.notes = {"the table " + hostile + " has no key"};
  return diagnosis;
}

inline std::string written(const doctor::Diagnosis& diagnosis, std::string_view format,
                           const doctor::ReportOptions& options = {}) {
  return doctor::find_report_format(format)->write(diagnosis, options);
}

/// Whether nothing in `text` acts on a terminal, newlines and our own colours aside.
inline bool harmless(std::string_view text) {
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if ((code < 0x20 && byte != '\n') || code == 0x7F) return false;
    if (code == 0xFE || code == 0xFF) return false;
  }
  return text.find("\u202E") == std::string_view::npos;
}

}  // namespace testing
