#include "ommi/value.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace ommi {

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::integer:
      return "integer";
    case Kind::real:
      return "real";
    case Kind::text:
      return "text";
    case Kind::blob:
      return "blob";
  }
  return "null";
}

Cell Cell::of(std::int64_t value) noexcept {
  Cell cell;
  cell.kind = Kind::integer;
  cell.integer = value;
  return cell;
}

Cell Cell::of(double value) noexcept {
  Cell cell;
  cell.kind = Kind::real;
  cell.real = value;
  return cell;
}

Cell Cell::text(std::string_view value) noexcept {
  Cell cell;
  cell.kind = Kind::text;
  cell.size = static_cast<std::uint32_t>(value.size());
  cell.data = value.data();
  return cell;
}

Cell Cell::blob(std::string_view bytes) noexcept {
  Cell cell = text(bytes);
  cell.kind = Kind::blob;
  return cell;
}

bool operator==(const Cell& left, const Cell& right) noexcept {
  if (left.kind != right.kind) return false;
  switch (left.kind) {
    case Kind::null:
      return true;
    case Kind::integer:
      return left.integer == right.integer;
    case Kind::real:
      return std::bit_cast<std::uint64_t>(left.real) == std::bit_cast<std::uint64_t>(right.real);
    case Kind::text:
    case Kind::blob:
      return left.view() == right.view();
  }
  return false;
}

Value::Value(const Cell& cell) {
  switch (cell.kind) {
    case Kind::null:
      break;
    case Kind::integer:
      content_ = cell.integer;
      break;
    case Kind::real:
      content_ = cell.real;
      break;
    case Kind::text:
      content_ = std::string(cell.view());
      break;
    case Kind::blob:
      content_ = Blob{std::string(cell.view())};
      break;
  }
}

Cell Value::cell() const noexcept {
  switch (kind()) {
    case Kind::null:
      return {};
    case Kind::integer:
      return Cell::of(std::get<std::int64_t>(content_));
    case Kind::real:
      return Cell::of(std::get<double>(content_));
    case Kind::text:
      return Cell::text(std::get<std::string>(content_));
    case Kind::blob:
      return Cell::blob(std::get<Blob>(content_).bytes);
  }
  return {};
}

namespace {

constexpr double two_to_63 = 9223372036854775808.0;

// Exact: converting a large integer to double would round it.
std::weak_ordering compare_numbers(std::int64_t left, double right) noexcept {
  if (right >= two_to_63) return std::weak_ordering::less;
  if (right < -two_to_63) return std::weak_ordering::greater;
  const auto whole = static_cast<std::int64_t>(right);
  if (left != whole) return left <=> whole;
  const double fraction = right - static_cast<double>(whole);
  if (fraction > 0) return std::weak_ordering::less;
  return fraction < 0 ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

int rank(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return 0;
    case Kind::integer:
    case Kind::real:
      return 1;
    case Kind::text:
      return 2;
    case Kind::blob:
      return 3;
  }
  return 0;
}

}  // namespace

std::weak_ordering compare(const Cell& left, const Cell& right) noexcept {
  if (rank(left.kind) != rank(right.kind)) return rank(left.kind) <=> rank(right.kind);
  if (left.kind == Kind::null) return std::weak_ordering::equivalent;
  if (left.kind >= Kind::text) return left.view().compare(right.view()) <=> 0;
  if (left.kind == Kind::integer && right.kind == Kind::integer)
    return left.integer <=> right.integer;
  if (left.kind == Kind::integer) return compare_numbers(left.integer, right.real);
  if (right.kind == Kind::integer) return 0 <=> compare_numbers(right.integer, left.real);
  if (left.real < right.real) return std::weak_ordering::less;
  return left.real > right.real ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

}  // namespace ommi
