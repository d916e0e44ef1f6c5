#pragma once

/// \file
/// The one way in which nodes of an expression are made.

#include "ommi/query.hpp"

namespace ommi {

/// `node` as an expression, its depth filled in. Throws DatabaseError (ErrorCode::query) when it is
/// nested too deeply.
[[nodiscard]] Expression make(Node node);

}  // namespace ommi
