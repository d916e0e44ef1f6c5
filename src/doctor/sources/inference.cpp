/// \file
/// References that nobody declared: names × types × measured containment of values.
///
///     confidence = name × type × (1 - 0.35 × (1 - containment))
///
/// `name` is what fit_by_name says, `type` is 1 for the same kind of values, 0.95 where one side
/// has no type and 0.85 between numbers and text, `containment` is how many of the column's values
/// are keys of the target. So a perfect name passes the threshold of 0.8 when half of the values
/// are found (broken data is what is looked for) and fails when a fifth is; a weak name needs
/// nearly all. Rows with 0, -1 or '' do not count when they are the only misses, of one kind: that
/// is how many applications write "none".
///
/// A column without values is never more than a suggestion, nor is one that fits two tables alike.
/// Without a name, values pass (with 0.85 for `name`) only if the column says that it holds keys
/// (`…_id`), all its values are found in exactly one key, and they cannot be there by chance:
/// texts, or numbers that are large and sparse. Small dense integers are keys of every table.

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "doctor/sources/drafts.hpp"
#include "doctor/sources/inference_candidates.hpp"

namespace doctor {
namespace {

using sources::Candidate;
using sources::Child;
using sources::KeySet;

constexpr double name_of_values_alone = 0.85;
constexpr double weight_of_misses = 0.35;
constexpr double sure_name = 0.95;
constexpr double most_of_a_suggestion = 0.79;  // below the threshold, whatever the numbers say

// How many rows mean "none" by a value that is no key.
std::uint64_t sentinels(const Candidate& candidate) {
  const auto kinds = (candidate.zeros > 0) + (candidate.minus_ones > 0) + (candidate.blanks > 0);
  if (candidate.strays > 0 || kinds != 1) return 0;
  return candidate.zeros + candidate.minus_ones + candidate.blanks;
}

double containment(const Child& child, const Candidate& candidate) {
  std::uint64_t judged = child.values - sentinels(candidate);
  // Values beyond the keys that were read speak neither way, unless they are most of them.
  if (candidate.unknown < judged / 2) judged -= candidate.unknown;
  if (judged == 0) return 0;
  return static_cast<double>(candidate.contained) / static_cast<double>(judged);
}

/// Judges what was measured.
class Judge {
 public:
  Judge(Draft& draft, const std::vector<KeySet>& keys) : draft_(draft), keys_(keys) {}

  void judge(const Child& child);
  void judge_composite(const Child& child);

 private:
  [[nodiscard]] double confidence(const Child& child, const Candidate& candidate) const;
  [[nodiscard]] bool passes(const Child& child, const Candidate& candidate) const;
  [[nodiscard]] bool passes_by_values(const Child& child, const Candidate& candidate) const;
  [[nodiscard]] const Candidate* best(const Child& child, const Candidate* except) const;
  [[nodiscard]] const Candidate* only_holder(const Child& child) const;
  [[nodiscard]] std::string why(const Child& child, const Candidate& candidate) const;
  [[nodiscard]] Suggestion suggestion(const Child& child, const Candidate& candidate) const;
  void accept(const Child& child, const Candidate& candidate);
  void suggest(const Child& child, const Candidate& candidate, const std::string& doubt);

