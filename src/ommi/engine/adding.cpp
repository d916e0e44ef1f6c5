#include "engine/adding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/calls.hpp"
#include "ommi/malformation.hpp"

namespace ommi::engine {
namespace {

DatabaseError cannot_add(const Model& model, std::string message) {
  return {ErrorCode::query, std::move(message), {.operation = "add", .model = model.name()}};
}

// The rows as the driver wants them: cells by position, whatever order each row names its fields
// in.
class GivenRows final : public RowSource {
 public:
  GivenRows(const Model& model, std::span<const NewRow> rows);

  bool next(std::span<Cell> row) override {
    if (next_ == rows_) return false;
    std::ranges::copy(this->row(next_++), row.begin());
    return true;
  }
  [[nodiscard]] std::size_t size() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<std::size_t>& fields() const noexcept { return fields_; }
  [[nodiscard]] std::span<const Cell> row(std::size_t number) const noexcept {
    return std::span<const Cell>(cells_).subspan(number * fields_.size(), fields_.size());
  }

 private:
  static constexpr std::size_t nowhere = SIZE_MAX;
  void take(const Model& model, const NewRow& row, std::vector<std::size_t>& places);

  std::vector<std::size_t> fields_;
  std::vector<Cell> cells_;  // borrowed from the rows given
  std::size_t rows_;
  std::size_t next_ = 0;
};

GivenRows::GivenRows(const Model& model, std::span<const NewRow> rows) : rows_(rows.size()) {
  std::vector<std::size_t> places(model.fields().size(), nowhere);  // of each field in fields_
  for (const auto& [name, value] : rows.front()) {
    const std::size_t field = at(model, name).field();
    if (places[field] != nowhere) {
      throw cannot_add(model, fmt::format("{}.{} is given twice in one row", escaped(model.name()),
                                          escaped(model.fields()[field].name)));
    }
    places[field] = fields_.size();
    fields_.push_back(field);
  }
  cells_.reserve(rows_ * fields_.size());
  for (const NewRow& row : rows) take(model, row, places);
}

void GivenRows::take(const Model& model, const NewRow& row, std::vector<std::size_t>& places) {
  const std::size_t start = cells_.size();
  cells_.resize(start + fields_.size());
  std::vector<bool> filled(fields_.size());
  for (const auto& [name, value] : row) {
    const std::size_t field = at(model, name).field();
    if (places[field] == nowhere || filled[places[field]]) {
      throw cannot_add(
          model, fmt::format(
                     "the rows must name the same fields, and {}.{} is {}", escaped(model.name()),
                     escaped(model.fields()[field].name),
                     places[field] == nowhere ? "not in the first row" : "given twice in one row"));
    }
    check_kind(model, field, value);
    filled[places[field]] = true;
    cells_[start + places[field]] = value.cell();
  }
  if (row.size() == fields_.size()) return;
  throw cannot_add(model, fmt::format("the rows must name the same fields, and the first of {} "
                                      "names {}, another {}",
                                      escaped(model.name()), fields_.size(), row.size()));
}

// Makes a record of each row that was stored: what was given, and the keys that the database made.
class StoredRows final : public KeySink {
 public:
  StoredRows(const GivenRows& given, Rows& rows) : given_(given), rows_(rows) {
    for (std::size_t i = 0; i < rows.model().fields().size(); ++i) {
      if (rows.model().fields()[i].automatic) automatic_.push_back(i);
    }
  }

  void added(std::span<const Cell> automatic) override {
    if (rows_.size() >= given_.size() || automatic.size() != automatic_.size()) {
      const bool width = automatic.size() != automatic_.size();
      throw malformed(
          fmt::format("expected {} made values for each of {} rows, and there was "
                      "another row or {} values",
                      automatic_.size(), given_.size(), automatic.size()),
          {width ? Malformed::wrong_width : Malformed::wrong_count,
           fmt::format("{} made values for each of {} rows", automatic_.size(), given_.size()),
           fmt::format("{} values", automatic.size()),
           rows_.size(),
           {}});
    }
    std::vector<Cell> row(rows_.model().fields().size());
    const std::span<const Cell> cells = given_.row(rows_.size());
    for (std::size_t i = 0; i < cells.size(); ++i) row[given_.fields()[i]] = cells[i];
    for (std::size_t i = 0; i < automatic.size(); ++i) row[automatic_[i]] = automatic[i];
    rows_.append(row);
  }

  void check(std::uint64_t added) const {
    if (added == given_.size() && rows_.size() == given_.size()) return;
    const std::uint64_t said = added == given_.size() ? rows_.size() : added;
    throw malformed(
        fmt::format("{} rows were added, and the driver speaks of {}", given_.size(), said),
        {Malformed::wrong_count,
         fmt::format("{} rows added", given_.size()),
         fmt::format("{} rows", said),
         {},
         {}});
  }

