#include <algorithm>
#include <array>
#include <ostream>

#include "ommi/malformation.hpp"
#include "ommi/tracers.hpp"
#include "trace/json_text.hpp"
#include "trace/line_buffer.hpp"

namespace ommi {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} * 1024;

void append_named(std::string& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  out += label;
  append_json_string(out, text);
}

// What an event is about, as it is written. Events of one kind mostly repeat it.
struct FixedPart {
  std::string driver = {}, operation = {}, model = {}, relation = {};
  std::string json = {};

  std::string_view written(const Event& event) {
    const bool same = !json.empty() && driver == event.driver && operation == event.operation &&
                      model == event.model && relation == event.relation;
    if (!same) write(event);
    return json;
  }

 private:
  void write(const Event& event) {
    driver = event.driver;
    operation = event.operation;
    model = event.model;
    relation = event.relation;
    json.clear();
    append_named(json, ",\"kind\":", to_string(event.kind));
    append_named(json, ",\"driver\":", driver);
    append_named(json, ",\"operation\":", operation);
    append_named(json, ",\"model\":", model);
    append_named(json, ",\"relation\":", relation);
  }
};

// A text that most events repeat, as it is written.
struct Repeated {
  std::string text = {};
  std::string json = {};

  std::string_view written(std::string_view label, std::string_view now) {
    if (now.empty()) return {};
    if (text != now) {
      text = now;
      json.clear();
      append_named(json, label, now);
    }
    return json;
  }
};

std::string error_text(const Event& event) {
  std::string out;
  append_named(out, ",\"error\":", to_string(event.error->code()));
  append_named(out, ",\"message\":", event.error->message());
  const Malformation* evidence = event.error->malformation();
  if (event.kind != EventKind::malformed || evidence == nullptr) return out;
  append_named(out, ",\"malformed\":", to_string(evidence->what));
  append_named(out, ",\"expected\":", evidence->expected);
  append_named(out, ",\"got\":", evidence->got);
  if (evidence->row) out.append(",\"row\":").append(std::to_string(*evidence->row));
  if (evidence->column) out.append(",\"column\":").append(std::to_string(*evidence->column));
  return out;
}

std::string values_text(std::span<const Cell> values) {
  std::string out = ",\"values\":[";
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at > 0) out += ',';
    append_json_value(out, values[at]);
  }
  return out += ']';
}

constexpr std::size_t kinds = static_cast<std::size_t>(EventKind::rollback) + 1;

}  // namespace

struct JsonLines::State {
  State(Write writes, BoundValues shown) : write(std::move(writes)), values(shown) {}

  void append(const Event& event);
  void append_counts(const Event& event);
  bool flush() {
    if (!lost && lines.size() > 0) lost = !write(lines.view());
    lines.clear();
    return !lost;
  }

  Write write;
  BoundValues values;
  bool lost = false;
  LineBuffer lines{buffer_size + buffer_size / 4};
  std::uint64_t sequence = 0;
  std::uint64_t asked = 0;  // the call of the last query
  std::array<FixedPart, kinds> fixed_parts = {};
  Repeated statement = {};
  Repeated returned = {};
};

void JsonLines::State::append(const Event& event) {
  lines.literal("{\"seq\":");
  lines.number(++sequence);
  lines.literal(",\"at_us\":");
  lines.microseconds(event.at_ns);
  lines.text(fixed_parts[static_cast<std::size_t>(event.kind)].written(event));
  if (event.call != 0) {
    lines.literal(",\"call\":");
    lines.number(event.call);
  }
  if (event.load != 0) {
    lines.literal(",\"load\":");
    lines.number(event.load);
  }
  // The `query` of the same call has said it, where there was one.
  if (event.kind == EventKind::query) asked = event.call;
  if (event.kind != EventKind::rows_done || event.call != asked)
    lines.text(statement.written(",\"statement\":", event.statement));
  lines.text(returned.written(",\"returned\":", event.returned));
  append_counts(event);
  if (event.error != nullptr) lines.text(error_text(event));
  if (values == BoundValues::shown && !event.values.empty()) lines.text(values_text(event.values));
  lines.literal("}\n");
}

void JsonLines::State::append_counts(const Event& event) {
  if (event.kind == EventKind::rows_done || event.kind == EventKind::lazy_load) {
    lines.literal(",\"rows\":");
    lines.number(event.rows);
  }
  if (event.owners != 0) {
    lines.literal(",\"owners\":");
    lines.number(event.owners);
  }
  if (event.queries != 0) {
    lines.literal(",\"queries\":");
    lines.number(event.queries);
  }
  if (event.duration_ns != 0) {
    lines.literal(",\"duration_us\":");
    lines.microseconds(event.duration_ns);
  }
}

JsonLines::JsonLines(Write write, BoundValues values)
    : state_(std::make_unique<State>(std::move(write), values)) {}

JsonLines::JsonLines(std::ostream& out, BoundValues values)
    : JsonLines(
          [&out](std::string_view lines) {
            out.write(lines.data(), static_cast<std::streamsize>(lines.size()));
            return out.good();
          },
          values) {}

JsonLines::~JsonLines() {
  try {
    flush();
  } catch (const std::exception&) {  // whoever must know calls flush()
  }
}

bool JsonLines::flush() { return state_->flush(); }

void JsonLines::on(const Event& event) {
  if (state_->lost) return;
  state_->append(event);
  if (state_->lines.size() >= buffer_size) flush();
}

}  // namespace ommi
