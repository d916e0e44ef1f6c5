#include "drivers/sqlite/driver.hpp"

#include "drivers/sqlite/cursor.hpp"
#include "drivers/sqlite/packed.hpp"
#include "drivers/sqlite/scan.hpp"
#include "drivers/sqlite/writing.hpp"
#include "ommi/sql.hpp"
#include "ommi/sqlite.hpp"

namespace ommi::sqlite {
namespace {

class SqliteDriver final : public Driver {
 public:
  explicit SqliteDriver(Opened opened) : opened_(std::move(opened)) {
    const int parameters = sqlite3_limit(connection().handle(), SQLITE_LIMIT_VARIABLE_NUMBER, -1);
    capabilities_ = {.name = "sqlite",
                     .max_parameters = static_cast<std::size_t>(parameters),
                     .writes = connection().access() == Access::read_write,
                     .savepoints = true,
                     .foreign_keys = true,
                     .windows = true,
                     .shared = *sqlite3_db_filename(connection().handle(), "main") != '\0',
                     .checks = true,
                     .loose_kinds = true,
                     .infinities = true};
    dialect_.max_parameters = capabilities_.max_parameters;
    dialect_.packed_value = packed_value_function;
    register_scan(connection());
    register_packed_value(connection());
  }

  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  const DriverStatistics& statistics() const noexcept override {
    return opened_.connection->statistics;
  }

  std::unique_ptr<Cursor> fetch(const Query& query) override {
    const std::string& model = query.model->name();
    return run(sql::select(query, dialect_), query.width(), "fetch", model);
  }

  std::uint64_t count(const Query& query) override {
    const auto cursor = run(sql::count(query, dialect_), 1, "count", query.model->name());
    Cell cell;
    return cursor->next({&cell, 1}) ? static_cast<std::uint64_t>(cell.integer) : 0;
  }

  std::unique_ptr<Cursor> select(std::string_view statement, std::span<const Cell> values,
                                 std::size_t width) override {
    return run(statement, values, width, "select", {}, Names::checked);
  }

  std::vector<std::string> columns(std::string_view statement) override {
    const Borrowed prepared(connection(), statement, "columns");
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(prepared.get()); ++i)
      names.emplace_back(sqlite3_column_name(prepared.get(), i));
    return names;
  }

  void scan(const Scan& scan, RowVisitor& visitor) override {
    scan_table(connection(), scan, visitor);
  }

  std::optional<RowRange> row_range(const std::string& table) override {
    return sqlite::row_range(connection(), table);
  }

  std::unique_ptr<Driver> another_reader() override {
    if (!opened_.again) return nullptr;
    Opened other;
    other.connection = opened_.again();
    other.connection->set_deadline(connection().deadline());
    other.again = opened_.again;
    return make_driver(std::move(other));
  }

  std::uint64_t add(const Model& model, std::span<const std::size_t> fields, RowSource& rows,
                    KeySink& keys) override {
    return add_rows(connection(), model, fields, rows, keys);
  }

  std::uint64_t update(const Query& query, std::span<const Assignment> values) override {
    return update_rows(connection(), query, values, dialect_);
  }

  std::uint64_t remove(const Query& query) override {
    return remove_rows(connection(), query, dialect_);
  }

  void begin(const TransactionOptions& options) override {
    begin_transaction(connection(), options);
  }
  void commit() override { commit_transaction(connection()); }
  void rollback() override { rollback_transaction(connection()); }
  void savepoint(unsigned number) override { set_savepoint(connection(), number); }
  void release(unsigned number) override { release_savepoint(connection(), number); }
  void rollback_to(unsigned number) override { rollback_to_savepoint(connection(), number); }
  void apply(const SchemaStep& step) override { apply_step(connection(), step); }

  QueryPlan explain(const Query& query) override {
    const sql::Statement statement = sql::select(query, dialect_);
    return sqlite::explain(connection(), query, statement);
  }

  Schema describe() override { return sqlite::describe(connection()); }

  std::vector<std::string> integrity(std::size_t limit) override {
    return sqlite::integrity(connection(), limit);
  }

  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept override {
    connection().set_deadline(deadline);
  }

  std::string changed_since_open() override {
    return opened_.watched ? opened_.watched->changed(connection().handle()) : std::string();
  }

 private:
  Connection& connection() noexcept { return *opened_.connection; }

  std::unique_ptr<Cursor> run(const sql::Statement& statement, std::size_t width,
                              std::string_view operation, std::string_view model) {
    return run(statement.text, statement.values, width, operation, model);
  }

  std::unique_ptr<Cursor> run(std::string_view text, std::span<const Cell> values,
                              std::size_t width, std::string_view operation, std::string_view model,
                              Names names = Names::unchecked) {
    Statement statement = connection().acquire(text, operation, model, names);
    if (sqlite3_stmt_readonly(statement.get()) == 0) {
      throw failure(ErrorCode::read_only, "the statement would write; a query only reads",
                    operation, text, model);
    }
    connection().bind(statement.get(), values, operation, model);
    return make_cursor(opened_.connection, std::move(statement), width, operation, model);
  }

  Opened opened_;
  Capabilities capabilities_;
  sql::Dialect dialect_;
};

}  // namespace

std::unique_ptr<Driver> make_driver(Opened opened) {
  return std::make_unique<SqliteDriver>(std::move(opened));
}

std::string quoted(std::string_view name) { return sql::quoted(name, sql::Dialect{}); }

}  // namespace ommi::sqlite
