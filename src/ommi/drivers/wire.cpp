#include "ommi/wire.hpp"

#include <algorithm>
#include <array>

namespace ommi {
namespace {

struct NamedRole {
  std::string_view name;
  Role role;
};

constexpr std::array named_roles = {
    NamedRole{"DBSuccess", Role::success},       NamedRole{"DatabaseSuccess", Role::success},
    NamedRole{"Success", Role::success},         NamedRole{"DBFailure", Role::failure},
    NamedRole{"DatabaseFailure", Role::failure}, NamedRole{"Failure", Role::failure},
    NamedRole{"DBResult", Role::result},         NamedRole{"DatabaseResult", Role::result},
    NamedRole{"Result", Role::result},           NamedRole{"coroutine", Role::awaitable},
    NamedRole{"generator", Role::awaitable},     NamedRole{"async_generator", Role::awaitable},
    NamedRole{"Awaitable", Role::awaitable},     NamedRole{"Coroutine", Role::awaitable},
    NamedRole{"Generator", Role::awaitable},     NamedRole{"AsyncGenerator", Role::awaitable},
    NamedRole{"Future", Role::awaitable},        NamedRole{"Task", Role::awaitable},
    NamedRole{"Promise", Role::awaitable},
};

}  // namespace

Role role_of(std::string_view type) noexcept {
  const std::size_t dot = type.find_last_of(".:");
  const std::string_view name = dot == std::string_view::npos ? type : type.substr(dot + 1);
  for (const NamedRole& known : named_roles) {
    if (known.name == name) return known.role;
  }
  return Role::other;
}

Wire Wire::value(Value scalar) {
  Wire wire;
  wire.kind = Kind::value;
  wire.scalar = std::move(scalar);
  return wire;
}

Wire Wire::list(std::vector<Wire> items) {
  Wire wire;
  wire.kind = Kind::list;
  wire.items = std::move(items);
  return wire;
}

Wire Wire::map(std::vector<std::pair<std::string, Wire>> entries) {
  Wire wire;
  wire.kind = Kind::map;
  wire.entries = std::move(entries);
  return wire;
}

Wire Wire::object(std::string type, std::vector<Wire> wraps) {
  Wire wire;
  wire.kind = Kind::object;
  wire.type = std::move(type);
  wire.items = std::move(wraps);
  return wire;
}

Wire Wire::cut_off() {
  Wire wire;
  wire.kind = Kind::truncated;
  return wire;
}

Wire Wire::error(ErrorCode code, std::string message) {
  return map({{"code", value(to_string(code))}, {"message", value(std::move(message))}});
}

Wire Wire::raising(Wire error) && {
  raised.clear();
  raised.push_back(std::move(error));
  return std::move(*this);
}

const Wire* Wire::find(std::string_view name) const noexcept {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  return found == entries.end() ? nullptr : &found->second;
}

}  // namespace ommi
