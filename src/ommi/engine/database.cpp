#include "ommi/database.hpp"

#include "engine/adding.hpp"
#include "engine/calls.hpp"

namespace ommi {
namespace {

ErrorPlace place_of(std::string_view operation, const Query& query) {
  return {.operation = std::string(operation),
          .model = query.model == nullptr ? std::string() : query.model->name()};
}

std::string_view name_of(SchemaStep::What what) noexcept {
  switch (what) {
    case SchemaStep::What::create_table:
      return "create_table";
    case SchemaStep::What::add_column:
      return "add_column";
    case SchemaStep::What::create_index:
      return "create_index";
    case SchemaStep::What::drop_table:
      return "drop_table";
  }
  return "create_table";
}

class CountingVisitor final : public RowVisitor {
 public:
  explicit CountingVisitor(RowVisitor& inner) : inner_(inner) {}
  bool row(std::span<const Cell> cells) override {
    ++seen;
    return inner_.row(cells);
  }
  bool rows(const RowBatch& batch) override {
    seen += batch.rows;
    return inner_.rows(batch);
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return inner_.most_rows(); }
  std::uint64_t seen = 0;

 private:
  RowVisitor& inner_;
};

}  // namespace

Database::Database(std::unique_ptr<Driver> driver)
    : session_(std::make_shared<engine::Session>(std::move(driver))) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

Database::~Database() {
  if (session_) session_->close();
}

void Database::use(std::shared_ptr<const Catalog> catalog) { session_->use(std::move(catalog)); }
const Catalog& Database::catalog() const noexcept { return *session_->catalog(); }
Finder Database::find(std::string_view model) const { return {session_, model}; }

DBResult<RecordList> Database::fetch(const Query& query) const {
  return session_->captured(place_of("fetch", query),
                            [&] { return engine::fetch_all(session_, query); });
}

DBResult<std::uint64_t> Database::count(const Query& query) const {
  return session_->captured(place_of("count", query),
                            [&] { return engine::count_rows(*session_, query); });
}

DBResult<std::uint64_t> Database::select(std::string_view statement, std::span<const Cell> values,
                                         std::size_t width, RowVisitor& visitor) const {
  return session_->captured({.operation = "select"}, [&] {
    return engine::traced(*session_, "select", "", "Cursor", [&](Driver& driver, Event& event) {
      const std::unique_ptr<Cursor> cursor = driver.select(statement, values, width);
      event.statement = statement;
      event.values = values;
      std::vector<Cell> row(width);
      while (cursor->next(row)) {
        ++event.rows;
        if (!visitor.row(row)) break;
      }
      return event.rows;
    });
  });
}

DBResult<std::vector<std::string>> Database::columns(std::string_view statement) const {
  return session_->captured({.operation = "columns"}, [&] {
    return engine::traced(*session_, "columns", "", "names", [&](Driver& driver, Event& event) {
      event.statement = statement;
      return driver.columns(statement);
    });
  });
}

DBResult<std::uint64_t> Database::scan(const Scan& scan, RowVisitor& visitor) const {
  return session_->captured({.operation = "scan", .model = scan.table}, [&] {
    return engine::traced(*session_, "scan", scan.table, "rows", [&](Driver& driver, Event& event) {
      CountingVisitor counting(visitor);
      driver.scan(scan, counting);
      event.rows = counting.seen;
      return counting.seen;
    });
  });
}

DBResult<std::optional<RowRange>> Database::row_range(const std::string& table) const {
  return session_->captured({.operation = "row_range", .model = table}, [&] {
    return session_->ask([&] { return session_->driver().row_range(table); });
  });
}

DBResult<std::unique_ptr<Database>> Database::another_reader() const {
  return session_->captured({.operation = "another_reader"}, [&] {
    return session_->ask([&] {
      std::unique_ptr<Driver> other = session_->driver().another_reader();
      return other == nullptr ? nullptr : std::make_unique<Database>(std::move(other));
    });
  });
}

DBResult<QueryPlan> Database::explain(const Query& query) const {
  return session_->captured(place_of("explain", query), [&] {
    return engine::traced(*session_, "explain", query.model->name(), "plan",
                          [&](Driver& driver, Event&) { return driver.explain(query); });
  });
}

DBResult<QueryPlan> Database::explain(const Relation& relation, std::size_t owners) const {
  if (relation.problem) {
    return session_->failed(DatabaseError(
        ErrorCode::model, relation.problem->message,
        {.operation = "explain", .model = relation.owner->name(), .relation = relation.info.name}));
  }
  const std::vector<Cell> keys(relation.owner_fields.size() * owners, Cell::of(std::int64_t{1}));
  return explain(engine::lazy_query(relation, keys, session_->capabilities()));
}

DBResult<Done> Database::load(const RecordList& owners, std::string_view relation) const {
  const auto found = session_->captured({.operation = "load", .model = owners.model().name()}, [&] {
    return &engine::relation_named(owners.model(), relation);
  });
  if (const Failure* failed = found.failure()) return *failed;
  return owners.load(*found.value());
}

DBResult<Schema> Database::describe() const {
  return session_->captured({.operation = "describe"}, [&] {
    return engine::traced(*session_, "describe", "", "Schema", [](Driver& driver, Event& event) {
      Schema schema = driver.describe();
      event.rows = schema.tables.size();
      return schema;
    });
  });
}

DBResult<RecordList> Database::add(std::string_view model, const std::vector<NewRow>& rows) const {
  return session_->captured({.operation = "add", .model = std::string(model)},
                            [&] { return engine::add(session_, model, rows); });
}

DBResult<Record> Database::add(std::string_view model, const NewRow& row) const {
  return session_->captured({.operation = "add", .model = std::string(model)}, [&] {
    return engine::add(session_, model, {&row, 1})[0];
  });
}

DBResult<Done> Database::apply(const SchemaStep& step) const {
  const std::string_view model = step.model == nullptr ? "" : std::string_view(step.model->name());
  return session_->captured({.operation = "apply", .model = std::string(model)}, [&] {
    session_->transactions().require_writable();
    engine::traced(*session_, "apply", model, "Done", [&](Driver& driver, Event&) {
      driver.apply(step);
      return Done{};
    });
    Event changed;
    changed.kind = EventKind::schema;
    changed.operation = name_of(step.what);
    changed.model = model;
    session_->emit(changed);
    return Done{};
  });
}

DBResult<std::vector<std::string>> Database::integrity(std::size_t limit) const {
  return session_->captured({.operation = "integrity"}, [&] {
    return engine::traced(*session_, "integrity", "", "text",
                          [&](Driver& driver, Event&) { return driver.integrity(limit); });
  });
}

DBResult<std::string> Database::changed_since_open() const {
  return session_->captured({.operation = "changed_since_open"},
                            [&] { return session_->driver().changed_since_open(); });
}

void Database::set_fetch(Fetch fetch) noexcept { session_->fetch = fetch; }
void Database::set_tracer(Tracer* tracer) const noexcept { session_->set_tracer(tracer); }
Tracer* Database::tracer() const noexcept { return session_->database_tracer(); }

void Database::set_deadline(std::chrono::steady_clock::time_point deadline) noexcept {
  if (session_->open()) session_->driver().set_deadline(deadline);
}

const Capabilities& Database::capabilities() const noexcept { return session_->capabilities(); }
DriverStatistics Database::statistics() const noexcept { return session_->statistics(); }
void Database::close() noexcept { session_->close(); }

}  // namespace ommi
