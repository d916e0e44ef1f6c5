#include "cli/checks.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "ommi/model.hpp"

namespace cli {

std::string name_hint(std::string_view name, const std::vector<std::string>& names) {
  const std::string near = ommi::nearest(name, names);
  if (!near.empty()) return fmt::format("did you mean '{}'?", near);
  if (names.size() == 1) return fmt::format("there is '{}'", names.front());
  return fmt::format("there are {}", fmt::join(names, ", "));
}

Check one_of(std::string_view what, std::vector<std::string> names) {
  return [what = std::string(what), names = std::move(names)](const std::string& given) {
    if (std::find(names.begin(), names.end(), given) != names.end()) return std::string();
    return fmt::format("no {} is named '{}'\n{}", what, given, name_hint(given, names));
  };
}

Check whole_number(std::uint64_t greatest) {
  return [greatest](const std::string& given) {
    std::uint64_t number = 0;
    const char* end = given.data() + given.size();
    const auto [at, error] = std::from_chars(given.data(), end, number);
    if (error == std::errc() && at == end && number <= greatest) return std::string();
    return fmt::format("'{}' is not a whole number from 0 to {}", given, greatest);
  };
}

Check seconds() {
  static constexpr double greatest = 1e8;
  return [](const std::string& given) {
    double number = 0;
    const char* end = given.data() + given.size();
    const auto [at, error] = std::from_chars(given.data(), end, number, std::chars_format::fixed);
    if (error == std::errc() && at == end && number >= 0 && number <= greatest) {
      return std::string();
    }
    return fmt::format("'{}' is not a number of seconds from 0 to {}", given, greatest);
  };
}

}  // namespace cli
