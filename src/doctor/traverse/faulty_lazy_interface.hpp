#pragma once

/// \file
/// Lazy fields that misbehave on order: what other interfaces were seen to do, and libommi's does
/// not. The failing examples of rules are looked at through them.

#include <memory>
#include <string_view>

#include "doctor/traverse/lazy_interface.hpp"

namespace doctor {

enum class LazyFault : std::uint8_t {
  cache_not_kept,         // every look loads
  refresh_wraps,          // a refresh keeps a result inside a result
  error_kept_as_success,  // after a load that failed the field gives a success around the error
  default_hides,          // a default is given for an error, and nobody is told
  change_not_followed,    // what was loaded once is given for every reference that follows
  null_is_queried,        // a key that is NULL is looked for, as IS NULL
  null_is_compared,       // a key that is NULL is looked for, as `= NULL`, which finds nothing
  answers_when_closed,    // without a database there are no rows, and no error either
};
inline constexpr std::size_t lazy_fault_count = 8;

/// The stable name, such as "cache_not_kept".
[[nodiscard]] std::string_view to_string(LazyFault fault) noexcept;

/// libommi's lazy fields, with that fault.
[[nodiscard]] std::unique_ptr<LazyInterface> faulty_lazy_interface(LazyFault fault);

}  // namespace doctor
