#include "doctor/sweep/comparing.hpp"

namespace doctor {

namespace {

bool numeric(ommi::Affinity affinity) {
  return affinity != ommi::Affinity::none && affinity != ommi::Affinity::text;
}

}  // namespace

ommi::Comparison joined(const ommi::Comparison& left, const ommi::Comparison& right) {
  ommi::Comparison rule = {ommi::Affinity::none, left.collation};
  if (numeric(left.affinity) || numeric(right.affinity)) {
    rule.affinity = ommi::Affinity::numeric;
  } else if (left.affinity == ommi::Affinity::text || right.affinity == ommi::Affinity::text) {
    rule.affinity = ommi::Affinity::text;
  }
  return rule;
}

bool same_equality(const ommi::Comparison& left, const ommi::Comparison& right) {
  if (left.collation != right.collation) return false;
  return left.affinity == right.affinity || (numeric(left.affinity) && numeric(right.affinity));
}

}  // namespace doctor
