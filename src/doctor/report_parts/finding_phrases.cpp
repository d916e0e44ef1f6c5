#include <fmt/format.h>

#include "doctor/report_parts/phrases.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

using ommi::escaped;

template <class Wanted>
std::vector<const Finding*> chosen(const Diagnosis& diagnosis, Wanted wanted) {
  std::vector<const Finding*> found;
  for (const Finding& finding : diagnosis.findings) {
    if (wanted(finding)) found.push_back(&finding);
  }
  return found;
}

}  // namespace

std::string row_text(const ommi::Model* model, const RowSample& row, const Disclosure& disclosure) {
  std::string text;
  for (const NamedValue& named : fields_of(row)) {
    const bool shown =
        named.value.is_null() || (model != nullptr && disclosure.shows(*model, named.name));
    text +=
        fmt::format("{}{}{}{}", text.empty() ? "" : ", ", escaped(named.name), shown ? " = " : ": ",
                    shown ? value_text(named.value) : hidden_text(named.value));
  }
  return text;
}

std::string name_text(const Subject& subject) {
  if (!subject.relationship.empty()) return escaped(subject.relationship);
  const std::string& owner = subject.model.empty() ? subject.table : subject.model;
  const std::string& part = subject.field.empty() ? subject.column : subject.field;
  if (owner.empty() && part.empty()) return "the database";
  if (part.empty()) return escaped(owner);
  return fmt::format("{}.{}", escaped(owner), escaped(part));
}

std::string standing_text(const Finding& finding) {
  if (finding.standing == Standing::open) return {};
  std::string text(to_string(finding.standing));
  if (!finding.standing_reason.empty()) {
    text += fmt::format(": {}", ommi::printable(finding.standing_reason));
  }
  return text;
}

std::string edit_text(const TextEdit& edit) {
  const std::string file = ommi::printable(edit.file);
  const std::string text = ommi::escaped(edit.text);
  if (edit.lines == 0) return fmt::format("before {}:{} insert: {}", file, edit.line, text);
  if (edit.lines == 1) return fmt::format("replace {}:{} by: {}", file, edit.line, text);
  return fmt::format("replace {}:{}-{} by: {}", file, edit.line, edit.line + edit.lines - 1, text);
}

std::vector<const Finding*> roots(const Diagnosis& diagnosis) {
  return chosen(diagnosis, [](const Finding& finding) {
    return finding.standing == Standing::open && finding.root_cause;
  });
}

std::vector<const Finding*> symptoms(const Diagnosis& diagnosis) {
  return chosen(diagnosis, [](const Finding& finding) {
    return finding.standing == Standing::open && !finding.root_cause;
  });
}

std::vector<const Finding*> known(const Diagnosis& diagnosis) {
  return chosen(diagnosis,
                [](const Finding& finding) { return finding.standing != Standing::open; });
}

}  // namespace doctor::report_parts
