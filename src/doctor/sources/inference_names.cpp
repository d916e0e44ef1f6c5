#include "doctor/sources/inference_names.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "doctor/sources/words.hpp"

namespace doctor::sources {
namespace {

// Words that name a quantity, a text or a place in a row as often as they name a table.
constexpr std::array<std::string_view, 56> ordinary = {
    "order",   "position", "index",    "rank",   "level",       "count",  "number",   "version",
    "year",    "month",    "day",      "date",   "time",        "size",   "sequence", "sort",
    "score",   "value",    "state",    "status", "type",        "kind",   "name",     "title",
    "email",   "path",     "link",     "hash",   "description", "text",   "note",     "content",
    "body",    "flag",     "priority", "points", "amount",      "total",  "price",    "quantity",
    "percent", "age",      "length",   "weight", "grade",       "rating", "line",     "row",
    "step",    "round",    "week",     "hour",   "minute",      "season", "chapter",  "volume"};

bool is_ordinary(std::string_view words) {
  return std::find(ordinary.begin(), ordinary.end(), words) != ordinary.end();
}

std::string without_breaks(std::string words) {
  words.erase(std::remove(words.begin(), words.end(), '_'), words.end());
  return words;
}

// How well `words` are the table's name: itself, or with the other number.
double as_table(const std::string& words, const std::string& table) {
  if (words.empty()) return 0;
  if (words == table || without_breaks(words) == without_breaks(table)) return 1.0;
  const std::string one = singular(table);
  if (singular(words) == one || without_breaks(singular(words)) == without_breaks(one)) {
    return 0.99;
  }
  return 0;
}

bool is_last_part(const std::string& words, const std::string& part) {
  return words.size() > part.size() + 1 && words.ends_with(part) &&
         words[words.size() - part.size() - 1] == '_';
}

struct Names {
  Stem stem;
  std::string column;  // all in snake_case
  std::string model;
  std::string target;
  std::string key;
  bool primary;
  bool itself;
  bool numbers;  // are the key
};

// Whether the key is the one that such a suffix asks for: `author_uuid` wants a `uuid`.
double key_fit(const Names& names) {
  const Stem& stem = names.stem;
  const bool counts = stem.suffix == "code" || stem.suffix == "no";
  const bool asks = counts || stem.suffix == "uuid" || stem.suffix == "guid" ||
                    stem.suffix == "rowid" || stem.suffix == "oid";
  if (names.key == stem.suffix || (asks && is_last_part(names.key, stem.suffix))) return 1.0;
  if (!names.primary) return 0;
  if (counts && names.numbers) return 0.75;  // `page_no` is a number beside a Page, too
  return asks ? 0.9 : 1.0;
}

// The table's name without what comes before its first break, if both tables share that:
// `blog_comment` and `blog_post`.
std::string after_shared_prefix(const std::string& table, const std::string& other) {
  const std::size_t end = table.find('_');
  if (end == std::string::npos || end == 0 || !other.starts_with(table.substr(0, end + 1))) {
    return {};
  }
  return table.substr(end + 1);
}

NameFit by_table_name(const Names& names) {
  const Stem& stem = names.stem;
  if (!stem.suffix.empty() && !stem.words.empty()) {
    const double fit = key_fit(names);
    if (fit == 0) return {};
    const double whole = as_table(stem.words, names.target);
    // `comment_id` in `comment` names its own row, whatever other tables are called.
    const double own = names.itself ? 0 : as_table(stem.words, names.model);
    if (own > 0 && own >= whole) return {};
    if (whole > 0) return {whole * fit, "names"};
    const std::string local = after_shared_prefix(names.target, names.model);
    if (as_table(stem.words, local) > 0) return {0.95 * fit, "names"};
    for (std::size_t at = stem.words.find('_'); at != std::string::npos;
         at = stem.words.find('_', at + 1)) {
      const std::string last = stem.words.substr(at + 1);
      const double role = std::max(as_table(last, names.target), as_table(last, local));
      if (role > 0) return {0.88 * role * fit, "ends with the name of"};
    }
    return {};
  }
  if (!names.primary || stem.words.empty()) return {};
  const std::string rest = unseparated_stem(
      names.column, {names.target, singular(names.target), without_breaks(singular(names.target))});
  if (!rest.empty()) return {0.98, "names"};
  const double bare = as_table(names.column, names.target);
  if (bare > 0) return {is_ordinary(names.column) ? 0.6 : 0.86 * bare, "is called like"};
  return {};
}

// The end of the target's name: `user_id` and `auth_user`. Surest where its beginning is the table
// that has the column: `event.type_id` and `event_type`.
NameFit by_last_words(const Names& names) {
  const Stem& stem = names.stem;
  if (stem.suffix.empty() || stem.words.empty() || names.itself || !names.primary) return {};
  const std::string target = singular(names.target);
  const std::string words = singular(stem.words);
  if (!is_last_part(target, words)) return {};
  const std::string before = target.substr(0, target.size() - words.size() - 1);
  const bool of_this_table = as_table(before, names.model) > 0;
  return {(of_this_table ? 0.95 : 0.86) * key_fit(names), "is the end of the name of"};
}

// The parts that people play. What holds no values that could be theirs is told from them by the
// numbers, so this needs nearly all of them.
NameFit by_role(const Names& names) {
  const Stem& stem = names.stem;
  const bool says_so =
      !stem.suffix.empty() || stem.words.ends_with("_by") || stem.words.ends_with("_to");
  if (!says_so || !names.primary || !holds_people(names.target)) return {};
  if (names.itself) {
    return is_superior(stem.words) ? NameFit{0.85 * key_fit(names), "is somebody else in"}
                                   : NameFit{};
  }
  return is_role(stem.words) ? NameFit{0.82 * key_fit(names), "names somebody in"} : NameFit{};
}

NameFit by_key_name(const Names& names) {
  const Stem key = stem_of(names.key);
  if (key.words.empty()) return {};  // `id` and the like say nothing
  if (names.column == names.key) {
    if (!key.suffix.empty()) return {0.95, "has the name of the key of"};
    return {names.primary && !is_ordinary(names.key) ? 0.85 : 0.6, "has the name of the key of"};
  }
  if (!key.suffix.empty() && is_last_part(names.column, names.key)) {
    return {0.88, "ends with the name of the key of"};
  }
  return {};
}

NameFit upwards(const Names& names) {
  if (!names.itself || !names.primary || !parent_like(names.stem.words)) return {};
  const auto says = [&](const std::string& table) {
    return !table.empty() && (is_last_part(names.stem.words, singular(table)) ||
                              names.stem.words.starts_with(singular(table) + "_"));
  };
  const bool own = says(names.target) || says(after_shared_prefix(names.target, names.model));
  if (names.stem.words != "parent" && !own) return {};
  return {names.stem.suffix.empty() ? 0.9 : 1.0, std::string(is_a_parent)};
}

}  // namespace

NameFit fit_by_name(const ommi::ModelInfo& model, const ommi::FieldInfo& field,
                    const ommi::ModelInfo& target, const ommi::FieldInfo& key, bool primary) {
  Names names{stem_of(field.column()),    snake_case(field.column()),
              table_words(model.table()), table_words(target.table()),
              snake_case(key.column()),   primary,
              &model == &target,          key.type == ommi::Type::integer};
  if (NameFit fit = upwards(names); fit.score > 0) return fit;
  NameFit table = by_table_name(names);
  // `user_id` beside the key of User is another name of the row, not a reference to it.
  if (names.itself && table.why == "names") return {};
  if (names.itself && table.why == "is called like") return {};
  NameFit same = by_key_name(names);
  if (names.itself && names.column == names.key) return {};
  // Both say the same: as sure as a name can be.
  if (table.score > 0.9 && same.score > 0.9) return {1.0, table.why};
  return std::max({table, same, by_last_words(names), by_role(names)},
                  [](const NameFit& a, const NameFit& b) { return a.score < b.score; });
}

}  // namespace doctor::sources
