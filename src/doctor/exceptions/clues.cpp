#include "doctor/exceptions/clues.hpp"

#include <algorithm>
#include <cctype>

#include "doctor/ommi_code.hpp"
#include "doctor/wording.hpp"

namespace doctor::exceptions {
namespace {

bool is_word(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view word_at(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

bool has_word(std::string_view text, std::string_view word) noexcept {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool alone =
        (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
    if (alone) return true;
  }
  return false;
}

/// Calls `each(word)` for what follows `mark` in `text`: of OmmiModel_Post, "Post".
template <class Each>
void each_after(std::string_view text, std::string_view mark, Each&& each) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + 1)) {
    each(word_at(text, at + mark.size()));
  }
}

/// `post.author` and the like in a line of code.
struct Access {
  std::string_view base;
  std::string_view attribute;
  bool called = false;
};

std::vector<Access> accesses_in(std::string_view code) {
  std::vector<Access> all;
  for (std::size_t dot = code.find('.'); dot != std::string_view::npos;
       dot = code.find('.', dot + 1)) {
    const std::string_view attribute = word_at(code, dot + 1);
    std::size_t start = dot;
    while (start > 0 && is_word(code[start - 1])) --start;
    const std::size_t end = dot + 1 + attribute.size();
    const bool called = end < code.size() && code[end] == '(';
    if (!attribute.empty()) all.push_back({code.substr(start, dot - start), attribute, called});
  }
  return all;
}

bool same_word(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

/// Whether two paths can be of one file: one ends with the whole of the other.
bool same_file(std::string_view left, std::string_view right) noexcept {
  while (left.starts_with("./")) left.remove_prefix(2);
  while (right.starts_with("./")) right.remove_prefix(2);
  if (left.size() < right.size()) std::swap(left, right);
  return !right.empty() && left.ends_with(right) &&
         (left.size() == right.size() || right.front() == '/' ||
          left[left.size() - right.size() - 1] == '/');
}

/// The chain of names after `await` that is not a call: "post.author".
std::string awaited_on(std::string_view code) {
  constexpr std::string_view mark = "await ";
  for (std::size_t at = code.find(mark); at != std::string_view::npos;
       at = code.find(mark, at + 1)) {
    const std::size_t start = at + mark.size();
    std::size_t end = start;
    while (end < code.size() && (is_word(code[end]) || code[end] == '.')) ++end;
    const std::string_view chain = code.substr(start, end - start);
    const bool called = end < code.size() && code[end] == '(';
    if (!called && chain.find('.') != std::string_view::npos && !chain.ends_with('.'))
      return std::string(chain);
  }
  return {};
}

bool touches(const ommi::Relation& relation, const ommi::Model* model) noexcept {
  return relation.owner == model || relation.target == model || relation.via == model;
}

bool is_about(const Finding& finding, const ommi::Model& model) {
  if (same_name(finding.subject.model, model.name())) return true;
  if (!finding.subject.table.empty() && same_name(finding.subject.table, model.info.table()))
    return true;
  return std::any_of(finding.relations.begin(), finding.relations.end(),
                     [&](const ommi::Relation* one) { return touches(*one, &model); });
}

bool is_about(const Finding& finding, const ommi::Relation& relation) {
  if (finding.subject.relationship == relation.name()) return true;
  if (!finding.relations.empty() || !finding.subject.relationship.empty())
    return std::find(finding.relations.begin(), finding.relations.end(), &relation) !=
           finding.relations.end();
  for (const ommi::Model* model : {relation.owner, relation.target, relation.via}) {
    if (model != nullptr && is_about(finding, *model)) return true;
  }
  return false;
}

bool has_no_place(const Finding& finding) noexcept {
  const Subject& subject = finding.subject;
  return subject.relationship.empty() && subject.model.empty() && subject.table.empty() &&
         finding.relations.empty();
}

}  // namespace

std::string bare_name(std::string_view text) {
  if (const std::size_t quote = text.find('\''); quote != std::string_view::npos) {
    text.remove_prefix(quote + 1);
    text = text.substr(0, text.find('\''));
  }
  text = text.substr(0, text.find_first_of(" \t,;)"));
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos && dot + 1 < text.size()) text.remove_prefix(dot + 1);
  for (const std::string_view mark : {"OmmiModel_", "ForwardReferenceTo_"}) {
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
  }
  while (!text.empty() && !is_word(text.front())) text.remove_prefix(1);
  return std::string(word_at(text, 0));
}

