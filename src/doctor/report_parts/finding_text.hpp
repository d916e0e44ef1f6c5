#pragma once

/// \file
/// A finding as a few lines of plain text, for formats that have one box of text for it.

#include <string>
#include <vector>

#include "doctor/report.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor::report_parts {

/// Where, rows, how to check, facts, symptoms, and what to do next: one line each, nothing of it
/// acts on a terminal. The message is not among them.
[[nodiscard]] std::vector<std::string> detail_lines(const Diagnosis& diagnosis,
                                                    const Finding& finding,
                                                    const Disclosure& disclosure);

}  // namespace doctor::report_parts
