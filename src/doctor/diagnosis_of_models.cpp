/// \file
/// What can be said of models without a database: only what their sources themselves show.

#include <algorithm>
#include <iterator>

#include "doctor/diagnosis.hpp"
#include "doctor/rule.hpp"

namespace doctor {

bool needs_only_models(std::string_view code) noexcept {
  constexpr std::string_view beginnings[] = {"MOD",    "USE",    "REL001", "REL002",
                                             "REL004", "REL005", "DRV005"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view beginning) { return code.starts_with(beginning); });
}

Diagnosis examine_models(SourcedCatalog sources, std::string_view name,
                         const std::vector<std::string>& rules) {
  Diagnosis diagnosis;
  diagnosis.database.name = name;
  diagnosis.sources = std::move(sources);
  diagnosis.notes = diagnosis.sources.draft.notes;
  Evidence& evidence = diagnosis.evidence;
  evidence.catalog = diagnosis.sources.catalog.get();
  evidence.schema = diagnosis.sources.schema.get();
  evidence.problems = diagnosis.sources.problems;
  evidence.python = diagnosis.sources.python.get();
  evidence.ommi = diagnosis.sources.ommi;
  // A rule that looks at tables would find all of them missing.
  Selectors selectors;
  selectors.select.clear();
  std::copy_if(rules.begin(), rules.end(), std::back_inserter(selectors.select),
               [](const std::string& code) { return needs_only_models(code); });
  diagnosis.findings = diagnose(evidence, name, RuleSelection(std::move(selectors)));
  return diagnosis;
}

}  // namespace doctor
