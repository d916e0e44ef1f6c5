#pragma once

/// \file
/// Where the lines of a stream gather: bytes written one after the other, without a call for each
/// piece. Most of what a traced event costs is spent here.

#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace ommi {

class LineBuffer {
 public:
  explicit LineBuffer(std::size_t capacity)
      : bytes_(std::make_unique<char[]>(capacity)), capacity_(capacity) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  void clear() noexcept { size_ = 0; }

  /// A text whose length the compiler knows.
  template <std::size_t Size>
  void literal(const char (&text)[Size]) {
    std::memcpy(room_for(Size - 1), text, Size - 1);
    size_ += Size - 1;
  }
  void text(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room_for(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void number(std::uint64_t number) {
    constexpr std::size_t most_digits = 20;
    char* const start = room_for(most_digits);
    size_ +=
        static_cast<std::size_t>(std::to_chars(start, start + most_digits, number).ptr - start);
  }
  /// Nanoseconds as microseconds with three decimals, in integers: exact, and quicker than doubles.
  void microseconds(std::int64_t ns) {
    const std::uint64_t amount = ns < 0 ? 0 : static_cast<std::uint64_t>(ns);
    number(amount / 1000);
    const auto rest = static_cast<unsigned>(amount % 1000);
    char* const at = room_for(4);
    at[0] = '.';
    at[1] = static_cast<char>('0' + rest / 100);
    at[2] = static_cast<char>('0' + rest / 10 % 10);
    at[3] = static_cast<char>('0' + rest % 10);
    size_ += 4;
  }

 private:
  char* room_for(std::size_t more) {
    if (capacity_ - size_ < more) grow(more);
    return bytes_.get() + size_;
  }
  void grow(std::size_t more) {
    const std::size_t capacity = (size_ + more) * 2;
    auto bytes = std::make_unique<char[]>(capacity);
    std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

}  // namespace ommi
