#include "doctor/ommi_uses.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/wording.hpp"

namespace doctor {
namespace {

constexpr std::size_t most_places = 5;

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return ommi::escaped(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

/// The relationship of a lazy field by the class's dotted name; null where it is not known.
const ommi::Relation* relation_of(const Evidence& evidence, const python::Use& use) {
  if (use.model.empty() || use.field.empty()) return nullptr;
  for (const python::Model& model : evidence.python->models) {
    if (model.module + "." + model.qualname != use.model) continue;
    const ommi::Model* const known = model_of(evidence, model);
    return known == nullptr ? nullptr : known->find_relation(use.field);
  }
  return nullptr;
}

}  // namespace

std::vector<Uses> grouped_uses(const Evidence& evidence,
                               std::initializer_list<std::string_view> kinds,
                               const std::function<bool(const python::Use&)>& wanted,
                               const std::function<std::string(const python::Use&)>& key) {
  std::vector<Uses> groups;
  if (evidence.python == nullptr) return groups;
  std::map<std::string, std::size_t> by_key;
  for (const python::Use& use : evidence.python->uses) {
    if (std::find(kinds.begin(), kinds.end(), use.kind) == kinds.end() || !wanted(use)) continue;
    const auto [place, fresh] = by_key.emplace(key(use), groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(&use);
  }
  return groups;
}

bool is_done(const Evidence& evidence, const std::function<bool(const python::Use&)>& wanted) {
  return evidence.python != nullptr &&
         std::any_of(evidence.python->uses.begin(), evidence.python->uses.end(), wanted);
}

Finding& add_use(Findings& findings, const Evidence& evidence, const Uses& uses,
                 std::string message) {
  const python::Use& first = *uses.front();
  const ommi::Relation* const relation = relation_of(evidence, first);
  Subject subject;
  if (relation != nullptr) {
    subject = subject_of(*relation);
  } else {
    subject.model = last_name(first.model);
    if (!subject.model.empty()) subject.field = first.field;
  }
  Finding& finding = findings.add(std::move(subject), std::move(message));
  finding.count = uses.size();
  finding.place = {first.file, first.line};
  // Places move; what is done there, and in which file, tells findings apart.
  finding.discriminator =
      fmt::format("{}|{}|{}|{}", first.file, first.kind, first.name, first.text);
  if (relation != nullptr) finding.relations = {relation};
  for (std::size_t at = 0; at < std::min(uses.size(), most_places); ++at) {
    finding.evidence.notes.push_back(
        fmt::format("{}: {}", ommi::Place{uses[at]->file, uses[at]->line}.to_string(),
                    trimmed(uses[at]->source)));
  }
  if (uses.size() > most_places) {
    finding.evidence.notes.push_back(
        fmt::format("and at {} more places", uses.size() - most_places));
  }
  return finding;
}

Remedy by_hand(std::string title) { return {Safety::manual, std::move(title), {}, {}}; }

std::string_view last_name(std::string_view dotted) noexcept {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

}  // namespace doctor
