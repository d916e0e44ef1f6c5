// ommi-doctor rule: what a rule looks for, why it matters, what to do.

#include "doctor/rule.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/checks.hpp"
#include "cli/command.hpp"
#include "cli/document.hpp"
#include "cli/message.hpp"
#include "doctor/report_parts/layout.hpp"

namespace cli::commands {
namespace {

using Rules = std::vector<const doctor::Rule*>;

struct Options {
  std::string rule;
  std::string format = "text";
  bool all = false;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

std::string as_markdown(const doctor::Rule& rule) {
  std::string out = fmt::format("# {} {}\n\n{}: {}\n\n{}\n", rule.code, rule.name,
                                to_string(rule.level), rule.summary, trimmed(rule.explanation));
  out += fmt::format("\n## A database that it finds fault with\n\n```sql\n{}\n```\n",
                     trimmed(rule.failing.sql));
  if (!rule.failing.manifest.empty()) {
    out += fmt::format("\nwith the models\n\n```json\n{}\n```\n", trimmed(rule.failing.manifest));
  }
  if (!rule.failing.lazy_fault.empty()) {
    out += fmt::format("\nread through lazy fields with the fault: {}\n", rule.failing.lazy_fault);
  }
  if (!rule.failing.python.empty()) {
    out += fmt::format("\nwith the models\n\n```python\n{}\n```\n", trimmed(rule.failing.python));
  }
  if (!rule.failing.fault.empty()) {
    out += fmt::format("\nread through a driver of which each answer to a load is: {}\n",
                       rule.failing.fault);
  }
  out += fmt::format("\n## The same, sound\n\n```sql\n{}\n```\n", trimmed(rule.fixed.sql));
  if (!rule.fixed.python.empty()) {
    out += fmt::format("\nwith the models\n\n```python\n{}\n```\n", trimmed(rule.fixed.python));
  }
  if (!rule.fixed.manifest.empty() && rule.fixed.manifest != rule.failing.manifest) {
    out += fmt::format("\nwith the models\n\n```json\n{}\n```\n", trimmed(rule.fixed.manifest));
  }
  return out;
}

// Markdown as a person reads it in a terminal: headings without marks, code set in.
std::string as_text(const doctor::Rule& rule) {
  const std::string markdown = as_markdown(rule);
  std::string out;
  bool code = false;
  for (std::size_t at = 0; at < markdown.size();) {
    const std::size_t end = markdown.find('\n', at);
    std::string_view line = std::string_view(markdown).substr(at, end - at);
    at = end + 1;
    if (line.rfind("```", 0) == 0) {
      code = !code;
      continue;
    }
    if (!code && line.rfind("# ", 0) == 0) line.remove_prefix(2);
    if (!code && line.rfind("## ", 0) == 0) line.remove_prefix(3);
    out += fmt::format("{}{}\n", code && !line.empty() ? "    " : "", line);
  }
  return out;
}

nlohmann::ordered_json example_json(const doctor::Example& example) {
  nlohmann::ordered_json manifest = nullptr;
  if (!example.manifest.empty()) manifest = nlohmann::ordered_json::parse(example.manifest);
  nlohmann::ordered_json shown = {{"sql", trimmed(example.sql)}, {"manifest", manifest}};
  if (!example.python.empty()) shown["python"] = trimmed(example.python);
  if (!example.fault.empty()) shown["fault"] = example.fault;
  if (!example.lazy_fault.empty()) shown["lazy_fault"] = example.lazy_fault;
  return shown;
}

std::string as_json(const Rules& rules) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const doctor::Rule* rule : rules) {
    list.push_back({{"code", rule->code},
                    {"name", rule->name},
                    {"level", to_string(rule->level)},
                    {"summary", rule->summary},
                    {"explanation", trimmed(rule->explanation)},
                    {"failing", example_json(rule->failing)},
                    {"fixed", example_json(rule->fixed)}});
  }
  const nlohmann::ordered_json out = {{"schema_version", 1}, {"rules", std::move(list)}};
  return out.dump(2) + '\n';
}

std::string listed(const Rules& rules, const std::string& format, unsigned width) {
  using doctor::report_parts::TableCell;
  if (format == "markdown") {
    std::string out = "| code | name | level | what it finds |\n| --- | --- | --- | --- |\n";
    for (const doctor::Rule* rule : rules) {
      out += fmt::format("| {} | {} | {} | {} |\n", rule->code, rule->name, to_string(rule->level),
                         rule->summary);
    }
    return out;
  }
  std::vector<std::vector<TableCell>> rows;
  for (const doctor::Rule* rule : rules) {
    rows.push_back({{std::string(rule->code)},
                    {std::string(rule->name)},
                    {std::string(to_string(rule->level))},
                    {std::string(rule->summary)}});
  }
  return doctor::report_parts::table({{"code"}, {"name"}, {"level"}, {"what it finds", false, 30}},
                                     rows, width, doctor::report_parts::Painter(false)) +
         "\n'ommi-doctor rule CODE' explains one, --all explains every one\n";
}

std::string explained(const Rules& rules, const std::string& format) {
  std::string out;
  for (const doctor::Rule* rule : rules) {
    if (!out.empty()) out += "\n\n";
    out += format == "markdown" ? as_markdown(*rule) : as_text(*rule);
  }
  return out;
}

int complain_about(const std::string& name, Terminal& terminal) {
  std::vector<std::string> names;
  for (const doctor::Rule* rule : doctor::all_rules()) {
    names.emplace_back(rule->code);
    names.emplace_back(rule->name);
  }
  const std::string near = ommi::nearest(name, names);
  complain(
      terminal.err, name, "no rule has this code or name",
      near.empty() ? "'ommi-doctor rule' lists them" : fmt::format("did you mean '{}'?", near));
  return exit_trouble;
}

int show_rules(const Options& options, Terminal& terminal) {
  const auto every = doctor::all_rules();
  Rules rules(every.begin(), every.end());
  if (!options.rule.empty()) {
    const doctor::Rule* rule = doctor::find_rule(options.rule);
    if (rule == nullptr) return complain_about(options.rule, terminal);
    rules = {rule};
  }
  const bool list = options.rule.empty() && !options.all;
  Document document(terminal.out);
  document.write(options.format == "json" ? as_json(rules)
                 : list                   ? listed(rules, options.format, terminal.width)
                                          : explained(rules, options.format));
  const bool written = document.finish();
  if (written || document.abandoned()) return exit_clean;
  complain(terminal.err, "stdout", fmt::format("cannot be written: {}", document.problem()));
  return exit_trouble;
}

void declare(CLI::App& app, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("rule", "Explain a rule: what it finds, why it matters, what to do");
  CLI::Option* rule =
      command->add_option("RULE", options->rule, "Its code or name; without one, all are listed");
  command->add_flag("--all", options->all, "Explain every rule")->excludes(rule);
  command->add_option("--format,-f", options->format, "How to print: text, json or markdown")
      ->check(one_of("format", {"text", "json", "markdown"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  ommi-doctor rule DAT001\n"
      "  ommi-doctor rule dangling-reference --format markdown\n"
      "  ommi-doctor rule --all --format json");
  command->callback([&chosen, options] {
    chosen = [options](Terminal& terminal) { return show_rules(*options, terminal); };
  });
}

}  // namespace

extern constinit const Command rule = {.declare = declare};

}  // namespace cli::commands
