// The boundary to foreign drivers: an answer is believed once it has passed here.

#include <fmt/format.h>

#include "ommi/key.hpp"
#include "ommi/wire.hpp"

namespace ommi {
namespace {

struct Where {
  std::optional<std::size_t> row = {};
  std::optional<std::size_t> column = {};
};

class Inspector {
 public:
  Inspector(const Inspection& inspection, std::string expected)
      : inspection_(inspection), expected_(std::move(expected)) {}

  /// What the answer holds once nothing is wrapped around it.
  const Wire& payload(const Wire& answer) const;
  [[noreturn]] void refuse(Malformed what, const std::string& said, const Wire& got,
                           const Where& where = {}) const {
    throw error(what, said, got, where);
  }

 private:
  [[nodiscard]] DatabaseError error(Malformed what, const std::string& said, const Wire& got,
                                    const Where& where = {}) const;
  [[nodiscard]] Malformation evidence(Malformed what, const Wire& got, const Where& where) const;
  [[noreturn]] void rethrow(const Wire& raised) const;
  const Wire& unwrap(const Wire& answer) const;
  [[noreturn]] void refuse_failure(const Wire& failure) const;

  const Inspection& inspection_;
  std::string expected_;
};

Malformation Inspector::evidence(Malformed what, const Wire& got, const Where& where) const {
  return {what, expected_, excerpt(got), where.row, where.column};
}

DatabaseError Inspector::error(Malformed what, const std::string& said, const Wire& got,
                               const Where& where) const {
  return DatabaseError(ErrorCode::malformed_result,
                       fmt::format("{}, and {} due: {}", said, expected_, excerpt(got)),
                       inspection_.place)
      .with(std::make_shared<const Malformation>(evidence(what, got, where)));
}

bool is_text(const Wire* wire) {
  return wire != nullptr && wire->kind == Wire::Kind::value && wire->scalar.kind() == Kind::text &&
         !wire->scalar.as<std::string>().empty();
}

// An error says its code, its message or at least its class; a bare text says none of them.
bool is_error(const Wire& wire) {
  if (wire.kind == Wire::Kind::map)
    return is_text(wire.find("message")) || is_text(wire.find("code"));
  return wire.kind == Wire::Kind::object && !wire.type.empty() && role_of(wire.type) == Role::other;
}

ErrorCode code_of(const Wire& error) {
  const Wire* code = error.find("code");
  if (!is_text(code)) return ErrorCode::foreign;
  for (unsigned number = 0; number <= static_cast<unsigned>(ErrorCode::foreign); ++number) {
    const auto known = static_cast<ErrorCode>(number);
    // A driver that says so itself has not been inspected: only we say malformed.
    if (known == ErrorCode::malformed_result) continue;
    if (to_string(known) == code->scalar.as<std::string>()) return known;
  }
  return ErrorCode::foreign;
}

DatabaseError error_of(const Wire& raised, const ErrorPlace& place) {
  const Wire* message = raised.find("message");
  return {code_of(raised),
          is_text(message) ? escaped(message->scalar.as<std::string>()) : excerpt(raised), place};
}

void Inspector::rethrow(const Wire& raised) const {
  if (!is_error(raised)) {
    refuse(Malformed::failure_without_error, "the driver failed without an error", raised);
  }
  throw error_of(raised, inspection_.place);
}

void Inspector::refuse_failure(const Wire& failure) const {
  const Wire* inner = !failure.items.empty()    ? &failure.items.front()
                      : !failure.raised.empty() ? &failure.raised.front()
                                                : failure.find("error");
  if (inner == nullptr || !is_error(*inner)) {
    refuse(Malformed::failure_without_error, "the driver returned a failure that names no error",
           failure);
  }
  throw error(Malformed::wrapped_failure, "the driver returned a failure instead of raising it",
              failure)
      .caused_by(error_of(*inner, inspection_.place));
}

const Wire& Inspector::unwrap(const Wire& answer) const {
  if (answer.items.empty()) {
    if (role_of(answer.type) == Role::success) {
      refuse(Malformed::empty_wrapper, "the driver returned a success that wraps no result",
             answer);
    }
    refuse(Malformed::uninitialised_wrapper, "the driver returned a result that was never filled",
           answer);
  }
  const Wire& inner = answer.items.front();
  const Role role = inner.kind == Wire::Kind::object ? role_of(inner.type) : Role::other;
  const bool nested = role == Role::success || role == Role::failure || role == Role::result;
  const Malformed what = nested ? Malformed::double_wrapped : Malformed::wrapped_success;
  if (!inspection_.tolerant || role == Role::failure) {
    refuse(what,
           nested ? "the driver returned a result inside a result"
                  : "the driver wrapped its answer, which is the boundary's to do",
           answer);
  }
  if (inspection_.tolerated) inspection_.tolerated(evidence(what, answer, {}));
  return inner;
}

const Wire& Inspector::payload(const Wire& answer) const {
  const Wire* at = &answer;
  while (true) {
    if (!at->raised.empty()) {
      if (at->kind == Wire::Kind::absent) rethrow(at->raised.front());
      const bool failure = at->kind == Wire::Kind::object && role_of(at->type) == Role::failure;
      if (!failure || !at->items.empty()) {
        refuse(Malformed::both_sides, "the driver returned a result and an error", *at);
      }
    }
    if (at->kind == Wire::Kind::truncated) {
      refuse(Malformed::truncated, "the driver's answer was cut off", answer);
    }
    if (at->kind != Wire::Kind::object) return *at;
    switch (role_of(at->type)) {
      case Role::awaitable:
        refuse(Malformed::unawaited, "the driver returned something that nobody awaited", *at);
      case Role::failure:
        refuse_failure(*at);
      case Role::success:
      case Role::result:
        at = &unwrap(*at);
        break;
      case Role::other:
        return *at;
    }
  }
}

class WireCursor final : public Cursor {
 public:
  WireCursor(std::unique_ptr<const Wire> answer, const std::vector<Wire>& rows,
             std::string statement)
      : answer_(std::move(answer)), rows_(rows), statement_(std::move(statement)) {}

