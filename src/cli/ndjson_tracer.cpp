#include "cli/ndjson_tracer.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/compile.h>

#include "doctor/report_parts/base64.hpp"

namespace cli {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} * 1024;

void append(fmt::memory_buffer& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

// Bytes that stand for themselves in a JSON string.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}
constexpr std::array<bool, 256> plain = make_plain();

struct CodePoint {
  std::uint32_t value;
  std::size_t size;  // 0 = not UTF-8
};

// The code point that `text` begins with (RFC 3629: no surrogates, nothing longer than needed).
CodePoint first_code_point(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {0, 0};
  std::uint32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0U) != 0x80U) return {0, 0};
    value = (value << 6U) | (byte(at) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || value > 0x10FFFF || surrogate) return {0, 0};
  return {value, size};
}

// Code points that a terminal obeys or that hide what is there.
bool acts(std::uint32_t point) noexcept {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x61C || point == 0xFEFF ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F);
}

void append_special(fmt::memory_buffer& out, std::string_view& rest) {
  const CodePoint point = first_code_point(rest);
  if (point.size == 0) {
    append(out, "\\ufffd");
    rest.remove_prefix(1);
    return;
  }
  if (point.value == '"' || point.value == '\\') {
    out.push_back('\\');
    out.push_back(static_cast<char>(point.value));
  } else if (point.value == '\n') {
    append(out, "\\n");
  } else if (acts(point.value)) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"), point.value);
  } else {
    append(out, rest.substr(0, point.size));
  }
  rest.remove_prefix(point.size);
}

void append_cell(fmt::memory_buffer& out, const ommi::Cell& cell) {
  switch (cell.kind) {
    case ommi::Kind::null:
      append(out, "null");
      return;
    case ommi::Kind::integer:
      fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), cell.integer);
      return;
    case ommi::Kind::real:
      if (std::isfinite(cell.real)) {
        fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), cell.real);
      } else {
        append(out, std::isnan(cell.real) ? R"({"$real":"nan"})"
                    : cell.real > 0       ? R"({"$real":"inf"})"
                                          : R"({"$real":"-inf"})");
      }
      return;
    case ommi::Kind::text:
      append_json_string(out, cell.view());
      return;
    case ommi::Kind::blob:
      break;
  }
  append(out, R"({"$blob":")");
  append(out, doctor::report_parts::base64(cell.view()));
  append(out, "\"}");
}

void append_named(fmt::memory_buffer& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  append(out, label);
  append_json_string(out, text);
}

template <class Number>
void append_number(fmt::memory_buffer& out, std::string_view label, Number number) {
  append(out, label);
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), number);
}

// Nanoseconds as microseconds with three decimals, in integers: exact, and quicker than doubles.
void append_microseconds(fmt::memory_buffer& out, std::string_view label, std::int64_t ns) {
  append(out, label);
  const std::int64_t amount = ns < 0 ? 0 : ns;
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}.{:03}"), amount / 1000, amount % 1000);
}

bool counts_rows(ommi::EventKind kind) noexcept {
  return kind == ommi::EventKind::rows_done || kind == ommi::EventKind::lazy_load;
}

}  // namespace

void append_json_string(fmt::memory_buffer& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && plain[static_cast<unsigned char>(text[run])]) ++run;
    append(out, text.substr(0, run));
    text.remove_prefix(run);
    if (!text.empty()) append_special(out, text);
  }
  out.push_back('"');
}

NdjsonTracer::NdjsonTracer(Document& document, bool show_values, std::function<void()> abandoned)
    : document_(document), show_values_(show_values), abandoned_(std::move(abandoned)) {
  buffer_.reserve(buffer_size + buffer_size / 4);
}

void NdjsonTracer::on(const ommi::Event& event) {
  append_number(buffer_, "{\"seq\":", ++sequence_);
  append_microseconds(buffer_, ",\"at_us\":", event.at_ns);
  append_named(buffer_, ",\"kind\":", to_string(event.kind));
  append_place(event);
  if (event.call != 0) append_number(buffer_, ",\"call\":", event.call);
  if (event.load != 0) append_number(buffer_, ",\"load\":", event.load);
  if (!event.statement.empty()) append_statement(event.statement);
  append_named(buffer_, ",\"returned\":", event.returned);
  if (counts_rows(event.kind)) append_number(buffer_, ",\"rows\":", event.rows);
  if (event.owners != 0) append_number(buffer_, ",\"owners\":", event.owners);
  if (event.queries != 0) append_number(buffer_, ",\"queries\":", event.queries);
  if (event.duration_ns != 0) {
    append_microseconds(buffer_, ",\"duration_us\":", event.duration_ns);
  }
  if (event.error != nullptr) {
    append_named(buffer_, ",\"error\":", to_string(event.error->code()));
    append_named(buffer_, ",\"message\":", event.error->message());
  }
  if (show_values_ && !event.values.empty()) append_values(event.values);
  append(buffer_, "}\n");
  if (buffer_.size() >= buffer_size) flush();
}

void NdjsonTracer::append_place(const ommi::Event& event) {
  append_named(buffer_, ",\"driver\":", event.driver);
  append_named(buffer_, ",\"operation\":", event.operation);
  append_named(buffer_, ",\"model\":", event.model);
  append_named(buffer_, ",\"relation\":", event.relation);
}

void NdjsonTracer::append_statement(std::string_view statement) {
  if (statement_ != statement) {
    statement_ = statement;
    statement_json_.clear();
    append_named(statement_json_, ",\"statement\":", statement);
  }
  append(buffer_, {statement_json_.data(), statement_json_.size()});
}

void NdjsonTracer::append_values(std::span<const ommi::Cell> values) {
  append(buffer_, ",\"values\":[");
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at > 0) buffer_.push_back(',');
    append_cell(buffer_, values[at]);
  }
  buffer_.push_back(']');
}

void NdjsonTracer::flush() {
  const bool written = document_.write({buffer_.data(), buffer_.size()});
  buffer_.clear();
  if (!written && abandoned_) std::exchange(abandoned_, nullptr)();
}

}  // namespace cli
