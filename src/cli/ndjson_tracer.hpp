#pragma once

/// \file
/// What libommi does, as one JSON object a line (docs/events.md), while it does it.
///
/// Lines gather in a buffer of 64 KiB and are written when it is full: following a run this way
/// costs little more than not following it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/document.hpp"
#include "ommi/trace.hpp"

namespace cli {

/// Appends `text` in double quotes as JSON: control characters, bidirectional overrides and the
/// like as \u…, invalid UTF-8 as \ufffd.
void append_json_string(fmt::memory_buffer& out, std::string_view text);

class NdjsonTracer : public ommi::Tracer {
 public:
  /// `abandoned` is called once when nothing can be written any more.
  NdjsonTracer(Document& document, bool show_values, std::function<void()> abandoned);
  void on(const ommi::Event& event) override;
  /// Hands over what is in the buffer.
  void flush();

 private:
  void append_place(const ommi::Event& event);
  void append_statement(std::string_view statement);
  void append_values(std::span<const ommi::Cell> values);

  Document& document_;
  bool show_values_;
  std::function<void()> abandoned_;
  fmt::memory_buffer buffer_;
  std::uint64_t sequence_ = 0;
  std::string statement_;              // the last one, and …
  fmt::memory_buffer statement_json_;  // … how it is written: most events repeat it
};

}  // namespace cli
