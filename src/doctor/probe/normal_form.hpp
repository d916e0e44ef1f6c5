#pragma once

/// \file
/// Forms under which two keys that the database tells apart are the same to a person.
///
///     normal_form(Cell::text(" 007"), blanks | zeros) == normal_form(Cell::of(7), blanks | zeros)
///
/// With no step at all what is left is the text of the value, so that 7 and '7' are the same.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ommi/value.hpp"

namespace doctor {

/// What is put aside; steps are combined with |.
enum Step : std::uint8_t {
  blanks = 1,        // at both ends: blanks of any kind, no-break spaces, what has no width
  unicode_form = 2,  // letters written as one character or as a letter with accents
  letter_case = 4,   // of Latin, Greek and Cyrillic letters
  zeros = 8,         // in front of a number
};
inline constexpr std::uint8_t all_steps = 15;

/// The text of `cell` with the steps taken, or nothing for NULL, for a blob and for what is no
/// UTF-8.
[[nodiscard]] std::optional<std::string> normal_form(const ommi::Cell& cell, std::uint8_t steps);

/// The fewest steps under which the two keys are one, part by part; nothing if there are none.
/// `given` are steps that the database takes by itself: they are named only if they suffice.
[[nodiscard]] std::optional<std::uint8_t> steps_between(std::span<const ommi::Cell> left,
                                                        std::span<const ommi::Cell> right,
                                                        std::uint8_t given = 0);

/// "blanks, letter case", or "text and number" for no step.
[[nodiscard]] std::string names_of(std::uint8_t steps);

}  // namespace doctor
