#pragma once

/// \file
/// A statement under construction: text, and the values bound to it, in step.

#include <string>
#include <string_view>

#include "ommi/sql.hpp"

namespace ommi::sql {

class Writer {
 public:
  explicit Writer(const Dialect& dialect) : dialect_(dialect) {}

  [[nodiscard]] const Dialect& dialect() const noexcept { return dialect_; }
  void text(std::string_view part) { statement_.text += part; }
  /// A place for a bound value. Throws DatabaseError (ErrorCode::query) beyond the dialect's limit.
  void value(const Cell& cell);
  /// The same for bytes that the statement keeps.
  void value_of(std::string bytes);
  void column(std::string_view alias, const Model& model, std::size_t field);
  /// The model's table, under a name of its own.
  void table(const Model& model, std::string_view alias);
  [[nodiscard]] Statement take() { return std::move(statement_); }

  /// The size that a list of `count` rows of `width` values is padded to.
  [[nodiscard]] std::size_t padded(std::size_t count, std::size_t width) const noexcept;

 private:
  const Dialect& dialect_;
  Statement statement_;
};

}  // namespace ommi::sql
