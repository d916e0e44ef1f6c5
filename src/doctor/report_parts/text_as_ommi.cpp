#include <fmt/format.h>

#include "doctor/report_parts/as_ommi.hpp"
#include "doctor/report_parts/text_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t label_width = 8;

std::vector<TableCell> row_of(const OmmiComparison& one) {
  const auto number = [](std::uint64_t count, Tone tone) {
    return TableCell{fmt::format("{}", count), count == 0 ? Tone::plain : tone};
  };
  const std::string name = ommi::escaped(one.relation->name());
  if (!one.unchecked.empty()) return {{name}, {"?"}, {"?"}, {"?"}, {"?"}};
  return {{name},
          number(one.owners, Tone::plain),
          number(one.same, Tone::good),
          number(one.other_rows, Tone::bad),
          number(one.raises, Tone::caution)};
}

std::string detail(const TextContext& context, const OmmiComparison& one) {
  std::string lines;
  for (const auto& [label, text] : facts_of(context.diagnosis.evidence, one)) {
    const std::string padded = fmt::format("  {:<{}} ", label, label_width);
    bool first = true;
    for (const std::string& line : wrapped(text, context.options.width, columns(padded))) {
      lines += fmt::format("{}{}\n", first ? padded : std::string(4, ' '), line);
      first = false;
    }
  }
  if (lines.empty()) return {};
  return '\n' + context.paint(ommi::escaped(one.relation->name()), Tone::strong) + '\n' + lines;
}

}  // namespace

std::string as_ommi_lines(const TextContext& context) {
  const Evidence& evidence = context.diagnosis.evidence;
  if (evidence.as_ommi.empty()) return {};
  std::vector<std::vector<TableCell>> rows;
  for (const OmmiComparison& one : evidence.as_ommi) rows.push_back(row_of(one));
  std::string out = context.paint(as_ommi_heading(evidence.ommi), Tone::strong) + "\n\n" +
                    table({{"relationship", false, 18},
                           {"owners", true},
                           {"same", true},
                           {"other rows", true},
                           {"raises", true}},
                          rows, context.options.width, context.paint);
  for (const OmmiComparison& one : evidence.as_ommi) out += detail(context, one);
  return out;
}

}  // namespace doctor::report_parts
