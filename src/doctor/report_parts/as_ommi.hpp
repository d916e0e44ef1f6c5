#pragma once

/// \file
/// What Ommi's own queries gave beside ours, for the reports.

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "doctor/diagnosis.hpp"

namespace doctor::report_parts {

/// "As Ommi 0.2.2 loads them (the newest; --ommi-version names another)".
[[nodiscard]] std::string as_ommi_heading(const OmmiVersion& version);

/// What there is to tell of a comparison, label and text, fit to be printed: both queries,
/// the exceptions and the owners that differ. Empty where all is the same.
using Fact = std::pair<std::string, std::string>;
[[nodiscard]] std::vector<Fact> facts_of(const Evidence& evidence,
                                         const OmmiComparison& comparison);
/// Whether a fact's text is code, and not words.
[[nodiscard]] bool is_query(const Fact& fact);

/// As docs/report.schema.json describes it; null where nothing was compared.
[[nodiscard]] nlohmann::ordered_json as_ommi_json(const Evidence& evidence);
[[nodiscard]] nlohmann::ordered_json json_of(const OmmiComparison& comparison);

}  // namespace doctor::report_parts
