#pragma once

/// \file
/// Small databases with Python models, looked at as Ommi would.

#include <optional>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/examined.hpp"

namespace doctor::looks {

inline constexpr std::string_view head = R"(
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Optional
from ommi import FieldType, Key, StoreAs, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import AssociateUsing, LazyLoadEveryRelated, LazyLoadTheRelated
)";

struct Look {
  std::string models;
  std::string sql;
  std::optional<OmmiRelease> release = {};
};

inline Diagnosis look_at(const Look& look) {
  return testing::examined_as_ommi(look.sql, std::string(head) + look.models, look.release);
}

/// The comparison of one relationship.
inline const OmmiComparison& of(const Diagnosis& diagnosis, std::string_view name) {
  for (const OmmiComparison& one : diagnosis.evidence.as_ommi) {
    if (one.relation->name() == name) return one;
  }
  FAIL("nothing was compared for " << name);
  throw 0;
}

/// "owners/same/other rows/raises".
inline std::string numbers(const OmmiComparison& one) {
  return fmt::format("{}/{}/{}/{}", one.owners, one.same, one.other_rows, one.raises);
}

inline std::string only_error(const OmmiComparison& one) {
  REQUIRE(one.errors.size() == 1);
  return one.errors.begin()->first;
}

}  // namespace doctor::looks
