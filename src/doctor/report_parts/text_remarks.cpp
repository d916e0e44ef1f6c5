#include <fmt/format.h>

#include "doctor/report_parts/text_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

std::string entry(const TextContext& context, const std::string& text) {
  std::string out;
  for (const std::string& line : wrapped(text, context.options.width - 2)) {
    out += fmt::format("{}{}\n", out.empty() ? "  " : "    ", line);
  }
  return out;
}

std::string suggestions(const TextContext& context) {
  const auto& all = context.diagnosis.sources.draft.suggestions;
  if (all.empty()) return {};
  std::string out = context.paint("suggestions, not judged", Tone::strong) + '\n';
  if (!context.options.verbose) {
    return out +
           entry(context,
                 fmt::format("{} below the threshold, --verbose or the command models lists them",
                             counted(all.size(), "reference", "references")));
  }
  for (const Suggestion& suggestion : all) out += entry(context, suggestion_text(suggestion));
  return out;
}

/// What lazy fields do that these rows could not show.
std::string unobserved(const TextContext& context) {
  if (!context.options.verbose) return {};
  std::string lines;
  for (const LazyObservation& seen : context.diagnosis.evidence.lazy_fields) {
    for (const std::string& what : seen.unobserved) {
      lines += entry(context, fmt::format("{}: {}", ommi::escaped(seen.relation->name()), what));
    }
  }
  if (lines.empty()) return {};
  return context.paint("lazy fields, what these rows cannot show", Tone::strong) + '\n' + lines;
}

std::string notes(const TextContext& context) {
  const auto& own = context.diagnosis.notes;
  if (own.empty()) return {};
  std::string out = context.paint("notes", Tone::strong) + '\n';
  for (const std::string& note : own) out += entry(context, ommi::printable(note));
  return out;
}

std::string skipped(const TextContext& context) {
  if (context.diagnosis.skipped.empty()) return {};
  std::string out = context.paint("incomplete, not looked at", Tone::bad) + '\n';
  for (const Skipped& one : context.diagnosis.skipped) {
    out +=
        entry(context, fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why)));
  }
  return out;
}

}  // namespace

std::string remark_lines(const TextContext& context) {
  std::string out;
  const auto append = [&out](const std::string& section) {
    if (section.empty()) return;
    if (!out.empty()) out += '\n';
    out += section;
  };
  if (!context.options.quiet) {
    append(suggestions(context));
    append(unobserved(context));
    append(notes(context));
  }
  append(skipped(context));
  return out;
}

}  // namespace doctor::report_parts