std::string awaited_in(const Pasted& pasted) {
  for (auto exception = pasted.exceptions.rbegin(); exception != pasted.exceptions.rend();
       ++exception) {
    for (auto frame = exception->frames.rbegin(); frame != exception->frames.rend(); ++frame) {
      if (std::string chain = awaited_on(frame->code); !chain.empty()) return chain;
    }
  }
  return {};
}

Focus::Focus(const Explanation& explanation, const Diagnosis& diagnosis) : diagnosis_(diagnosis) {
  if (diagnosis.evidence.catalog == nullptr) return;
  add_messages(explanation);
  add_code(explanation.pasted);
}

void Focus::add_messages(const Explanation& explanation) {
  for (const Recognised& known : explanation.known) {
    const std::string& message = explanation.pasted.exceptions[known.exception].message;
    for (const std::string_view mark : {"OmmiModel_", "ForwardReferenceTo_"}) {
      each_after(message, mark, [&](std::string_view name) { add_name(std::string(name)); });
    }
    for (const Capture& capture : known.captures) {
      if (capture.word != "value" && capture.word != "name") add_name(bare_name(capture.text));
    }
  }
}

void Focus::add_name(std::string name) {
  if (name.empty()) return;
  const Evidence& evidence = diagnosis_.evidence;
  if (evidence.python != nullptr) {
    for (const python::Model& model : evidence.python->models) {
      const ommi::Model* const known = model.name == name ? model_of(evidence, model) : nullptr;
      if (known != nullptr) models_.insert(known);
    }
  }
  if (const ommi::Model* const model = evidence.catalog->find(name)) models_.insert(model);
  words_.insert(std::move(name));
}

void Focus::add_code(const Pasted& pasted) {
  for (auto exception = pasted.exceptions.rbegin(); exception != pasted.exceptions.rend();
       ++exception) {
    for (auto frame = exception->frames.rbegin(); frame != exception->frames.rend(); ++frame) {
      // The innermost line that shows one is the one that failed.
      if (relations_.empty()) add_relations(frame->code);
      add_place(*frame);
    }
  }
}

void Focus::add_relations(const std::string& code) {
  for (const Access& access : accesses_in(code)) {
    if (access.called) continue;
    std::set<const ommi::Relation*> any;
    std::set<const ommi::Relation*> named;
    for (const ommi::Model& model : diagnosis_.evidence.catalog->models()) {
      for (const ommi::Relation& relation : model.relations) {
        if (relation.info.name != access.attribute) continue;
        any.insert(&relation);
        if (same_word(model.name(), access.base)) named.insert(&relation);
      }
    }
    relations_.merge(named.empty() ? any : named);
  }
}

void Focus::add_place(const Frame& frame) {
  const Evidence& evidence = diagnosis_.evidence;
  if (evidence.python == nullptr || frame.file.empty()) return;
  for (const python::Model& model : evidence.python->models) {
    if (!same_file(frame.file, model.file) || frame.line < model.line) continue;
    const bool within =
        std::any_of(model.fields.begin(), model.fields.end(),
                    [&](const python::Field& field) { return frame.line <= field.place.end_line; });
    const ommi::Model* const known = within ? model_of(evidence, model) : nullptr;
    if (known != nullptr) placed_.insert(known);
  }
}

bool Focus::is_of_message(const Finding& finding) const {
  if (words_.empty()) return true;
  const auto is = [&](const ommi::Model* model) { return is_about(finding, *model); };
  if (std::any_of(models_.begin(), models_.end(), is)) return true;
  return std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
    const Subject& subject = finding.subject;
    return same_name(subject.table, word) || same_name(subject.column, word) ||
           has_word(subject.field, word) || has_word(finding.message, word);
  });
}

bool Focus::is_of_code(const Finding& finding) const {
  if (relations_.empty() && placed_.empty()) return true;
  return std::any_of(relations_.begin(), relations_.end(),
                     [&](const ommi::Relation* one) { return is_about(finding, *one); }) ||
         std::any_of(placed_.begin(), placed_.end(),
                     [&](const ommi::Model* model) { return is_about(finding, *model); });
}

bool Focus::holds(const Finding& finding) const {
  return has_no_place(finding) || (is_of_message(finding) && is_of_code(finding));
}

}  // namespace doctor::exceptions
