#pragma once

/// \file
/// The SHA-256 of a file, read in pieces.

#include <string>

namespace cli {

/// In hexadecimal; empty if the file cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::string& path);

}  // namespace cli
