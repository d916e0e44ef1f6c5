#pragma once

/// \file
/// Parts of a diagnosis as JSON, as docs/report.schema.json describes them.
///
/// Numbers are exact. What JSON has no word for is an object with one key: {"$blob": base64},
/// {"$real": "nan"}, {"$text": base64} for text that is not UTF-8, {"$hidden": "text(12)"} for a
/// value that was not asked for.

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "doctor/diagnosis.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor::report_parts {

[[nodiscard]] nlohmann::ordered_json json_of(const ommi::Value& value);
[[nodiscard]] nlohmann::ordered_json json_of(const Finding& finding, const Disclosure& disclosure);
[[nodiscard]] nlohmann::ordered_json samples_json(const Finding& finding,
                                                  const Disclosure& disclosure);
[[nodiscard]] nlohmann::ordered_json remedies_json(const Finding& finding);
[[nodiscard]] nlohmann::ordered_json json_of(const RelationshipObservation& seen, Verdict verdict);
[[nodiscard]] nlohmann::ordered_json json_of(const Suggestion& suggestion);
[[nodiscard]] nlohmann::ordered_json json_of(const Skipped& skipped);
[[nodiscard]] nlohmann::ordered_json json_of(const PathStep& step, const ommi::Model* model,
                                             const Disclosure& disclosure);
[[nodiscard]] nlohmann::ordered_json json_summary(const Diagnosis& diagnosis);
/// As text: ASCII only, so that no reader's terminal is told anything by a name; what is not UTF-8
/// becomes U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace doctor::report_parts