  Draft& draft_;
  const std::vector<KeySet>& keys_;
};

double Judge::confidence(const Child& child, const Candidate& candidate) const {
  double type = 1;
  const KeySet& set = keys_[candidate.key];
  for (std::size_t part = 0; part < child.fields.size(); ++part) {
    type = std::min(type, sources::type_agreement(*child.fields[part], *set.fields[part]));
  }
  const double name = candidate.name.score > 0 ? candidate.name.score : name_of_values_alone;
  const double values = 1 - weight_of_misses * (1 - containment(child, candidate));
  return std::round(name * type * values * 1000) / 1000;
}

bool Judge::passes(const Child& child, const Candidate& candidate) const {
  if (candidate.name.score == 0 || candidate.contained == 0) return false;
  if (confidence(child, candidate) < inference_threshold) return false;
  if (candidate.name.score < sure_name && child.distinct.size() < 3) return false;
  if (candidate.name.why != sources::is_a_parent) return true;
  // Parents end somewhere: a hierarchy in which every row has one is not this table's own.
  return child.values - sentinels(candidate) < child.rows;
}

bool Judge::passes_by_values(const Child& child, const Candidate& candidate) const {
  const KeySet& set = keys_[candidate.key];
  if (candidate.dropped || candidate.contained == 0 || candidate.unknown > 0) return false;
  if (candidate.strays > 0 || set.cut) return false;
  const std::uint64_t misses = candidate.zeros + candidate.minus_ones + candidate.blanks;
  if (misses != sentinels(candidate)) return false;
  const std::uint32_t distinct = child.distinct.size();
  if (distinct < 5 || child.distinctive * 10 < distinct * std::uint64_t{9}) return false;
  if (!set.integers || set.members.size() == 0) return true;
  const double span = static_cast<double>(set.largest) - static_cast<double>(set.smallest) + 1;
  return distinct >= 10 && static_cast<double>(set.members.size()) / span <= 0.1;
}

// The candidate with a fitting name that is the surest; of two keys of one table the primary one.
const Candidate* Judge::best(const Child& child, const Candidate* except) const {
  const Candidate* result = nullptr;
  for (const Candidate& candidate : child.candidates) {
    if (candidate.name.score == 0 || keys_[candidate.key].unread) continue;
    if (except != nullptr && keys_[candidate.key].model == keys_[except->key].model) continue;
    if (result == nullptr || confidence(child, candidate) > confidence(child, *result)) {
      result = &candidate;
    }
  }
  return result;
}

const Candidate* Judge::only_holder(const Child& child) const {
  const Candidate* result = nullptr;
  for (const Candidate& candidate : child.candidates) {
    const bool holds = !keys_[candidate.key].unread && !candidate.dropped &&
                       candidate.contained > 0 && candidate.strays == 0;
    if (!holds) continue;
    if (result != nullptr) return nullptr;
    result = &candidate;
  }
  return result;
}

std::string Judge::why(const Child& child, const Candidate& candidate) const {
  const std::string target = ommi::escaped(keys_[candidate.key].model->name);
  std::string columns;
  for (const ommi::FieldInfo* field : child.fields) {
    columns += (columns.empty() ? "" : ", ") + ommi::escaped(field->column());
  }
  std::string text = child.fields.size() == 1 ? "column " + columns : "columns " + columns;
  text += candidate.name.score > 0 ? fmt::format(" {} {}", candidate.name.why, target)
                                   : std::string(" holds values that are keys of no other table");
  if (child.values == 0) return text + "; there are no values";
  text +=
      fmt::format("; {} of {} values are keys of {}", candidate.contained, child.values, target);
  const std::uint64_t none = sentinels(candidate);
  if (none > 0) {
    const std::string_view value = candidate.zeros > 0        ? "0"
                                   : candidate.minus_ones > 0 ? "-1"
                                                              : "'' or '0'";
    text += fmt::format("; {} {} {}, taken for none", none, none == 1 ? "is" : "are", value);
  }
  if (candidate.unknown > 0) {
    text += fmt::format("; {} lie beyond the keys that were read", candidate.unknown);
  }
  if (child.cut) text += fmt::format("; only {} rows were looked at", child.rows);
  return text;
}

Suggestion Judge::suggestion(const Child& child, const Candidate& candidate) const {
  const KeySet& set = keys_[candidate.key];
  Suggestion result;
  result.model = child.model->name;
  for (const ommi::FieldInfo* field : child.fields) result.reference.fields.push_back(field->name);
  result.reference.model = set.model->name;
  for (const ommi::FieldInfo* field : set.fields) {
    result.reference.target_fields.push_back(field->name);
  }
  result.reference.origin = ommi::Origin::inferred;
  result.reference.confidence = confidence(child, candidate);
  result.reference.place = child.model->place;
  result.values = child.values;
  result.contained = candidate.contained;
  result.counter_examples = candidate.counter_examples;
  result.why = why(child, candidate);
  return result;
}

void Judge::accept(const Child& child, const Candidate& candidate) {
  Suggestion accepted = suggestion(child, candidate);
  sources::find_model(draft_.models, child.model->name)->references.push_back(accepted.reference);
  draft_.accepted.push_back(std::move(accepted));
}

void Judge::suggest(const Child& child, const Candidate& candidate, const std::string& doubt) {
  // A name without a single value that fits is noise, unless there is nothing to hold against it.
  if (candidate.contained == 0 && child.values > 0 && keys_[candidate.key].members.size() > 0)
    return;
  // So is a word that says nothing, unless nearly all values fit.
  const bool weak = candidate.name.score < 0.7;
  if (weak && (child.distinct.size() < 3 || containment(child, candidate) < 0.9)) return;
  Suggestion result = suggestion(child, candidate);
  result.reference.confidence = std::min(result.reference.confidence, most_of_a_suggestion);
  if (!doubt.empty()) result.why += "; " + doubt;
  draft_.suggestions.push_back(std::move(result));
}

void Judge::judge(const Child& child) {
  if (child.unread) return;
  const Candidate* first = best(child, nullptr);
  if (first != nullptr && passes(child, *first)) {
    const Candidate* second = best(child, first);
    const bool alike = second != nullptr && passes(child, *second) &&
                       confidence(child, *first) - confidence(child, *second) < 0.005;
    if (!alike) return accept(child, *first);
    const auto fits = [&](const Candidate& other) {
      return ommi::escaped(keys_[other.key].model->name) + " fits as well";
    };
    suggest(child, *first, fits(*second));
    return suggest(child, *second, fits(*first));
  }
  const Candidate* holder = only_holder(child);
  if (holder != nullptr && passes_by_values(child, *holder)) return accept(child, *holder);
  if (first != nullptr) suggest(child, *first, {});
}

// Columns that share the names of a composite key refer to it, unless each of the key's parts is a
// reference of its own: then both tables may just name the same two things.
void Judge::judge_composite(const Child& child) {
  if (child.unread) return;
  const Candidate& candidate = child.candidates.front();
  const KeySet& set = keys_[candidate.key];
  if (set.unread) return;
  std::vector<std::string> own;
  for (const ommi::Reference& reference : set.model->references) {
    own.insert(own.end(), reference.fields.begin(), reference.fields.end());
  }
  const bool only_links = std::all_of(
      set.fields.begin(), set.fields.end(),
      [&](const ommi::FieldInfo* field) { return sources::contains_all(own, {field->name}); });
  if (!only_links && child.distinct.size() >= 3 && passes(child, candidate)) {
    return accept(child, candidate);
  }
  suggest(child, candidate, only_links ? "each of them is a reference of its own" : "");
}

}  // namespace

void infer_references(Draft& draft, const ommi::Schema& schema, const ommi::Database& database) {
  sources::infer_references_except(draft, schema, database, {}, SourceOptions().memory_bytes);
}

namespace sources {

void infer_references_except(Draft& draft, const ommi::Schema& schema,
                             const ommi::Database& database,
                             const std::vector<std::string>& described, std::uint64_t memory) {
  draft.sources.push_back("inference");
  std::vector<KeySet> keys = collect_keys(draft, schema);
  std::vector<Child> children = collect_children(draft, schema, keys, described);
  read_keys(database, keys, memory, draft.notes);
  measure(database, keys, children, draft.notes);
  Judge judge(draft, keys);
  for (const Child& child : children) {
    if (child.fields.size() == 1) judge.judge(child);
  }
  for (const Child& child : children) {
    if (child.fields.size() > 1) judge.judge_composite(child);
  }
}

}  // namespace sources
}  // namespace doctor
