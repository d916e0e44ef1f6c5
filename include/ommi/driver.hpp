#pragma once

/// \file
/// What a database adapter does: raw rows or a DatabaseError, nothing else.
///
/// A driver does not wrap, retry, cache results or log. It cannot make a DBResult: the boundary
/// (ommi::Database) is left of nobody who could include it here, and a test over the includes holds
/// that. One Driver is one connection is one thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/query.hpp"
#include "ommi/schema.hpp"
#include "ommi/value.hpp"

namespace ommi {

class Tracer;

/// What a driver can do; what it cannot must fail as ErrorCode::unsupported, never as a wrong
/// answer.
struct Capabilities {
  std::string name;                  // "sqlite"
  std::size_t max_parameters = 999;  // bound values in one statement
  bool writes = false;               // add, update, remove, transactions, schema changes
  bool savepoints = false;
  bool foreign_keys = false;  // it can declare and enforce them
  bool windows = false;
  bool shared = false;       // other connections can be open on the same rows
  bool checks = false;       // its tables may have CHECK constraints, which it enforces
  bool loose_kinds = false;  // a column keeps a value that is not of its declared type
  bool infinities = false;   // a real may be one; else it is refused as unsupported
  bool nan = false;          // a real may be none; else it is refused as unsupported
  bool signed_zero = false;  // -0.0 keeps its sign in a column of reals; else it becomes 0.0
};

/// What a driver did since it was opened.
struct DriverStatistics {
  std::uint64_t prepared = 0;  // statements compiled; a cached one does not count again
  std::uint64_t executed = 0;
  std::uint64_t rows = 0;
};

/// The rows of one answer. A cell is valid until the next call of next() or the cursor's end.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Fills `row` (as wide as the query) with the next row; false when there are no more.
  /// Throws DatabaseError.
  [[nodiscard]] virtual bool next(std::span<Cell> row) = 0;
  /// What was sent, for the trace: SQL, or the request's text. Valid as long as the cursor.
  [[nodiscard]] virtual std::string_view statement() const noexcept = 0;
};

/// Rows by their numbers in storage order, both ends included.
struct RowRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// A pass over columns of one table, in storage order.
struct Scan {
  std::string table;
  std::vector<std::string> columns;
  std::optional<RowRange> range = {};  // of a table that has a row_range(); else every row
};

/// Rows that follow each other, `width` cells each.
struct RowBatch {
  const Cell* cells = nullptr;
  std::size_t width = 0;
  std::size_t rows = 0;

  [[nodiscard]] std::span<const Cell> row(std::size_t number) const noexcept {
    return {cells + number * width, width};
  }
};

/// Called for each row of a scan; false ends it.
class RowVisitor {
 public:
  virtual ~RowVisitor() = default;
  [[nodiscard]] virtual bool row(std::span<const Cell> cells) = 0;
  /// The same for several rows at once, which is faster. A driver may, and need not, call it where
  /// `most_rows` allows more than one.
  [[nodiscard]] virtual bool rows(const RowBatch& batch) {
    for (std::size_t number = 0; number < batch.rows; ++number) {
      if (!row(batch.row(number))) return false;
    }
    return true;
  }
  [[nodiscard]] virtual std::size_t most_rows() const noexcept { return 1; }
};

/// How the database would run a query.
struct QueryPlan {
  std::string statement;
  std::vector<std::string> steps;    // as the database words them
  std::vector<std::string> scanned;  // tables that are read whole
  bool automatic_index = false;      // it builds a temporary index for this one query
};

/// Values to be stored, a row at a time: as many cells as `fields`, in their order.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Fills `row` with the next row's values; false when there are no more. A cell is read before
  /// the next call.
  [[nodiscard]] virtual bool next(std::span<Cell> row) = 0;
};

/// Told what the database made of the rows added: for each, in order, the values of the model's
/// `automatic` fields, in the model's order.
class KeySink {
 public:
  virtual ~KeySink() = default;
  virtual void added(std::span<const Cell> automatic) = 0;
};

/// New values for the fields of all rows that match.
struct Assignment {
  std::size_t field;
  Value value;
};

enum class Isolation : std::uint8_t {
  driver_default,
  read_committed,
  repeatable_read,
  serializable
};

/// What a nested transaction is.
enum class Nested : std::uint8_t {
  savepoint,  // its rollback undoes it alone
  join,       // a part of the outer one: its rollback leaves the outer one only a rollback
};

