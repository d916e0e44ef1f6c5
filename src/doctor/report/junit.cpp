#include <algorithm>

#include <fmt/format.h>

#include "doctor/report.hpp"
#include "doctor/report_parts/finding_text.hpp"
#include "doctor/report_parts/gate.hpp"
#include "doctor/report_parts/markup.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using report_parts::markup;

std::string seconds(std::int64_t nanoseconds) {
  return fmt::format("{:.3f}", static_cast<double>(std::max<std::int64_t>(nanoseconds, 0)) / 1e9);
}

// An element with a message and lines of text, which may be none.
std::string element(std::string_view name, std::string_view type, std::string_view message,
                    const std::vector<std::string>& lines) {
  std::string out =
      fmt::format("      <{} type=\"{}\" message=\"{}\"", name, markup(type), markup(message));
  if (lines.empty()) return out + "/>\n";
  out += '>';
  for (const std::string& line : lines) out += markup(line) + '\n';
  return out + fmt::format("</{}>\n", name);
}

class Suite {
 public:
  Suite(const Diagnosis& diagnosis, const ReportOptions& options)
      : diagnosis_(diagnosis),
        options_(options),
        disclosure_(diagnosis.sources.catalog.get(), options.show_values) {}

  [[nodiscard]] std::string text() && {
    relationships();
    for (const Finding& finding : diagnosis_.findings) {
      if (!is_observed(finding)) rule_level(finding);
    }
    unfinished();
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests_, failures_, errors_);
    const std::string time = seconds(diagnosis_.duration_ns);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"ommi-doctor\" {0} time=\"{1}\">\n"
        "  <testsuite name=\"{2}\" {0} skipped=\"{3}\" time=\"{1}\">\n{4}{5}{6}"
        "  </testsuite>\n</testsuites>\n",
        counts, time, markup(diagnosis_.database.name), skipped_, properties(), cases_,
        system_out());
  }

 private:
  [[nodiscard]] const RelationshipObservation* observed(const std::string& name) const {
    for (const RelationshipObservation& seen : diagnosis_.evidence.relationships) {
      if (seen.relation->name() == name) return &seen;
    }
    return nullptr;
  }

  [[nodiscard]] bool is_observed(const Finding& finding) const {
    return !finding.subject.relationship.empty() &&
           observed(finding.subject.relationship) != nullptr;
  }

  void relationships() {
    const auto& all = diagnosis_.evidence.relationships;
    for (std::size_t at = 0; at < all.size(); ++at) {
      const RelationshipObservation& seen = all[at];
      const std::string name = seen.relation->name();
      std::vector<const Finding*> findings;
      for (const Finding& finding : diagnosis_.findings) {
        if (finding.subject.relationship == name) findings.push_back(&finding);
      }
      const bool unchecked =
          at >= diagnosis_.verdicts.size() || diagnosis_.verdicts[at] == Verdict::unchecked;
      std::string why;
      if (unchecked) {
        why = seen.error ? seen.error->message() : "not looked at, or not at all of it";
      }
      const std::string owner =
          seen.relation->owner == nullptr ? std::string() : seen.relation->owner->name();
      test_case(owner, name, seconds(seen.duration_ns), findings, why);
    }
  }

  void rule_level(const Finding& finding) {
    test_case(std::string(finding.code),
              fmt::format("{} {}", finding.name, report_parts::name_text(finding.subject)), "0.000",
              {&finding}, {});
  }

  // One failure holds all that fails: most readers of this format take the first one only.
  void test_case(const std::string& group, const std::string& name, const std::string& time,
                 const std::vector<const Finding*>& findings, const std::string& unchecked) {
    std::vector<const Finding*> failing;
    std::vector<std::string> others;
    for (const Finding* finding : findings) {
      if (report_parts::fails(*finding, options_)) {
        failing.push_back(finding);
      } else {
        add_lines(*finding, others);
      }
    }
    std::string content;
    if (!failing.empty()) {
      std::vector<std::string> lines;
      for (const Finding* finding : failing) add_lines(*finding, lines);
      content += element("failure", fmt::format("{} {}", failing[0]->code, failing[0]->name),
                         failing[0]->message, lines);
      ++failures_;
    } else if (!unchecked.empty()) {
      content += element("skipped", "unchecked", unchecked, {});
      ++skipped_;
    }
    if (!others.empty()) {
      content += "      <system-out>";
      for (const std::string& line : others) content += markup(line) + '\n';
      content += "</system-out>\n";
    }
    add_case(group, name, time, content);
  }

  void add_lines(const Finding& finding, std::vector<std::string>& lines) const {
    lines.push_back(fmt::format("{} {} {}: {}", to_string(finding.level), finding.code,
                                finding.name, ommi::printable(finding.message)));
    for (std::string& line : report_parts::detail_lines(diagnosis_, finding, disclosure_)) {
      lines.push_back("  " + std::move(line));
    }
  }

  void add_case(std::string_view group, std::string_view name, std::string_view time,
                const std::string& content) {
    ++tests_;
    cases_ += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
                          markup(ommi::escaped(group)), markup(ommi::escaped(name)), time);
    cases_ += content.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", content);
  }

  // What was left out is skipped, one by one; that anything was makes the run an error.
  void unfinished() {
    std::vector<std::string> lines;
    for (const Skipped& one : diagnosis_.skipped) {
      ++skipped_;
      add_case("incomplete", one.what, "0.000", element("skipped", "incomplete", one.why, {}));
      lines.push_back(fmt::format("{}: {}", ommi::printable(one.what), ommi::printable(one.why)));
    }
    std::string content;
    if (!diagnosis_.complete()) {
      ++errors_;
      content = element("error", "incomplete", "not everything could be looked at", lines);
    }
    add_case("ommi-doctor", "everything was looked at", seconds(diagnosis_.duration_ns), content);
  }

  [[nodiscard]] std::string properties() const {
    std::string out = "    <properties>\n";
    const auto add = [&out](std::string_view name, const std::string& value) {
      out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, markup(value));
    };
    add("version", OMMI_DOCTOR_VERSION);
    add("driver", diagnosis_.database.driver);
    add("database", diagnosis_.database.name);
    add("complete", diagnosis_.complete() ? "true" : "false");
    add("exhaustive", diagnosis_.exhaustive ? "true" : "false");
    add("rows_swept", fmt::format("{}", diagnosis_.rows_swept));
    add("driver_calls", fmt::format("{}", diagnosis_.driver_calls));
    for (const Level level : {Level::error, Level::warning, Level::info}) {
      add(to_string(level), fmt::format("{}", diagnosis_.count(level)));
    }
    for (const Standing standing : {Standing::baselined, Standing::suppressed}) {
      add(to_string(standing), fmt::format("{}", diagnosis_.count(standing)));
    }
    return out + "    </properties>\n";
  }

  [[nodiscard]] std::string system_out() const {
    std::string out =
        fmt::format("    <system-out>{}\n{}\n", markup(report_parts::heading_text(diagnosis_)),
                    markup(report_parts::summary_text(diagnosis_)));
    for (const std::string& note : diagnosis_.notes) {
      out += fmt::format("note: {}\n", markup(note));
    }
    return out + "</system-out>\n";
  }

  const Diagnosis& diagnosis_;
  const ReportOptions& options_;
  report_parts::Disclosure disclosure_;
  std::size_t tests_ = 0;
  std::size_t failures_ = 0;
  std::size_t errors_ = 0;
  std::size_t skipped_ = 0;
  std::string cases_;
};

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  return Suite(diagnosis, options).text();
}

}  // namespace

extern constinit const ReportFormat junit = {
    .name = "junit", .summary = "JUnit XML, for build servers", .write = write};

}  // namespace doctor::report
