#include "doctor/sources/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace doctor::sources {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Singular and plural that no rule below gives.
constexpr std::array irregular = {
    Pair{"person", "people"},
    Pair{"child", "children"},
    Pair{"man", "men"},
    Pair{"woman", "women"},
    Pair{"foot", "feet"},
    Pair{"tooth", "teeth"},
    Pair{"goose", "geese"},
    Pair{"mouse", "mice"},
    Pair{"criterion", "criteria"},
    Pair{"vertex", "vertices"},
    Pair{"matrix", "matrices"},
    Pair{"crisis", "crises"},
    Pair{"thesis", "theses"},
    Pair{"basis", "bases"},
    Pair{"axis", "axes"},
    Pair{"hypothesis", "hypotheses"},
    Pair{"alias", "aliases"},
    Pair{"bias", "biases"},
    Pair{"canvas", "canvases"},
    Pair{"atlas", "atlases"},
    Pair{"gas", "gases"},
    Pair{"lens", "lenses"},
    Pair{"cache", "caches"},
    Pair{"movie", "movies"},
    Pair{"cookie", "cookies"},
    Pair{"tie", "ties"},
    Pair{"pie", "pies"},
    Pair{"calorie", "calories"},
    Pair{"shoe", "shoes"},
    Pair{"toe", "toes"},
    Pair{"quiz", "quizzes"},
    Pair{"use", "uses"},
    Pair{"leaf", "leaves"},
    Pair{"shelf", "shelves"},
    Pair{"wolf", "wolves"},
    Pair{"life", "lives"},
    Pair{"knife", "knives"},
    Pair{"half", "halves"},
    Pair{"wife", "wives"},
    Pair{"hero", "heroes"},
    Pair{"potato", "potatoes"},
    Pair{"tomato", "tomatoes"},
    Pair{"echo", "echoes"},
    Pair{"veto", "vetoes"},
    Pair{"cargo", "cargoes"},
    Pair{"chef", "chefs"},
    Pair{"human", "humans"},
    Pair{"german", "germans"},
    Pair{"roman", "romans"},
    Pair{"specimen", "specimens"},
    Pair{"regimen", "regimens"},
    Pair{"zombie", "zombies"},
    Pair{"chaos", "chaos"},
    Pair{"corps", "corps"},
};

constexpr std::array<std::string_view, 21> uncountable = {
    "data",  "news",  "series",   "species",   "information", "equipment", "metadata",
    "media", "staff", "software", "money",     "sheep",       "fish",      "deer",
    "sms",   "gps",   "dns",      "analytics", "stuff",       "hardware",  "feedback"};

constexpr std::array<std::string_view, 12> key_words = {
    "id", "ids", "fk", "uuid", "guid", "key", "ref", "no", "code", "pk", "oid", "rowid"};

// Tables of people. One that a role is named after ("authors") needs no such list.
constexpr std::array<std::string_view, 8> people = {"user",   "person",   "account", "member",
                                                    "worker", "employee", "staff",   "profile"};

constexpr std::array<std::string_view, 38> roles = {
    "author",    "owner",    "creator",  "editor",   "writer",   "sender",     "receiver",
    "recipient", "assignee", "assigner", "reporter", "reviewer", "approver",   "requester",
    "follower",  "followee", "friend",   "inviter",  "invitee",  "organizer",  "organiser",
    "moderator", "admin",    "seller",   "buyer",    "poster",   "uploader",   "submitter",
    "commenter", "updater",  "modifier", "manager",  "boss",     "supervisor", "superior",
    "mentor",    "leader",   "blocker"};

constexpr std::array<std::string_view, 6> superiors = {"manager",  "boss",   "supervisor",
                                                       "superior", "mentor", "leader"};

constexpr std::array<std::string_view, 11> deeds = {"created", "updated",  "modified", "deleted",
                                                    "edited",  "approved", "posted",   "uploaded",
                                                    "invited", "owned",    "added"};

bool ends(std::string_view text, std::string_view end) { return text.ends_with(end); }

std::string cut(std::string_view word, std::size_t letters, std::string_view added = {}) {
  return std::string(word.substr(0, word.size() - letters)).append(added);
}

