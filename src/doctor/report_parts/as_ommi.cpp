#include "doctor/report_parts/as_ommi.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report_parts/phrases.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

using nlohmann::ordered_json;

std::string_view name_of(OmmiEnd end) noexcept {
  constexpr std::string_view names[] = {"query",  "failure", "instance",
                                        "module", "column",  "unknown"};
  return names[static_cast<std::size_t>(end)];
}

std::string_view name_of(OmmiVersion::From from) noexcept {
  constexpr std::string_view names[] = {"assumed", "recognised", "given"};
  return names[static_cast<std::size_t>(from)];
}

/// What Ommi does in place of a query.
std::string ending(const OmmiComparison& comparison) {
  const OmmiLoad& load = comparison.load;
  switch (load.end) {
    case OmmiEnd::query:
      return query_text(comparison.statement);
    case OmmiEnd::failure:
      return "no rows for anybody: every load raises " + load.error;
    case OmmiEnd::instance:
      return fmt::format("no row of {} can be fetched: {}", ommi::escaped(load.owner->name()),
                         load.error);
    case OmmiEnd::module:
      return "the module cannot be imported: " + load.error;
    case OmmiEnd::column:
      return "no lazy field, but a column of texts";
    case OmmiEnd::unknown:
      break;
  }
  return "not known";
}

std::string our_query(const Evidence& evidence, const ommi::Relation* relation) {
  for (const RelationshipObservation& seen : evidence.relationships) {
    if (seen.relation == relation) return query_text(seen.statement);
  }
  return {};
}

}  // namespace

std::string as_ommi_heading(const OmmiVersion& version) {
  constexpr std::string_view known[] = {"the newest; --ommi-version names another",
                                        "its tables look like that release's", "by --ommi-version"};
  return fmt::format("As Ommi {} loads them ({})", to_string(version.release),
                     known[static_cast<std::size_t>(version.from)]);
}

bool is_query(const Fact& fact) { return fact.second.starts_with("SELECT "); }

std::vector<Fact> facts_of(const Evidence& evidence, const OmmiComparison& comparison) {
  if (!comparison.unchecked.empty()) return {{"not compared", comparison.unchecked}};
  if (comparison.other_rows + comparison.raises == 0) return {};
  std::vector<Fact> facts;
  if (std::string ours = our_query(evidence, comparison.relation); !ours.empty())
    facts.emplace_back("ours", std::move(ours));
  facts.emplace_back("Ommi's", ending(comparison));
  for (const auto& [error, owners] : comparison.errors) {
    // Of one that every owner meets it is said already.
    if (comparison.load.end == OmmiEnd::query)
      facts.emplace_back("raises",
                         fmt::format("{}, for {}", error, counted(owners, "owner", "owners")));
  }
  for (const OmmiDifference& one : comparison.samples) {
    facts.emplace_back("owner",
                       fmt::format("{}: due is {}; Ommi {}{}", one.path, one.due,
                                   one.given.starts_with("raises ") ? "" : "gives ", one.given));
  }
  return facts;
}

ordered_json json_of(const OmmiComparison& comparison) {
  ordered_json samples = ordered_json::array();
  for (const OmmiDifference& one : comparison.samples) {
    samples.push_back({{"owner", one.path}, {"due", one.due}, {"given", one.given}});
  }
  const auto or_null = [](const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
  };
  return {{"name", comparison.relation->name()},
          {"end", name_of(comparison.load.end)},
          {"error", or_null(comparison.load.error)},
          {"statement", or_null(comparison.statement)},
          {"owners", comparison.owners},
          {"same", comparison.same},
          {"other_rows", comparison.other_rows},
          {"raises", comparison.raises},
          {"errors", comparison.errors},
          {"samples", std::move(samples)},
          {"unchecked", or_null(comparison.unchecked)}};
}

ordered_json as_ommi_json(const Evidence& evidence) {
  if (evidence.as_ommi.empty()) return nullptr;
  ordered_json all = ordered_json::array();
  for (const OmmiComparison& one : evidence.as_ommi) all.push_back(json_of(one));
  return {{"release", to_string(evidence.ommi.release)},
          {"known", name_of(evidence.ommi.from)},
          {"relationships", std::move(all)}};
}

}  // namespace doctor::report_parts
