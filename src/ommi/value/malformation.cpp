#include "ommi/malformation.hpp"

#include <array>

namespace ommi {
namespace {

constexpr std::array<std::string_view, malformed_count> malformed_names = {"none",
                                                                           "empty_wrapper",
                                                                           "uninitialised_wrapper",
                                                                           "wrapped_success",
                                                                           "wrapped_failure",
                                                                           "double_wrapped",
                                                                           "both_sides",
                                                                           "failure_without_error",
                                                                           "not_rows",
                                                                           "wrong_width",
                                                                           "wrong_cell",
                                                                           "foreign_rows",
                                                                           "wrong_count",
                                                                           "unawaited",
                                                                           "truncated"};

}  // namespace

std::string_view to_string(Malformed what) noexcept {
  return malformed_names[static_cast<std::size_t>(what)];
}

}  // namespace ommi
