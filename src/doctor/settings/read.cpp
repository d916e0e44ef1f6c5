#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <toml++/toml.h>

#include <fmt/format.h>

#include "doctor/ommi_release.hpp"
#include "doctor/selection.hpp"
#include "doctor/settings.hpp"

namespace doctor {
namespace {

using ommi::DatabaseError;
using ommi::ErrorCode;
using Texts = std::vector<std::string>;

/// Reads one table: each key is asked for by name, and one that nobody asked for is an error.
class Table {
 public:
  Table(const toml::table& table, const std::string& file, std::string what)
      : table_(table), file_(file), what_(std::move(what)) {}

  [[nodiscard]] ommi::Place place() const { return place_of(table_); }
  [[nodiscard]] ommi::Place place_of(const toml::node& node) const {
    return {file_, static_cast<unsigned>(node.source().begin.line)};
  }
  [[noreturn]] void fail(const toml::node& node, const std::string& why) const {
    throw DatabaseError(ErrorCode::model, fmt::format("{}: {}", place_of(node).to_string(), why));
  }

  const toml::node* find(const std::string& key) {
    asked_.push_back(key);
    return table_.get(key);
  }
  /// The value of a key that must be there.
  const toml::node& need(const std::string& key) {
    const toml::node* node = find(key);
    if (node == nullptr) fail(table_, fmt::format("{} needs a '{}'", what_, key));
    return *node;
  }

  [[nodiscard]] std::string text(const toml::node& node, std::string_view key) const {
    const auto value = node.value_exact<std::string>();
    if (!value) fail(node, fmt::format("'{}' must be a text in quotes", key));
    return *value;
  }
  [[nodiscard]] std::string need_text(const std::string& key) {
    const toml::node& node = need(key);
    std::string value = text(node, key);
    if (value.empty()) fail(node, fmt::format("'{}' must not be empty", key));
    return value;
  }
  [[nodiscard]] std::string text_or_empty(const std::string& key) {
    const toml::node* node = find(key);
    return node == nullptr ? std::string() : text(*node, key);
  }
  [[nodiscard]] Texts texts(const toml::node& node, std::string_view key) const {
    const toml::array* array = node.as_array();
    if (array == nullptr) fail(node, fmt::format("'{}' must be a list of texts: [\"…\"]", key));
    Texts all;
    for (const toml::node& each : *array) all.push_back(text(each, key));
    return all;
  }
  [[nodiscard]] bool flag(const toml::node& node, std::string_view key) const {
    const auto value = node.value_exact<bool>();
    if (!value) fail(node, fmt::format("'{}' must be true or false", key));
    return *value;
  }
  [[nodiscard]] std::uint64_t whole(const toml::node& node, std::string_view key,
                                    std::int64_t least = 0,
                                    std::int64_t greatest = 1'000'000'000'000) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > greatest)
      fail(node, fmt::format("'{}' must be a whole number from {} to {}", key, least, greatest));
    return static_cast<std::uint64_t>(*value);
  }
  [[nodiscard]] double number(const toml::node& node, std::string_view key) const {
    constexpr double greatest = 1e8;
    const auto value = node.value<double>();
    const bool fits = node.is_number() && value && *value >= 0 && *value <= greatest;
    if (!fits) fail(node, fmt::format("'{}' must be a number from 0 to {}", key, greatest));
    return *value;
  }
  [[nodiscard]] Level level(const toml::node& node, std::string_view key) const {
    const std::string name = text(node, key);
    for (const Level level : {Level::info, Level::warning, Level::error}) {
      if (name == to_string(level)) return level;
    }
    fail(node, fmt::format("no level is named '{}'; there are info, warning, error",
                           ommi::escaped(name)));
  }
  [[nodiscard]] const toml::table& table(const toml::node& node, std::string_view key) const {
    const toml::table* found = node.as_table();
    if (found == nullptr) fail(node, fmt::format("'{}' must be a table", key));
    return *found;
  }

  /// After all keys were asked for.
  void refuse_others() const {
    for (const auto& [key, value] : table_) {
      const std::string name(key.str());
      if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      const std::string near = ommi::nearest(name, asked_);
      fail(value, fmt::format("{} has no key '{}'; {}", what_, ommi::escaped(name),
                              near.empty() ? fmt::format("there are {}", fmt::join(asked_, ", "))
                                           : fmt::format("did you mean '{}'?", near)));
    }
  }

 private:
  const toml::table& table_;
  const std::string& file_;
  std::string what_;
  Texts asked_;
};

class SettingsReader {
 public:
  SettingsReader(const toml::table& document, const std::string& file, const Texts& formats)
      : file_(file), formats_(formats), top_(document, file_, "the configuration") {
    settings_.file = file;
  }

  Settings read() {
    read_values();
    read_outputs();
    each("suppress", [this](Table& table) { read_suppression(table); });
    each("rule", [this](Table& table) { read_rule(table); });
    each("scenario", [this](Table& table) { read_scenario(table); });
    top_.refuse_others();
    check_selectors();
    return std::move(settings_);
  }

