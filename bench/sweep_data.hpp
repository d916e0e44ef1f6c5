#pragma once

/// \file
/// A database in the shape that Ommi gives them, of any size, with known faults.
///
/// User 5 %, Profile 4.5 %, Tag 0.5 %, Post 20 %, Comment 45 %, PostTag 25 % of the rows. In each
/// of the six references 0.01 % of the rows name nothing, 0.01 % are NULL and 0.01 % hold a text or
/// a blob that is no key.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ommi/model.hpp"

namespace bench {

/// What the keys of User, Post and Tag are.
enum class Keys : std::uint8_t { dense, sparse, text, composite };
[[nodiscard]] std::string_view to_string(Keys keys) noexcept;

struct Faults {
  std::uint64_t dangling = 0;
  std::uint64_t nulls = 0;
};

/// What is wrong in such a database, by counting rather than by looking.
[[nodiscard]] Faults planted(std::uint64_t rows);

/// Writes it, or leaves a file of that name alone.
void make_sweep_data(const std::string& file, std::uint64_t rows, Keys keys);
/// The same rows, with the references declared as foreign keys and indexed.
void make_declared_copy(const std::string& from, const std::string& to);

/// References only, or also what leads back: lists, the one-to-one and the association.
enum class Relations : std::uint8_t { references, all };
[[nodiscard]] std::shared_ptr<const ommi::Catalog> sweep_models(Keys keys, Relations relations);

}  // namespace bench