bool listed(std::string_view word, const auto& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string word_singular(std::string_view word) {
  for (const auto& [one, many] : irregular) {
    if (word == many || word == one) return std::string(one);
  }
  if (word.size() < 3 || listed(word, uncountable)) return std::string(word);
  if (word.size() > 5 && ends(word, "men") && !ends(word, "imen")) return cut(word, 2, "an");
  if (!ends(word, "s") || ends(word, "ss") || ends(word, "us") || ends(word, "is")) {
    return std::string(word);
  }
  if (ends(word, "ies")) return word.size() > 4 ? cut(word, 3, "y") : cut(word, 1);
  if (ends(word, "yses")) return cut(word, 2, "is");
  const bool e_added = ends(word, "sses") || ends(word, "xes") || ends(word, "ches") ||
                       ends(word, "shes") || ends(word, "zzes") ||
                       (ends(word, "uses") && !ends(word, "auses") && !ends(word, "ouses"));
  return cut(word, e_added ? 2 : 1);
}

bool is_vowel(char letter) {
  return std::string_view("aeiou").find(letter) != std::string_view::npos;
}

std::string word_plural(std::string_view word) {
  for (const auto& [one, many] : irregular) {
    if (word == one || word == many) return std::string(many);
  }
  if (word.empty() || listed(word, uncountable)) return std::string(word);
  if (word_singular(word) != word) return std::string(word);
  if (word.size() > 4 && ends(word, "man")) return cut(word, 2, "en");
  if (word.size() > 1 && ends(word, "y") && !is_vowel(word[word.size() - 2])) {
    return cut(word, 1, "ies");
  }
  if (word.size() > 3 && ends(word, "sis")) return cut(word, 2, "es");
  const bool hissing =
      ends(word, "s") || ends(word, "x") || ends(word, "z") || ends(word, "ch") || ends(word, "sh");
  return std::string(word).append(hissing ? "es" : "s");
}

// Applies `change` to the last word of a snake_case name. A trailing number ("post_2") is no word.
std::string with_last_word(std::string_view name, std::string (*change)(std::string_view)) {
  const std::size_t start = name.rfind('_') + 1;  // npos + 1 is 0
  return std::string(name.substr(0, start)) + change(name.substr(start));
}

std::string_view last_word(std::string_view name) { return name.substr(name.rfind('_') + 1); }

bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_word(char letter) {
  return is_upper(letter) || is_lower(letter) || is_digit(letter) ||
         static_cast<unsigned char>(letter) >= 0x80;
}

// Whether a new word begins at `at`: "invoiceLine", "HTTPServer".
bool word_begins(std::string_view name, std::size_t at) {
  if (at == 0 || !is_upper(name[at])) return false;
  const char before = name[at - 1];
  if (is_lower(before) || is_digit(before)) return true;
  return is_upper(before) && at + 1 < name.size() && is_lower(name[at + 1]);
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (is_upper(letter)) letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

std::string snake_case(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool breaks = !is_word(name[at]) || word_begins(name, at);
    if (breaks && !result.empty() && result.back() != '_') result += '_';
    if (is_word(name[at])) result += name[at];
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  return lower(result);
}

std::string singular(std::string_view name) { return with_last_word(name, word_singular); }
std::string plural(std::string_view name) { return with_last_word(name, word_plural); }

Stem stem_of(std::string_view column) {
  const std::string words = snake_case(column);
  const std::size_t last = words.rfind('_');
  const std::string_view tail = std::string_view(words).substr(last + 1);
  if (listed(tail, key_words)) {
    if (last == std::string::npos) return {{}, words};
    return {words.substr(0, last), std::string(tail)};
  }
  for (const std::string_view prefix : {"fk_", "id_"}) {
    if (words.starts_with(prefix)) return {words.substr(prefix.size()), "id"};
  }
  return {words, {}};
}

std::string unseparated_stem(std::string_view column, const std::vector<std::string>& nouns) {
  const std::string words = snake_case(column);
  for (const std::string_view suffix : {"id", "fk", "uuid", "guid", "key", "ref", "no", "code"}) {
    if (words.size() <= suffix.size() || !ends(words, suffix)) continue;
    const std::string rest = cut(words, suffix.size());
    if (listed(rest, nouns)) return rest;
  }
  return {};
}

std::string table_words(std::string_view table) {
  const std::string words = snake_case(table);
  for (const std::string_view prefix : {"tbl_", "tb_", "t_", "tbl"}) {
    if (words.size() > prefix.size() + 1 && words.starts_with(prefix)) {
      return words.substr(prefix.size());
    }
  }
  return words;
}

bool holds_people(std::string_view table) { return listed(last_word(singular(table)), people); }

bool is_role(std::string_view stem) {
  if (stem == "assigned_to" || is_superior(stem)) return true;
  if (!stem.ends_with("_by")) return listed(last_word(stem), roles);
  return listed(last_word(stem.substr(0, stem.size() - 3)), deeds);
}

bool is_superior(std::string_view stem) {
  return stem == "reports_to" || listed(last_word(stem), superiors);
}

bool parent_like(std::string_view stem) {
  return stem == "parent" || stem.starts_with("parent_") || stem.ends_with("_parent");
}

}  // namespace doctor::sources
