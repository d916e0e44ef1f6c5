#pragma once

/// \file
/// What goes to stderr: one line that says what is wrong, and where there is one, a line that says
/// what next.

#include <cstdio>
#include <string_view>

namespace cli {

/// `ommi-doctor: subject: message`, and `hint: …`. Everything is escaped here.
void complain(std::FILE* err, std::string_view subject, std::string_view message,
              std::string_view hint = {});

}  // namespace cli
