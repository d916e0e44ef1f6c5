#include "doctor/exceptions/words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/exceptions/clues.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/phrases.hpp"
#include "doctor/rule.hpp"

namespace doctor::exceptions {
namespace {

constexpr std::size_t longest_message = 400;

std::size_t count_of(const std::vector<Cause>& causes, Certainty certainty) {
  return static_cast<std::size_t>(
      std::count_if(causes.begin(), causes.end(),
                    [&](const Cause& cause) { return cause.certainty == certainty; }));
}

}  // namespace

std::string said(const Exception& exception) {
  std::string text = exception.type;
  if (!text.empty() && !exception.message.empty()) text += ": ";
  return report_parts::cut(ommi::escaped(text + exception.message), longest_message);
}

std::string link_text(Link link) {
  switch (link) {
    case Link::cause:
      return "from the one above";
    case Link::context:
      return "while the one above was handled";
    case Link::beside:
      return "beside the others of its group";
    case Link::first:
      break;
  }
  return {};
}

std::string place_of(const Exception& exception) {
  for (auto frame = exception.frames.rbegin(); frame != exception.frames.rend(); ++frame) {
    if (!frame->file.empty())
      return ommi::escaped(ommi::Place{frame->file, frame->line}.to_string());
  }
  return {};
}

std::string way_to_hidden(const Explanation& explanation) {
  if (!explanation.hidden()) return {};
  constexpr std::string_view place = "{field}";
  const std::string field =
      explanation.awaited.empty() ? "instance.field" : ommi::escaped(explanation.awaited);
  for (const Recognised& known : explanation.known) {
    std::string code(known.pattern->shows);
    if (code.empty()) continue;
    const std::size_t at = code.find(place);
    return at == std::string::npos ? code : code.replace(at, place.size(), field);
  }
  return {};
}

std::vector<const Exception*> strangers_of(const Explanation& explanation) {
  std::vector<const Exception*> strangers;
  const auto& exceptions = explanation.pasted.exceptions;
  for (std::size_t at = 0; at < exceptions.size(); ++at) {
    const bool known = std::any_of(explanation.known.begin(), explanation.known.end(),
                                   [&](const Recognised& one) { return one.exception == at; });
    if (!known && exceptions[at].traced) strangers.push_back(&exceptions[at]);
  }
  return strangers;
}

std::string head_of(const Candidate& candidate) {
  const Rule* const rule = find_rule(candidate.code);
  if (rule == nullptr) return std::string(candidate.cause);
  return fmt::format("{} {}: {}", rule->code, rule->name, candidate.cause);
}

std::string found_text(const Finding& finding) {
  const std::string place = finding.place.line == 0 ? report_parts::name_text(finding.subject)
                                                    : ommi::printable(finding.place.to_string());
  return fmt::format("{}: {}", place, ommi::printable(finding.message));
}

std::vector<std::string> tables_named(const Explanation& explanation, const Looked& looked) {
  std::vector<std::string> facts;
  if (!looked.database || looked.diagnosis->evidence.schema == nullptr) return facts;
  const ommi::Schema& schema = *looked.diagnosis->evidence.schema;
  std::vector<std::string> tables;
  for (const ommi::Table& table : schema.tables) tables.push_back(table.name);
  const std::string database = ommi::escaped(looked.diagnosis->database.name);
  for (const Recognised& known : explanation.known) {
    for (const Capture& capture : known.captures) {
      if (capture.word != "table") continue;
      const std::string name = bare_name(capture.text);
      if (schema.find_table(name) != nullptr) {
        facts.push_back(
            fmt::format("{} has a table {}: the program opened another file, or it was made since",
                        database, ommi::escaped(name)));
        continue;
      }
      const std::string near = ommi::nearest(name, tables);
      facts.push_back(fmt::format("{} has no table {}{}", database, ommi::escaped(name),
                                  near.empty() ? "" : "; the nearest is " + ommi::escaped(near)));
    }
  }
  return facts;
}

std::string summary_of(const std::vector<Cause>& causes) {
  const std::size_t confirmed = count_of(causes, Certainty::confirmed);
  const std::size_t ruled_out = count_of(causes, Certainty::ruled_out);
  std::string text = report_parts::counted(causes.size(), "cause", "causes");
  if (confirmed > 0) text += fmt::format(", {} confirmed", confirmed);
  if (ruled_out > 0) text += fmt::format(", {} ruled out", ruled_out);
  return text + (confirmed > 0 || causes.size() < 2 ? "" : ", most likely first");
}

}  // namespace doctor::exceptions
