#pragma once

/// \file
/// What a column can hold: a Value owns it, a Cell borrows it.
///
/// Drivers hand out Cells, 16 bytes each, that point into the driver's memory and
/// are valid until its next call; nothing is copied that nobody keeps. Values are
/// for what is kept: query parameters, sample keys, a report's evidence.
///
///     const ommi::Value answer = 42;
///     const ommi::Cell borrowed = answer.cell();   // valid while `answer` lives
///
/// Both are plain values without locks: share them between threads as you would an int.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ommi {

/// How a value is stored: SQLite's storage classes, which other databases' types map to.
enum class Kind : std::uint8_t { null, integer, real, text, blob };

/// "null", "integer", "real", "text" or "blob".
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// Bytes that are not text.
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};

/// A borrowed value. Text and blobs point into somebody else's memory.
struct Cell {
  Kind kind = Kind::null;
  std::uint32_t size = 0;  // bytes of a text or blob
  union {
    std::int64_t integer = 0;
    double real;
    const char* data;
  };

  static Cell of(std::int64_t value) noexcept;
  static Cell of(double value) noexcept;
  static Cell text(std::string_view value) noexcept;
  static Cell blob(std::string_view bytes) noexcept;

  [[nodiscard]] bool is_null() const noexcept { return kind == Kind::null; }
  /// The bytes of a text or blob; empty for every other kind.
  [[nodiscard]] std::string_view view() const noexcept {
    return kind >= Kind::text ? std::string_view(data, size) : std::string_view();
  }
};
static_assert(sizeof(Cell) == 16);

/// Same kind and same content; reals by their bits, so that NaN equals itself.
[[nodiscard]] bool operator==(const Cell& left, const Cell& right) noexcept;

/// An owned value. A default-constructed one is NULL.
class Value {
 public:
  Value() noexcept = default;
  Value(std::nullptr_t) noexcept {}
  Value(bool value) noexcept : content_(std::int64_t{value}) {}
  Value(int value) noexcept : content_(std::int64_t{value}) {}
  Value(std::int64_t value) noexcept : content_(value) {}
  Value(double value) noexcept : content_(value) {}
  Value(std::string value) noexcept : content_(std::move(value)) {}
  Value(std::string_view value) : content_(std::string(value)) {}
  Value(const char* value) : content_(std::string(value)) {}
  Value(Blob value) noexcept : content_(std::move(value)) {}
  /// Copies what `cell` borrows.
  explicit Value(const Cell& cell);

  [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(content_.index()); }
  [[nodiscard]] bool is_null() const noexcept { return content_.index() == 0; }
  /// Borrows the content; valid while this value lives and is not assigned to.
  [[nodiscard]] Cell cell() const noexcept;

  /// The content as `T` (std::int64_t, double, std::string, Blob). Throws
  /// std::bad_variant_access when it is of another kind: a bug in the caller.
  template <class T>
  [[nodiscard]] const T& as() const {
    return std::get<T>(content_);
  }

  friend bool operator==(const Value& left, const Value& right) noexcept {
    return left.cell() == right.cell();
  }

 private:
  std::variant<std::monostate, std::int64_t, double, std::string, Blob> content_;
};

/// SQLite's order over all values (https://www.sqlite.org/datatype3.html, "Sort Order"): NULL,
/// then numbers by amount, then text and blobs bytewise.
[[nodiscard]] std::weak_ordering compare(const Cell& left, const Cell& right) noexcept;

/// `cell` on one line for a person: integers and reals exact, text in single quotes with control
/// characters, quotes and invalid UTF-8 escaped (\n, \x1b, \xff), blobs as x'…'. Longer than
/// `limit` bytes of content is cut and the cut is shown as `…`.
[[nodiscard]] std::string to_display(const Cell& cell, std::size_t limit = 80);

/// `text` with control characters, bidirectional overrides and invalid UTF-8 as \-escapes, fit to
/// be printed on a terminal. Used for every name and message that came out of a database.
[[nodiscard]] std::string escaped(std::string_view text);
/// Like escaped, but leaves backslashes as they are: for messages, whose names were escaped when
/// they were put in. Doing it twice changes nothing.
[[nodiscard]] std::string printable(std::string_view text);

/// `bytes` in base64 (RFC 4648), padded.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace ommi
