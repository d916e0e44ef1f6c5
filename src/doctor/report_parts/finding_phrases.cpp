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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find('\n', start);
    lines.push_back(ommi::printable(text.substr(start, end - start)));
    if (end == std::string::npos) return lines;
    start = end + 1;
  }
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

std::vector<std::string> edit_lines(const TextEdit& edit) {
  const std::string file = ommi::printable(edit.file);
  if (edit.lines > 0 && edit.old.empty()) {
    return {fmt::format("replace {}:{}-{} by: {}", file, edit.line, edit.line + edit.lines - 1,
                        ommi::escaped(edit.text))};
  }
  const std::vector<std::string> added = lines_of(edit.text);
  const auto range = [](unsigned line, std::size_t count) {
    return count == 1 ? fmt::format("{}", line) : fmt::format("{},{}", line, count);
  };
  const unsigned from = edit.lines == 0 ? edit.line - 1 : edit.line;
  std::vector<std::string> diff = {
      "--- " + file, "+++ " + file,
      fmt::format("@@ -{} +{} @@", range(from, edit.lines), range(edit.line, added.size()))};
  if (edit.lines > 0) {
    for (const std::string& line : lines_of(edit.old)) diff.push_back("-" + line);
  }
  for (const std::string& line : added) diff.push_back("+" + line);
  return diff;
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