 private:
  template <class T, class Read>
  void set(const std::string& key, Setting<T>& setting, Read&& read) {
    const toml::node* node = top_.find(key);
    if (node == nullptr) return;
    setting.value = read(*node);
    setting.origin = top_.place_of(*node).to_string();
  }
  void set_text(const std::string& key, Setting<std::string>& setting) {
    set(key, setting, [&](const toml::node& node) { return top_.text(node, key); });
  }
  void set_file(const std::string& key, Setting<std::string>& setting) {
    set(key, setting, [&](const toml::node& node) { return beside(top_.text(node, key)); });
  }
  void set_texts(const std::string& key, Setting<Texts>& setting) {
    set(key, setting, [&](const toml::node& node) { return top_.texts(node, key); });
  }
  void set_flag(const std::string& key, Setting<bool>& setting) {
    set(key, setting, [&](const toml::node& node) { return top_.flag(node, key); });
  }
  void set_number(const std::string& key, Setting<double>& setting) {
    set(key, setting, [&](const toml::node& node) { return top_.number(node, key); });
  }

  /// A file that the configuration names lies beside it, unless it says where.
  [[nodiscard]] std::string beside(const std::string& named) const {
    const std::filesystem::path folder = std::filesystem::path(file_).parent_path();
    return named.empty() ? named : (folder / named).lexically_normal().string();
  }

  void read_values() {
    set_text("name", settings_.name);
    set("models", settings_.models, [&](const toml::node& node) { return models(node); });
    set("python", settings_.python, [&](const toml::node& node) { return program(node); });
    set_number("python-timeout", settings_.python_timeout);
    set("ommi-version", settings_.ommi_version,
        [&](const toml::node& node) { return ommi_version(node); });
    set_flag("views", settings_.views);
    set_flag("infer", settings_.infer);
    set_texts("select", settings_.select);
    set_texts("extend-select", settings_.extend_select);
    set_texts("ignore", settings_.ignore);
    set("levels", settings_.levels, [&](const toml::node& node) { return levels(node); });
    set("fail-on", settings_.fail_on, [&](const toml::node& node) { return fail_on(node); });
    set("max-warnings", settings_.max_warnings,
        [&](const toml::node& node) { return std::optional(top_.whole(node, "max-warnings")); });
    set("sample", settings_.sample,
        [&](const toml::node& node) { return top_.whole(node, "sample"); });
    set("jobs", settings_.jobs,
        [&](const toml::node& node) { return top_.whole(node, "jobs", 1, most_jobs); });
    set("memory", settings_.memory, [&](const toml::node& node) { return memory(node); });
    set_number("timeout", settings_.timeout);
    set_number("lock-timeout", settings_.lock_timeout);
    set_number("sweep-timeout", settings_.sweep_timeout);
    set_file("baseline", settings_.baseline);
    set_file("snapshot", settings_.snapshot);
  }

  [[nodiscard]] Texts models(const toml::node& node) const {
    if (!node.is_string() && !node.is_array())
      top_.fail(node, "'models' must be a text in quotes, or a list of such: [\"…\"]");
    Texts all = node.is_string() ? Texts{top_.text(node, "models")} : top_.texts(node, "models");
    if (node.is_string() && all.front().empty()) return {};
    for (std::string& one : all) {
      if (one.empty()) top_.fail(node, "'models' must not have an empty text");
      one = beside(one);
    }
    return all;
  }

  /// A program without a folder is looked for on the PATH.
  [[nodiscard]] std::string program(const toml::node& node) const {
    std::string name = top_.text(node, "python");
    return name.find('/') == std::string::npos ? name : beside(name);
  }

  [[nodiscard]] std::map<std::string, Level> levels(const toml::node& node) const {
    std::map<std::string, Level> all;
    for (const auto& [selector, value] : top_.table(node, "levels"))
      all[std::string(selector.str())] = top_.level(value, selector.str());
    return all;
  }

  [[nodiscard]] std::string fail_on(const toml::node& node) const {
    std::string name = top_.text(node, "fail-on");
    const Texts names = fail_on_names();
    if (std::find(names.begin(), names.end(), name) != names.end()) return name;
    top_.fail(node, fmt::format("'fail-on' is one of {}, and not '{}'", fmt::join(names, ", "),
                                ommi::escaped(name)));
  }

  [[nodiscard]] std::string ommi_version(const toml::node& node) const {
    std::string name = top_.text(node, "ommi-version");
    if (parse_ommi_release(name)) return name;
    top_.fail(node, fmt::format("'ommi-version' is one of {}, and not '{}'",
                                fmt::join(ommi_release_names(), ", "), ommi::escaped(name)));
  }

  [[nodiscard]] std::uint64_t memory(const toml::node& node) const {
    const auto bytes = parse_size(top_.text(node, "memory"));
    if (!bytes) top_.fail(node, "'memory' must be a size of 1MiB or more, such as \"256MiB\"");
    return *bytes;
  }

