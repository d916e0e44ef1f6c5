#pragma once

/// \file
/// Texts and values as JSON, written for one line of a stream: docs/events.md says how.

#include <string>
#include <string_view>

#include "ommi/value.hpp"

namespace ommi {

/// Appends `text` in double quotes: control characters, bidirectional overrides and the like as
/// \u…, invalid UTF-8 as \ufffd.
void append_json_string(std::string& out, std::string_view text);

/// Appends `cell`: a blob as {"$blob": base64}, a real that is not finite as {"$real": "nan"}.
void append_json_value(std::string& out, const Cell& cell);

}  // namespace ommi
