#include "doctor/sweep/key_bytes.hpp"

namespace doctor {

// What becomes an integer or a short text under the rule is written as those are.
void KeyBytes::append_other(const ommi::Cell& cell, const ommi::Comparison& rule) {
  if (const auto whole = ommi::integer_key(cell, rule)) {
    append_integer(*whole);
    return;
  }
  if (is_plain(rule)) {
    const ommi::Cell converted = ommi::with_affinity(cell, rule.affinity, scratch_);
    if (converted.kind == ommi::Kind::text && converted.size < long_text) {
      append_text(converted.view());
      return;
    }
  }
  scratch_.clear();
  ommi::append_key(scratch_, cell, rule);
  char* const to = room_for(1 + scratch_.size());
  *to = static_cast<char>(any);
  std::memcpy(to + 1, scratch_.data(), scratch_.size());
  used_ += 1 + scratch_.size();
}

}  // namespace doctor
