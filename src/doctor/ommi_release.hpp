#pragma once

/// \file
/// Which release of Ommi an application runs. What they do differently is in ommi_behaviour.hpp.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "doctor/python_facts.hpp"
#include "ommi/schema.hpp"

namespace doctor {

/// The releases that have lazy fields, oldest first.
enum class OmmiRelease : std::uint8_t { v0_1_6, v0_1_7, v0_1_8, v0_1_9, v0_2_0, v0_2_1, v0_2_2 };
inline constexpr OmmiRelease newest_ommi = OmmiRelease::v0_2_2;

/// "0.2.2".
[[nodiscard]] std::string_view to_string(OmmiRelease release) noexcept;
/// The release that `text` names, with or without a `v` before it; nothing if there is none.
[[nodiscard]] std::optional<OmmiRelease> parse_ommi_release(std::string_view text) noexcept;
/// All of them, oldest first.
[[nodiscard]] std::vector<std::string_view> ommi_release_names();

/// A release, and how it is known.
struct OmmiVersion {
  enum class From : std::uint8_t { assumed, recognised, given };
  OmmiRelease release = newest_ommi;
  From from = From::assumed;
};

/// The newest release that makes the tables of these models as `schema` has them: they are in
/// quotes since 0.2.2, and were not before. Nothing where none of them is as Ommi writes it.
[[nodiscard]] std::optional<OmmiRelease> recognise_ommi(const ommi::Schema& schema,
                                                        const python::Facts& facts);

}  // namespace doctor
