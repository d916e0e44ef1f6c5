#pragma once

/// \file
/// A diagnosis in words: what the formats for people have in common.
///
/// All texts are on one line and escaped. Nothing here knows colours or a format.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doctor/diagnosis.hpp"

namespace doctor::report_parts {

/// Which values a report may show: keys and the values of references always, others only when asked
/// for. Whoever reads a report of a health database must not learn who is ill.
class Disclosure {
 public:
  Disclosure(const ommi::Catalog* catalog, bool show_values);

  [[nodiscard]] bool shows(const ommi::Model& model, std::string_view field) const;
  /// Of a finding's sample: the subject says which models the field may belong to.
  [[nodiscard]] bool shows(const Subject& subject, const NamedValue& value) const;

 private:
  void add(const ommi::Model& model, const std::vector<std::size_t>& fields);
  void add(const ommi::Model& model, const std::vector<std::string>& fields);
  [[nodiscard]] std::vector<const ommi::Model*> models_of(const Subject& subject) const;

  const ommi::Catalog* catalog_;
  bool show_values_;
  std::set<std::pair<const ommi::Model*, std::size_t>> shown_;
};

/// "to-one", "to-many", "one-to-one", "to-many via Tagging".
[[nodiscard]] std::string kind_text(const ommi::Relation& relation);
/// Each step of the join: "Post.user_id", "User.id".
[[nodiscard]] std::vector<std::pair<std::string, std::string>> join_pairs(
    const ommi::Relation& relation);
/// "Post.user_id = User.id", or what is wrong with the declaration.
[[nodiscard]] std::string join_text(const ommi::Relation& relation);

/// "1.2 ms".
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);
/// "1 row", "3 rows".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular,
                                  std::string_view plural);
/// "text(12)": what is said of a value that is not shown.
[[nodiscard]] std::string hidden_text(const ommi::Value& value);
[[nodiscard]] std::string value_text(const ommi::Value& value);
/// `text` as SQL to be pasted: one line, escaped.
[[nodiscard]] std::string one_line(std::string_view text);

/// A lazy query for a person: `IN (?, …)` instead of hundreds of placeholders.
[[nodiscard]] std::string query_text(std::string_view statement);

/// "Post[17]: author_id = 99".
[[nodiscard]] std::string sample_text(const Subject& subject, const RowSample& sample,
                                      const Disclosure& disclosure);
/// "Post.author, field author_id of Post, 3 of 412 rows".
[[nodiscard]] std::string subject_text(const Finding& finding);
/// "Post[17].author is dangling: no User has id = 99".
[[nodiscard]] std::string hop_text(const HopSample& hop);
/// What the boundary made of the fault: "Post[17].author: dangling, …"; empty where nothing was
/// loaded.
[[nodiscard]] std::string boundary_text(const Diagnosis& diagnosis, const Finding& finding);
/// The lazy query, or empty.
[[nodiscard]] std::string statement_text(const Diagnosis& diagnosis, const Finding& finding);
/// The type that the driver gave back, or empty.
[[nodiscard]] std::string returned_text(const Diagnosis& diagnosis, const Finding& finding);
/// "Post.user_id may name User.id: why"
[[nodiscard]] std::string suggestion_text(const Suggestion& suggestion);
/// "shop.db: 6 models, 9 relationships, from database and inference".
[[nodiscard]] std::string heading_text(const Diagnosis& diagnosis);
/// "1 error, 2 warnings; 8 of 9 relationships are sound; every row was looked at".
[[nodiscard]] std::string summary_text(const Diagnosis& diagnosis);

/// The model that the rows of a path's step are of, or null.
[[nodiscard]] const ommi::Model* model_of(const Diagnosis& diagnosis, const PathStep& step);
/// A row's key and fields, each once.
[[nodiscard]] std::vector<NamedValue> fields_of(const RowSample& row);

/// "id = 5, user_id = 1, title: text(11)"; `model` may be null, then nothing is shown.
[[nodiscard]] std::string row_text(const ommi::Model* model, const RowSample& row,
                                   const Disclosure& disclosure);

/// "Post.author", "Post.user_id", "Post", "the database": what a finding is about, briefly.
[[nodiscard]] std::string name_text(const Subject& subject);
/// "baselined", "suppressed: why"; empty for an open finding.
[[nodiscard]] std::string standing_text(const Finding& finding);
/// "replace models.py:31 by: text", one line.
[[nodiscard]] std::vector<std::string> edit_lines(const TextEdit& edit);

/// The open findings that nothing else explains.
[[nodiscard]] std::vector<const Finding*> roots(const Diagnosis& diagnosis);
/// The open findings that another one explains.
[[nodiscard]] std::vector<const Finding*> symptoms(const Diagnosis& diagnosis);
/// The findings that do not count: baselined or suppressed.
[[nodiscard]] std::vector<const Finding*> known(const Diagnosis& diagnosis);

}  // namespace doctor::report_parts
