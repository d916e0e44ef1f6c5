#include "doctor/sources/key_members.hpp"

#include <functional>
#include <string_view>

namespace doctor::sources {
namespace {

const ommi::Comparison as_number{ommi::Affinity::none, ommi::Collation::binary};

}  // namespace

KeyMembers::KeyMembers(std::vector<ommi::Comparison> rules)
    : rules_(std::move(rules)), integers_({as_number}), hashes_({as_number}) {}

std::int64_t KeyMembers::hash_of(std::span<const ommi::Cell> key) const {
  bytes_.clear();
  for (std::size_t part = 0; part < key.size(); ++part)
    ommi::append_key(bytes_, key[part], rules_[part]);
  return static_cast<std::int64_t>(std::hash<std::string_view>()(bytes_));
}

void KeyMembers::add(std::span<const ommi::Cell> key) {
  const auto integer = key.size() == 1 ? ommi::integer_key(key[0], rules_[0]) : std::nullopt;
  const ommi::Cell cell = ommi::Cell::of(integer ? *integer : hash_of(key));
  (integer ? integers_ : hashes_).add({&cell, 1});
}

bool KeyMembers::contains(std::span<const ommi::Cell> key) const {
  const auto integer = key.size() == 1 ? ommi::integer_key(key[0], rules_[0]) : std::nullopt;
  const ommi::KeyIndex& where = integer ? integers_ : hashes_;
  if (where.size() == 0) return false;
  const ommi::Cell cell = ommi::Cell::of(integer ? *integer : hash_of(key));
  return where.find({&cell, 1}) != ommi::KeyIndex::missing;
}

}  // namespace doctor::sources