  void read_outputs() {
    const toml::node* node = top_.find("output");
    if (node == nullptr) return;
    settings_.output.origin = top_.place_of(*node).to_string();
    for (const std::string& output : top_.texts(*node, "output")) {
      if (const std::string why = problem_of_output(output, formats_); !why.empty())
        top_.fail(*node, why);
      const std::size_t equals = output.find('=');
      settings_.output.value.push_back(output.substr(0, equals + 1) +
                                       beside(output.substr(equals + 1)));
    }
  }

  template <class Read>
  void each(const std::string& key, Read&& read) {
    const toml::node* node = top_.find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) top_.fail(*node, fmt::format("write it as [[{}]]", key));
    for (const toml::node& one : *array) {
      if (!one.is_table()) top_.fail(one, fmt::format("write it as [[{}]]", key));
      Table table(*one.as_table(), file_, fmt::format("[[{}]]", key));
      read(table);
      table.refuse_others();
    }
  }

  void read_suppression(Table& table) {
    Suppression& added = settings_.suppressions.emplace_back();
    added.rule = table.need_text("rule");
    added.object = table.need_text("object");
    added.reason = table.need_text("reason");
    added.place = table.place();
    const toml::node* expires = table.find("expires");
    if (expires == nullptr) return;
    const auto day = expires->value_exact<toml::date>();
    if (!day) table.fail(*expires, "'expires' must be a day without quotes, such as 2027-01-31");
    added.expires = Day{day->year, day->month, day->day};
  }

  void read_rule(Table& table) {
    CustomRule& added = settings_.rules.emplace_back();
    added.place = table.place();
    const toml::node& code = table.need("code");
    added.code = table.text(code, "code");
    if (!is_code(added.code))
      table.fail(code, "'code' must be capital letters and digits, such as SHOP001");
    added.name = table.need_text("name");
    const auto same = [&](std::string_view code_of, std::string_view name_of) {
      return match(added.code, code_of, "") > 1 || match(added.name, code_of, name_of) > 1;
    };
    for (const Rule* rule : all_rules()) {
      if (same(rule->code, rule->name))
        table.fail(code, fmt::format("{} {} is a built-in rule", rule->code, rule->name));
    }
    for (std::size_t i = 0; i + 1 < settings_.rules.size(); ++i) {
      if (same(settings_.rules[i].code, settings_.rules[i].name))
        table.fail(code, "a rule of this code or name is there already");
    }
    if (const toml::node* level = table.find("level"); level != nullptr)
      added.level = table.level(*level, "level");
    added.message = table.need_text("message");
    added.sql = table.need_text("sql");
    added.table = table.text_or_empty("table");
  }

  static bool is_code(std::string_view code) {
    const auto letters =
        std::find_if(code.begin(), code.end(), [](char c) { return c < 'A' || c > 'Z'; });
    const bool digits =
        std::all_of(letters, code.end(), [](char c) { return c >= '0' && c <= '9'; });
    return letters - code.begin() >= 2 && digits && letters != code.end() && code.size() <= 20;
  }

  void read_scenario(Table& table) {
    Scenario& added = settings_.scenarios.emplace_back();
    added.place = table.place();
    added.name = table.need_text("name");
    added.path = table.need_text("path");
    const auto limit = [&](const char* key) -> std::optional<std::uint64_t> {
      const toml::node* node = table.find(key);
      if (node == nullptr) return std::nullopt;
      return table.whole(*node, key);
    };
    added.budget.rows = limit("rows");
    added.budget.max_queries = limit("max-queries");
    added.budget.max_rows = limit("max-rows");
    if (const toml::node* most = table.find("max-ms"); most != nullptr)
      added.budget.max_ms = table.number(*most, "max-ms");
  }

  void check_selectors() const {
    std::vector<RuleName> rules = built_in_rules();
    for (const CustomRule& rule : settings_.rules) rules.push_back({rule.code, rule.name});
    const auto check = [&](const std::string& selector, const std::string& origin) {
      if (const std::string why = problem_of(selector, rules); !why.empty())
        throw DatabaseError(ErrorCode::model, fmt::format("{}: {}", origin, why));
    };
    for (const auto* list : {&settings_.select, &settings_.extend_select, &settings_.ignore}) {
      for (const std::string& selector : list->value) check(selector, list->origin);
    }
    for (const auto& [selector, level] : settings_.levels.value)
      check(selector, settings_.levels.origin);
    for (const Suppression& suppression : settings_.suppressions)
      check(suppression.rule, suppression.place.to_string());
  }

  std::string file_;
  const Texts& formats_;
  Table top_;
  Settings settings_;
};

}  // namespace

ommi::DBResult<Settings> read_settings(std::string_view text, const std::string& file,
                                       const std::vector<std::string>& formats) {
  return ommi::capture({.operation = "configuration"}, [&] {
    try {
      const toml::table document = toml::parse(text, file);
      return SettingsReader(document, file, formats).read();
    } catch (const toml::parse_error& error) {
      const ommi::Place place{file, static_cast<unsigned>(error.source().begin.line)};
      throw DatabaseError(ErrorCode::model,
                          fmt::format("{}: {}", place.to_string(), error.description()));
    }
  });
}

}  // namespace doctor