  bool next(std::span<Cell> row) override {
    if (at_ == rows_.size()) return false;
    const std::vector<Wire>& cells = rows_[at_++].items;
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = cells[i].scalar.cell();
    return true;
  }
  std::string_view statement() const noexcept override { return statement_; }

 private:
  std::unique_ptr<const Wire> answer_;
  const std::vector<Wire>& rows_;  // somewhere inside it
  std::string statement_;
  std::size_t at_ = 0;
};

/// Looks at each row: its shape, whose it is, its cells, its key.
class RowInspector {
 public:
  RowInspector(const RowsDue& due, const Inspector& inspector);
  void inspect(const Wire& row, std::size_t number);

 private:
  void inspect_cell(const Wire& cell, std::size_t row, std::size_t column) const;
  void inspect_key(const Wire& row, std::size_t number);
  [[nodiscard]] const FieldInfo* field(std::size_t column) const;

  const RowsDue& due_;
  const Inspector& inspector_;
  std::optional<KeyIndex> asked_;
  std::vector<std::size_t> key_columns_;
  std::vector<Cell> key_;
};

RowInspector::RowInspector(const RowsDue& due, const Inspector& inspector)
    : due_(due), inspector_(inspector) {
  if (due.query == nullptr || !due.query->keys || due.query->keys->fields.empty()) return;
  const Query& query = *due.query;
  const KeyBatch& keys = *query.keys;
  const Model& keyed = query.through ? *query.through->model : *query.model;
  std::vector<Comparison> rules = keyed.comparisons(keys.fields);
  for (const Comparison& rule : rules) {
    if (!rule.decidable()) return;  // only the database can tell whether a key was asked for
  }
  asked_.emplace(std::move(rules));
  const std::size_t width = keys.fields.size();
  for (std::size_t i = 0; i < keys.count(); ++i) asked_->add(keys.cells.subspan(i * width, width));
  for (std::size_t i = 0; i < width; ++i) {
    key_columns_.push_back(query.through ? i : keys.fields[i]);
  }
  key_.resize(width);
}

const FieldInfo* RowInspector::field(std::size_t column) const {
  const Query* query = due_.query;
  if (query == nullptr) return nullptr;
  if (query->through) {
    const std::size_t keys = query->keys ? query->keys->fields.size() : 0;
    const std::vector<FieldInfo>& link = query->through->model->fields();
    if (column < keys) return &link[query->keys->fields[column]];
    const std::size_t named = keys + query->through->fields.size();
    if (column < named) return &link[query->through->fields[column - keys]];
    column -= named;
    if (query->through->whole) {
      if (column < link.size()) return &link[column];
      column -= link.size();
    }
  }
  return &query->model->fields()[column];
}

void RowInspector::inspect_cell(const Wire& cell, std::size_t row, std::size_t column) const {
  const FieldInfo* info = field(column);
  if (cell.kind == Wire::Kind::truncated) {
    inspector_.refuse(Malformed::truncated, fmt::format("row {} was cut off", row), cell,
                      {row, column});
  }
  const std::string name =
      info == nullptr ? fmt::format("column {}", column) : fmt::format("'{}'", escaped(info->name));
  if (cell.kind != Wire::Kind::value || !cell.raised.empty()) {
    inspector_.refuse(Malformed::wrong_cell, fmt::format("row {} holds no value in {}", row, name),
                      cell, {row, column});
  }
  if (info != nullptr && !accepts(info->type, cell.scalar.kind())) {
    inspector_.refuse(Malformed::wrong_cell,
                      fmt::format("row {} holds {} in {}, which is declared {}", row,
                                  to_string(cell.scalar.kind()), name, to_string(info->type)),
                      cell, {row, column});
  }
}

void RowInspector::inspect_key(const Wire& row, std::size_t number) {
  for (std::size_t i = 0; i < key_.size(); ++i) {
    key_[i] = row.items[key_columns_[i]].scalar.cell();
  }
  if (asked_->find(key_) == KeyIndex::missing) {
    inspector_.refuse(Malformed::foreign_rows,
                      fmt::format("row {} has a key that was not asked for", number), row,
                      {number, key_columns_.front()});
  }
}

std::string_view last_part(std::string_view type) {
  const std::size_t dot = type.find_last_of(".:");
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

void RowInspector::inspect(const Wire& row, std::size_t number) {
  const Where where{number, {}};
  if (row.kind == Wire::Kind::truncated) {
    inspector_.refuse(Malformed::truncated, fmt::format("the answer ends in row {}", number), row,
                      where);
  }
  if (row.kind == Wire::Kind::object) {
    const Model* model = due_.query == nullptr ? nullptr : due_.query->model;
    if (role_of(row.type) == Role::awaitable) {
      inspector_.refuse(Malformed::unawaited, fmt::format("row {} was never awaited", number), row,
                        where);
    }
    if (model == nullptr || last_part(row.type) != last_part(model->name())) {
      inspector_.refuse(Malformed::foreign_rows,
                        fmt::format("row {} is a {}", number, escaped(row.type)), row, where);
    }
  } else if (row.kind != Wire::Kind::list) {
    inspector_.refuse(Malformed::not_rows, fmt::format("row {} is no row", number), row, where);
  }
  for (std::size_t i = 0; i < row.items.size() && i < due_.width; ++i) {
    if (row.items[i].kind == Wire::Kind::truncated) inspect_cell(row.items[i], number, i);
  }
  if (row.items.size() != due_.width) {
    inspector_.refuse(
        Malformed::wrong_width,
        fmt::format("row {} has {} cells instead of {}", number, row.items.size(), due_.width), row,
        where);
  }
  for (std::size_t i = 0; i < row.items.size(); ++i) inspect_cell(row.items[i], number, i);
  if (asked_) inspect_key(row, number);
}

std::string rows_expected(const RowsDue& due) {
  if (due.query == nullptr) return fmt::format("rows of {} columns were", due.width);
  return fmt::format("rows of {}, {} columns each, were", escaped(due.query->model->name()),
                     due.width);
}

std::vector<const FieldInfo*> automatic_fields(const Model& model) {
  std::vector<const FieldInfo*> fields;
  for (const FieldInfo& field : model.fields()) {
    if (field.automatic) fields.push_back(&field);
  }
  return fields;
}

void inspect_key_row(const Wire& row, std::size_t number,
                     const std::vector<const FieldInfo*>& fields, const Inspector& inspector) {
  for (std::size_t part = 0; part < fields.size(); ++part) {
    const Kind kind = row.items[part].scalar.kind();
    if (kind != Kind::null && accepts(fields[part]->type, kind)) continue;
    inspector.refuse(
        Malformed::wrong_cell,
        fmt::format("key {} holds {} in '{}', which is declared {}", number, to_string(kind),
                    escaped(fields[part]->name), to_string(fields[part]->type)),
        row, {number, part});
  }
}

}  // namespace

std::unique_ptr<Cursor> inspect_rows(Wire answer, const RowsDue& due,
                                     const Inspection& inspection) {
  const Inspector inspector(inspection, rows_expected(due));
  auto owned = std::make_unique<const Wire>(std::move(answer));
  const Wire& rows = inspector.payload(*owned);
  if (rows.kind != Wire::Kind::list) {
    inspector.refuse(Malformed::not_rows, "the driver returned no rows", rows);
  }
  RowInspector row_inspector(due, inspector);
  for (std::size_t i = 0; i < rows.items.size(); ++i) row_inspector.inspect(rows.items[i], i);
  if (due.query != nullptr && due.query->limit && rows.items.size() > *due.query->limit) {
    inspector.refuse(Malformed::wrong_count,
                     fmt::format("the driver returned {} rows, {} were asked for at most",
                                 rows.items.size(), *due.query->limit),
                     rows);
  }
  return std::make_unique<WireCursor>(std::move(owned), rows.items, due.statement);
}

std::uint64_t inspect_count(const Wire& answer, const Inspection& inspection) {
  const Inspector inspector(inspection, "a number of rows was");
  const Wire& count = inspector.payload(answer);
  if (count.kind != Wire::Kind::value || count.scalar.kind() != Kind::integer) {
    inspector.refuse(Malformed::wrong_count, "the driver returned no number", count);
  }
  const std::int64_t number = count.scalar.as<std::int64_t>();
  if (number < 0) {
    inspector.refuse(Malformed::wrong_count, "the driver returned a negative number", count);
  }
  return static_cast<std::uint64_t>(number);
}

std::uint64_t inspect_keys(const Wire& answer, const Model& model, std::size_t rows, KeySink& keys,
                           const Inspection& inspection) {
  const Inspector inspector(
      inspection, fmt::format("the keys of {} rows of {} were", rows, escaped(model.name())));
  const Wire& given = inspector.payload(answer);
  if (given.kind != Wire::Kind::list) {
    inspector.refuse(Malformed::not_rows, "the driver returned no keys", given);
  }
  const std::vector<const FieldInfo*> fields = automatic_fields(model);
  const RowsDue due{.width = fields.size()};
  RowInspector row_inspector(due, inspector);
  for (std::size_t i = 0; i < given.items.size(); ++i) {
    row_inspector.inspect(given.items[i], i);
    inspect_key_row(given.items[i], i, fields, inspector);
  }
  if (given.items.size() != rows) {
    inspector.refuse(Malformed::wrong_count,
                     fmt::format("the driver returned the keys of {} rows", given.items.size()),
                     given);
  }
  std::vector<Cell> cells(fields.size());
  for (const Wire& row : given.items) {
    for (std::size_t part = 0; part < cells.size(); ++part) {
      cells[part] = row.items[part].scalar.cell();
    }
    keys.added(cells);
  }
  return rows;
}

}  // namespace ommi
