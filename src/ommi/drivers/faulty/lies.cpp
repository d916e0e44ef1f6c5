#include "drivers/faulty/lies.hpp"

#include <fmt/format.h>

#include "ommi/key.hpp"

namespace ommi::faulty {
namespace {

constexpr const char* success = "ommi.database.results.DBSuccess";
constexpr const char* failure = "ommi.database.results.DBFailure";
constexpr const char* result = "ommi.database.results.DBResult";

[[noreturn]] void refuse(Malformed lie) {
  throw DatabaseError(ErrorCode::unsupported,
                      fmt::format("the lie {} cannot be told about this answer", to_string(lie)));
}

Wire one_of(const char* type, Wire inner) {
  std::vector<Wire> wraps;
  wraps.push_back(std::move(inner));
  return Wire::object(type, std::move(wraps));
}

Wire nulls(std::size_t width) { return Wire::list(std::vector<Wire>(width, Wire::value(Value()))); }

Wire made_up_error() { return Wire::error(ErrorCode::query, "the statement could not be run"); }

Wire wrong_width(Wire honest, const Subject& subject) {
  if (!subject.rows) refuse(Malformed::wrong_width);
  if (honest.items.empty()) honest.items.push_back(nulls(subject.width));
  honest.items.back().items.push_back(Wire::value("one too many"));
  return honest;
}

// A text where a number is due, or else something that is no value at all.
Wire wrong_cell(Wire honest, const Subject& subject) {
  if (!subject.rows || subject.width == 0) refuse(Malformed::wrong_cell);
  if (honest.items.empty()) honest.items.push_back(nulls(subject.width));
  Wire& row = honest.items.front();
  const std::size_t before =
      subject.query == nullptr ? 0 : subject.width - subject.query->model->fields().size();
  if (subject.query != nullptr) {
    const std::vector<FieldInfo>& fields = subject.query->model->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (accepts(fields[i].type, Kind::text)) continue;
      row.items[before + i] = Wire::value("not a number");
      return honest;
    }
  }
  row.items.back() = Wire::list({Wire::value("a list"), Wire::value("in a cell")});
  return honest;
}

Value candidate(Type type, std::uint64_t number) {
  switch (type) {
    case Type::integer:
    case Type::boolean:
    case Type::numeric:
      return INT64_MAX - static_cast<std::int64_t>(number);
    case Type::real:
      return 1e300 + static_cast<double>(number) * 1e290;
    case Type::blob:
      return Blob{fmt::format("nobody asked for this key {}", number)};
    default:
      return fmt::format("nobody asked for this key {}", number);
  }
}

// A value for the first part of the key that no key asked for begins with.
Value unasked(const KeyBatch& keys, const FieldInfo& field) {
  KeyIndex first({field.comparison});
  for (std::size_t i = 0; i < keys.count(); ++i) {
    first.add(keys.cells.subspan(i * keys.fields.size(), 1));
  }
  for (std::uint64_t number = 0;; ++number) {
    Value value = candidate(field.type, number);
    const Cell cell = value.cell();
    if (first.find({&cell, 1}) == KeyIndex::missing) return value;
  }
}

Wire foreign_rows(Wire honest, const Subject& subject) {
  if (!subject.rows) refuse(Malformed::foreign_rows);
  if (honest.items.empty()) honest.items.push_back(nulls(subject.width));
  const bool keyed =
      subject.query != nullptr && subject.query->keys && !subject.query->keys->fields.empty();
  if (!keyed) {
    for (Wire& row : honest.items) row = Wire::object("models.Stranger", std::move(row.items));
    return honest;
  }
  const KeyBatch& keys = *subject.query->keys;
  const Model& model =
      subject.query->through ? *subject.query->through->model : *subject.query->model;
  const std::size_t field = keys.fields.front();
  const std::size_t column = subject.query->through ? 0 : field;
  if (!model.fields()[field].comparison.decidable()) refuse(Malformed::foreign_rows);
  honest.items.front().items[column] = Wire::value(unasked(keys, model.fields()[field]));
  return honest;
}

Wire wrong_count(Wire honest, const Subject& subject) {
  if (!subject.rows) return Wire::value(-1);
  if (subject.added) {
    if (honest.items.empty()) {
      honest.items.push_back(nulls(subject.width));
    } else {
      honest.items.pop_back();
    }
    return honest;
  }
  constexpr std::uint64_t most = 10'000;  // more rows than that are not made up
  if (subject.query == nullptr || !subject.query->limit || *subject.query->limit > most) {
    refuse(Malformed::wrong_count);
  }
  while (honest.items.size() <= *subject.query->limit) {
    honest.items.push_back(honest.items.empty() ? nulls(subject.width) : honest.items.back());
  }
  return honest;
}

Wire truncated(Wire honest) {
  if (honest.kind != Wire::Kind::list || honest.items.empty()) return Wire::cut_off();
  honest.items.resize(honest.items.size() / 2 + 1);
  std::vector<Wire>& row = honest.items.back().items;
  row.resize(row.size() / 2);
  row.push_back(Wire::cut_off());
  return honest;
}

}  // namespace

Wire told(Malformed lie, Wire honest, const Subject& subject) {
  switch (lie) {
    case Malformed::none:
      return honest;
    case Malformed::empty_wrapper:
      return Wire::object(success);
    case Malformed::uninitialised_wrapper:
      return Wire::object(result);
    case Malformed::wrapped_success:
      return one_of(success, std::move(honest));
    case Malformed::wrapped_failure:
      return one_of(failure, made_up_error());
    case Malformed::double_wrapped:
      return one_of(success, one_of(success, std::move(honest)));
    case Malformed::both_sides:
      return std::move(honest).raising(made_up_error());
    case Malformed::failure_without_error:
      return one_of(failure, Wire::value("something went wrong"));
    case Malformed::not_rows:
      if (!subject.rows) refuse(lie);
      return Wire::map({{"status", Wire::value("ok")}});
    case Malformed::wrong_width:
      return wrong_width(std::move(honest), subject);
    case Malformed::wrong_cell:
      return wrong_cell(std::move(honest), subject);
    case Malformed::foreign_rows:
      return foreign_rows(std::move(honest), subject);
    case Malformed::wrong_count:
      return wrong_count(std::move(honest), subject);
    case Malformed::unawaited:
      return Wire::object("coroutine");
    case Malformed::truncated:
      return truncated(std::move(honest));
  }
  return honest;
}

}  // namespace ommi::faulty