  // Whether every field was given or told; the others have the database's default.
  [[nodiscard]] bool knows_all() const {
    std::vector<bool> known(rows_.model().fields().size());
    for (const std::size_t field : given_.fields()) known[field] = true;
    for (const std::size_t field : automatic_) known[field] = true;
    return std::ranges::all_of(known, [](bool is) { return is; });
  }

 private:
  [[nodiscard]] DatabaseError malformed(std::string message, Malformation evidence) const {
    return DatabaseError(ErrorCode::malformed_result, std::move(message),
                         {.operation = "add", .model = rows_.model().name()})
        .with(std::make_shared<const Malformation>(std::move(evidence)));
  }

  const GivenRows& given_;
  Rows& rows_;
  std::vector<std::size_t> automatic_;
};

// Reads the rows again by their keys, in the same order, to see the defaults; the rows as they are
// when they cannot be told apart.
RecordList read_again(const std::shared_ptr<Session>& session, const std::shared_ptr<Rows>& added) {
  const Model& model = added->model();
  const std::vector<Comparison> rules = model.comparisons(model.key);
  const bool decidable = std::ranges::all_of(rules, [](const auto& r) { return r.decidable(); });
  if (model.key.empty() || !decidable) return RecordList(added);
  KeyIndex index(rules);
  std::vector<Cell> keys;
  for (std::uint32_t row = 0; row < added->size(); ++row) {
    const std::size_t start = keys.size();
    for (const std::size_t field : model.key) keys.push_back(added->cell(row, field));
    if (index.add(std::span<const Cell>(keys).subspan(start)) != row) return RecordList(added);
  }
  auto stored = std::make_shared<Rows>(session, model, session->fetch);
  auto order = std::make_shared<std::vector<std::uint32_t>>(added->size(), KeyIndex::missing);
  const std::size_t chunk =
      std::clamp<std::size_t>(session->capabilities().max_parameters / model.key.size(), 1, 500);
  std::vector<Cell> key(model.key.size());
  for (std::size_t first = 0; first < added->size(); first += chunk) {
    const std::size_t count = std::min<std::size_t>(chunk, added->size() - first);
    Query query;
    query.model = &model;
    query.keys = KeyBatch{
        model.key, std::span<const Cell>(keys).subspan(first * key.size(), count * key.size())};
    session->each_row(query, {.operation = "add"}, [&](std::span<const Cell> row) {
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = row[model.key[i]];
      const std::uint32_t number = index.find(key);
      if (number != KeyIndex::missing) (*order)[number] = stored->append(row);
      return true;
    });
  }
  const bool all = std::ranges::find(*order, KeyIndex::missing) == order->end();
  return all ? RecordList(stored, order, 0, added->size()) : RecordList(added);
}

}  // namespace

const Model& model_named(const Catalog& catalog, std::string_view name) {
  if (const Model* found = catalog.find(name)) return *found;
  std::vector<std::string> names;
  for (const Model& model : catalog.models()) names.push_back(model.name());
  std::string message = fmt::format("there is no model '{}'", escaped(name));
  if (const std::string near = nearest(name, names); !near.empty()) {
    message += fmt::format("; did you mean '{}'?", escaped(near));
  }
  throw DatabaseError(ErrorCode::model, std::move(message), {.model = std::string(name)});
}

void check_kind(const Model& model, std::size_t field, const Value& value) {
  const FieldInfo& info = model.fields()[field];
  if (accepts(info.type, value.kind())) return;
  throw DatabaseError(ErrorCode::query,
                      fmt::format("{}.{} is declared {} and cannot hold the {} {}",
                                  escaped(model.name()), escaped(info.name), to_string(info.type),
                                  to_string(value.kind()), to_display(value.cell(), 40)),
                      {.model = model.name()});
}

RecordList add(const std::shared_ptr<Session>& session, std::string_view name,
               std::span<const NewRow> rows) {
  const Model& model = model_named(*session->catalog(), name);
  auto records = std::make_shared<Rows>(session, model, session->fetch);
  if (rows.empty()) return RecordList(std::move(records));
  session->transactions().require_writable();
  GivenRows given(model, rows);
  StoredRows stored(given, *records);
  traced(*session, "add", model.name(), "integer", [&](Driver& driver, Event& event) {
    event.rows = driver.add(model, given.fields(), given, stored);
    stored.check(event.rows);
    return event.rows;
  });
  return stored.knows_all() ? RecordList(std::move(records)) : read_again(session, records);
}

}  // namespace ommi::engine
