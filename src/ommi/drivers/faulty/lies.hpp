#pragma once

/// \file
/// Malformed answers, made from honest ones.

#include "ommi/wire.hpp"

namespace ommi::faulty {

/// What the honest answer was an answer to.
struct Subject {
  std::size_t width = 0;         // of a row; 0 where a number is due
  const Query* query = nullptr;  // whose rows they are, if it is known
  bool rows = true;              // rows or keys were due; else a number
  bool added = false;            // the keys of added rows
};

/// `honest` turned into a lie of that kind. Throws ErrorCode::unsupported where there is no such
/// lie about `subject`.
[[nodiscard]] Wire told(Malformed lie, Wire honest, const Subject& subject);

}  // namespace ommi::faulty
