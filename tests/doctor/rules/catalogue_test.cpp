#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>

#include <catch2/catch.hpp>

#include "doctor/diagnosis.hpp"
#include "doctor/rule.hpp"
#include "doctor/settings.hpp"
#include "doctor/traverse/faulty_lazy_interface.hpp"
#include "ommi/faulty.hpp"
#include "ommi/sqlite.hpp"
#include "support/blog.hpp"
#include "support/folders.hpp"

namespace doctor {
namespace {

namespace fs = std::filesystem;

/// The models of an example as a file for as long as it is needed.
class ModelsFile {
 public:
  explicit ModelsFile(const Rule& rule, std::string_view which, const Example& example)
      : path_(fs::temp_directory_path() /
              ("ommi-doctor-" + std::string(rule.code) + "-" + std::string(which) +
               (example.python.empty() ? ".json" : ".py"))) {
    std::ofstream(path_) << example.manifest << example.python;
  }
  ~ModelsFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  ModelsFile(const ModelsFile&) = delete;
  ModelsFile& operator=(const ModelsFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

/// What a driver does that has the fault of that name.
ommi::faulty::Order order_of(std::string_view fault) {
  ommi::faulty::Order order;
  order.operation = "fetch";
  for (std::size_t number = 1; number < ommi::malformed_count; ++number) {
    const auto lie = static_cast<ommi::Malformed>(number);
    if (ommi::to_string(lie) == fault) {
      order.act = ommi::faulty::Lie{lie};
      return order;
    }
  }
  if (fault == "unordered_pages") {
    order.act = ommi::faulty::Pages{};
    return order;
  }
  if (fault == "inlines_keywords") {
    order.act = ommi::faulty::InlineKeywords{};
    return order;
  }
  REQUIRE(fault == ommi::to_string(ommi::ErrorCode::not_found));
  order.act = ommi::faulty::Raise{ommi::DatabaseError(ommi::ErrorCode::not_found, "no such row")};
  return order;
}

/// Lazy fields that have the fault of that name; none of their own where there is none.
std::unique_ptr<LazyInterface> interface_of(std::string_view lazy_fault) {
  if (lazy_fault.empty()) return nullptr;
  for (std::size_t number = 0; number < lazy_fault_count; ++number) {
    const auto fault = static_cast<LazyFault>(number);
    if (to_string(fault) == lazy_fault) return faulty_lazy_interface(fault);
  }
  FAIL("no lazy fields have the fault " << lazy_fault);
  return nullptr;
}

Diagnosis examine_example(const Rule& rule, const Example& example, std::string_view which,
                          ommi::Fetch fetch) {
  const auto script = std::make_shared<ommi::faulty::Script>();
  auto driver = ommi::sqlite::open_memory(example.sql);
  if (!example.fault.empty()) driver = ommi::faulty::wrap(std::move(driver), script);
  ommi::Database database(std::move(driver));
  database.set_fetch(fetch);
  SourceOptions options;
  const ModelsFile models(rule, which, example);
  if (!example.manifest.empty() || !example.python.empty()) options.models = {models.path()};
  auto sources = read_catalog(database, options);
  INFO((sources ? "" : sources.failure()->message()));
  REQUIRE(sources.ok());
  database.use(sources.value().catalog);
  const auto settings = read_settings(example.settings, "ommi-doctor.toml", {}).or_raise();
  CheckOptions check;
  check.scenarios = settings.scenarios;
  if (!example.fault.empty()) {
    script->orders = {order_of(example.fault)};
    script->orders[0].first = script->calls["fetch"] + 2;  // the owners are still read
  }
  DatabaseFacts facts{"sqlite", "example.db", "", "", database.integrity(3).or_raise()};
  const std::unique_ptr<LazyInterface> fields = interface_of(example.lazy_fault);
  TraversalOptions options_of_loads;
  options_of_loads.lazy_interface = fields.get();
  auto examined = examine(database, std::move(sources).value(), std::move(facts), options_of_loads,
                          std::nullopt, check);
  REQUIRE(examined.ok());
  return std::move(examined).value();
}

std::string codes_of(const Diagnosis& diagnosis) {
  std::string codes;
  for (const Finding& finding : diagnosis.findings) codes += std::string(finding.code) + " ";
  return codes;
}

bool yields(const Diagnosis& diagnosis, std::string_view code) {
  return std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

/// "DAT001 dangling-reference" → "dat001_dangling_reference.cpp"
std::string file_of(const Rule& rule) {
  std::string file = std::string(rule.code) + "_" + std::string(rule.name) + ".cpp";
  for (char& letter : file) {
    letter =
        letter == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return file;
}

TEST_CASE("every rule has a complete card, in the order of the codes") {
  REQUIRE(!all_rules().empty());
  std::string_view last;
  std::set<std::string_view> names;
  for (const Rule* rule : all_rules()) {
    INFO(rule->code);
    CHECK(rule->code.size() == 6);
    CHECK(names.insert(rule->name).second);
    CHECK(!rule->summary.empty());
    CHECK(rule->summary.back() != '.');
    for (const std::string_view heading :
         {"\n## What it looks for\n", "\n## Why it breaks loading\n", "\n## What to do\n",
          "\n## What it can miss\n"}) {
      CHECK(rule->explanation.find(heading) != std::string_view::npos);
    }
    CHECK(!rule->failing.sql.empty());
    CHECK(!rule->fixed.sql.empty());
    CHECK(rule->check != nullptr);
    CHECK(fs::exists(fs::path(folders::source()) / "src/doctor/rules" / file_of(*rule)));
    CHECK(last < rule->code);
    last = rule->code;
  }
}

TEST_CASE("a rule is found by code or name in any case") {
  for (const Rule* rule : all_rules()) {
    CHECK(find_rule(rule->code) == rule);
    CHECK(find_rule(rule->name) == rule);
    std::string lower(rule->code);
    for (char& letter : lower) {
      letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    CHECK(find_rule(lower) == rule);
  }
  CHECK(find_rule("DAT999") == nullptr);
  CHECK(find_rule("") == nullptr);
}

TEST_CASE("every rule is silent when nothing was seen, and on a healthy blog") {
  const testing::Blog blog;
  for (const Rule* rule : all_rules()) {
    INFO(rule->code);
    CHECK(testing::messages_of(rule->code, Evidence{}).empty());
    CHECK(testing::messages_of(rule->code, blog.evidence).empty());
  }
  CHECK(diagnose(Evidence{}, "").empty());
}

TEST_CASE("every rule finds its failing example and not the fixed one") {
  for (const Rule* rule : all_rules()) {
    // A fault of loading, not of the database: the failing example is loaded owner by owner.
    const bool loading = rule->code == "PRF001" || rule->code == "PRF002";
    const Diagnosis failing = examine_example(*rule, rule->failing, "failing",
                                              loading ? ommi::Fetch::one : ommi::Fetch::peers);
    const Diagnosis fixed = examine_example(*rule, rule->fixed, "fixed", ommi::Fetch::peers);
    INFO(rule->code << " failing: " << codes_of(failing) << "fixed: " << codes_of(fixed));
    CHECK(yields(failing, rule->code));
    CHECK_FALSE(yields(fixed, rule->code));
    CHECK(fixed.count(Level::error) + fixed.count(Level::warning) == 0);
    CHECK((failing.complete() || !rule->failing.fault.empty()));
    CHECK(fixed.complete());
  }
}

}  // namespace
}  // namespace doctor