struct TransactionOptions {
  Isolation isolation = Isolation::driver_default;
  bool read_only = false;
  Nested nested = Nested::savepoint;
  /// Told what is done until the transaction ends, beside the database's; it outlives that. Not
  /// the driver's business.
  Tracer* tracer = nullptr;
};

/// A foreign key of a table that is made, its names resolved.
struct SchemaReference {
  std::vector<std::size_t> fields;
  const Model* target = nullptr;
  std::vector<std::size_t> target_fields;
  bool deferred = false;  // checked at commit: it is a part of a circle of references
};

/// One step of making a database fit a catalog; a plan is a list of them.
struct SchemaStep {
  enum class What : std::uint8_t { create_table, add_column, create_index, drop_table };
  What what = What::create_table;
  const Model* model = nullptr;     // sealed; of the table concerned
  std::vector<std::size_t> fields;  // add_column: the one; create_index: in order
  std::string table;                // drop_table
  std::string index;                // create_index: its name
  bool unique = false;
  std::vector<SchemaReference> references = {};  // create_table: all; add_column: of that one
};

/// A database adapter.
class Driver {
 public:
  virtual ~Driver() = default;

  [[nodiscard]] virtual const Capabilities& capabilities() const noexcept = 0;
  [[nodiscard]] virtual const DriverStatistics& statistics() const noexcept = 0;

  /// The rows that match. Throws DatabaseError: missing_table, missing_column, query, locked,
  /// corrupt, timeout …
  [[nodiscard]] virtual std::unique_ptr<Cursor> fetch(const Query& query) = 0;
  /// How many rows match; order, limit and offset are not looked at.
  [[nodiscard]] virtual std::uint64_t count(const Query& query) = 0;
  /// Rows of a statement in the database's own language that cannot write; `width` columns.
  [[nodiscard]] virtual std::unique_ptr<Cursor> select(std::string_view statement,
                                                       std::span<const Cell> values,
                                                       std::size_t width) = 0;
  /// The names of the columns that `select` would give for that statement; it is not run.
  [[nodiscard]] virtual std::vector<std::string> columns(std::string_view statement) = 0;
  /// Visits every row of a table; the fastest way to look at all of them.
  virtual void scan(const Scan& scan, RowVisitor& visitor) = 0;
  /// The numbers of a table's first and last row, if its rows are numbered; an empty table has
  /// none, and neither has one that is not there.
  [[nodiscard]] virtual std::optional<RowRange> row_range(const std::string& table) {
    static_cast<void>(table);
    return std::nullopt;
  }
  /// A reader for another thread that sees exactly the rows that this one sees, and keeps to the
  /// same deadline; null where there cannot be one. Making it is not for other threads.
  [[nodiscard]] virtual std::unique_ptr<Driver> another_reader() { return nullptr; }
  /// Stores rows of `model`: `fields` names the columns that `rows` gives, the others take the
  /// database's default. All or none are stored. Gives how many. Throws constraint errors by kind.
  virtual std::uint64_t add(const Model& model, std::span<const std::size_t> fields,
                            RowSource& rows, KeySink& keys) = 0;
  /// Changes every row that `query` (where, keys) matches; order and limit are not looked at. Gives
  /// how many.
  virtual std::uint64_t update(const Query& query, std::span<const Assignment> values) = 0;
  /// Removes every row that matches. Gives how many.
  virtual std::uint64_t remove(const Query& query) = 0;

  /// One transaction at a time; savepoints are numbered by the caller from 1, inner ones higher.
  virtual void begin(const TransactionOptions& options) = 0;
  virtual void commit() = 0;
  virtual void rollback() = 0;
  virtual void savepoint(unsigned number) = 0;
  virtual void release(unsigned number) = 0;
  virtual void rollback_to(unsigned number) = 0;
  /// Makes one change of the schema. Throws ErrorCode::schema.
  virtual void apply(const SchemaStep& step) = 0;

  /// How `query` would be run; it is not run.
  [[nodiscard]] virtual QueryPlan explain(const Query& query) = 0;
  /// The tables, as they are.
  [[nodiscard]] virtual Schema describe() = 0;
  /// Looks for damage; what it found, in the database's words, at most `limit` lines. Empty = none
  /// found. Values that break a constraint are no damage.
  [[nodiscard]] virtual std::vector<std::string> integrity(std::size_t limit) = 0;

  /// After this moment every call fails with ErrorCode::timeout, also one that is under way.
  virtual void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept = 0;
  /// Whether the database was written to by somebody since it was opened, so that what was read may
  /// be torn; a sentence that says what changed, or empty.
  [[nodiscard]] virtual std::string changed_since_open() = 0;
};

}  // namespace ommi
