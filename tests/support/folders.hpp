#pragma once

/// \file
/// Where tests find the project's own files, what is built of it, and the data beside it, which may
/// be absent.

#include <string>

namespace folders {

[[nodiscard]] std::string source();
[[nodiscard]] std::string binary();
[[nodiscard]] std::string shared_data();
[[nodiscard]] std::string shared_schemas();

}  // namespace folders
