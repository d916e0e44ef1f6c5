#pragma once

/// \file
/// A whole examination of a database that a test writes down as SQL.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/diagnosis.hpp"

namespace doctor::testing {

/// Examines the database that `sql` makes; `manifest` describes its models, or is empty.
[[nodiscard]] Diagnosis examined(std::string_view sql, std::string_view manifest = {});

/// The same with the text of a models.py.
[[nodiscard]] Diagnosis examined_with_python(std::string_view sql, std::string_view models);

/// The same, with Ommi's own queries beside ours; of `release`, or of the one that the tables show.
[[nodiscard]] Diagnosis examined_as_ommi(std::string_view sql, std::string_view models,
                                         std::optional<OmmiRelease> release = {});

/// The findings of one rule, in order.
[[nodiscard]] std::vector<const Finding*> of_rule(const Diagnosis& diagnosis,
                                                  std::string_view code);

/// "CODE subject: message" for each finding above info, one a line.
[[nodiscard]] std::string faults_of(const Diagnosis& diagnosis);

}  // namespace doctor::testing
