/// \file
/// An explanation for a terminal.

#include <algorithm>

#include <fmt/format.h>

#include "doctor/exceptions/words.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/phrases.hpp"
#include "doctor/rule.hpp"

namespace doctor::exceptions {
namespace {

using report_parts::Tone;

constexpr std::size_t most_shown = 3;  // findings of one cause
constexpr std::size_t hanging = 4;

Tone tone_of(Certainty certainty) noexcept {
  switch (certainty) {
    case Certainty::confirmed:
      return Tone::bad;
    case Certainty::elsewhere:
      return Tone::caution;
    case Certainty::possible:
    case Certainty::ruled_out:
      break;
  }
  return Tone::faint;
}

class Writer {
 public:
  Writer(const Report& report, const TextOptions& options)
      : report_(report), paint_(options.color), width_(std::max(options.width, 40U)) {}

  std::string write() {
    for (const Recognised& known : report_.explanation.known) add(known);
    add_hidden();
    for (const std::string& fact : tables_named(report_.explanation, report_.looked))
      label("fact", fact);
    add_strangers();
    out_ += '\n' + paint_(summary_of(report_.causes), Tone::strong) + '\n';
    for (const Cause& cause : report_.causes) {
      if (cause.certainty != Certainty::ruled_out) add(cause);
    }
    add_ruled_out();
    return std::move(out_);
  }

 private:
  void label(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ += report_parts::labelled(paint_, width_, name, ommi::printable(text));
  }

  void title(std::string_view text, std::size_t taken) {
    bool first = true;
    for (const std::string& line : report_parts::wrapped(text, width_ - hanging, taken)) {
      out_ += fmt::format("{}{}\n", first ? "" : "    ", paint_(line, Tone::strong));
      first = false;
    }
  }

  void add(const Recognised& known) {
    const Exception& exception = report_.explanation.pasted.exceptions[known.exception];
    if (!out_.empty()) out_ += '\n';
    title(said(exception), 0);
    label("is", known.pattern->name);
    label("means", known.pattern->meaning);
    if (exception.link != Link::first) label("raised", link_text(exception.link));
    label("at", place_of(exception));
    label("ommi", known.pattern->versions);
  }

  void add_hidden() {
    if (!report_.explanation.hidden()) return;
    const std::string code = way_to_hidden(report_.explanation);
    label("hides", code.empty() ? "another exception: the traceback shows it above this one"
                                : "another exception, which says what happened; this shows it:");
    if (!code.empty()) out_ += report_parts::pasted(paint_, "", ommi::printable(code));
  }

  /// What stands in a traceback and is not in the catalogue.
  void add_strangers() {
    for (const Exception* stranger : strangers_of(report_.explanation)) {
      out_ += '\n';
      title(said(*stranger), 0);
      label("means", "nothing that is known here");
    }
    const std::size_t left_out = report_.explanation.pasted.left_out;
    if (left_out > 0) {
      out_ += fmt::format(
          "\n{} not looked at: the text is too long\n",
          report_parts::counted(left_out, "line or exception is", "lines or exceptions are"));
    }
  }

  void add(const Cause& cause) {
    const std::string certainty(to_string(cause.certainty));
    const std::string head = head_of(cause.candidate);
    out_ += '\n' + paint_(certainty, tone_of(cause.certainty)) + ' ';
    title(head, certainty.size() + 1);
    if (cause.certainty == Certainty::elsewhere)
      label("but", "its rule finds it only where the text does not point to");
    add_findings(cause);
    if (cause.certainty != Certainty::confirmed) {
      label("check", cause.candidate.check);
      label("next", cause.candidate.remedy);
      label("open", cause.why);
    }
    if (find_rule(cause.candidate.code) != nullptr)
      label("more", fmt::format("ommi-doctor rule {}", cause.candidate.code));
  }

  void add_findings(const Cause& cause) {
    const std::size_t shown = std::min(most_shown, cause.found.size());
    for (std::size_t at = 0; at < shown; ++at) {
      const Finding& finding = *cause.found[at];
      label("found", found_text(finding));
      if (finding.remedies.empty()) continue;
      const Remedy& remedy = finding.remedies.front();
      label("next", fmt::format("{} ({})", remedy.title, to_string(remedy.safety)));
      for (const TextEdit& edit : remedy.edits) {
        for (const std::string& line : report_parts::edit_lines(edit))
          out_ += report_parts::pasted(paint_, "", line);
      }
      for (const std::string& sql : remedy.sql)
        out_ += report_parts::pasted(paint_, "", report_parts::one_line(sql));
    }
    if (cause.found.size() > shown)
      label("", fmt::format("… and {} more", cause.found.size() - shown));
  }

  void add_ruled_out() {
    std::string lines;
    for (const Cause& cause : report_.causes) {
      if (cause.certainty != Certainty::ruled_out) continue;
      const std::string text = fmt::format("{}: {}", head_of(cause.candidate), cause.why);
      bool first = true;
      for (const std::string& line : report_parts::wrapped(text, width_ - hanging)) {
        lines += fmt::format("{}{}\n", first ? "  " : "    ", line);
        first = false;
      }
    }
    if (!lines.empty()) out_ += '\n' + paint_("ruled out", Tone::strong) + '\n' + lines;
  }

  const Report& report_;
  report_parts::Painter paint_;
  unsigned width_;
  std::string out_;
};

}  // namespace

std::string as_text(const Report& report, const TextOptions& options) {
  return Writer(report, options).write();
}

}  // namespace doctor::exceptions
