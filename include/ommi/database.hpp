#pragma once

/// \file
/// The boundary: the only place that turns what a driver did into a DBResult.
///
///     ommi::Database database(ommi::sqlite::open("blog.db"));
///     database.use(catalog);
///     auto posts = database.find("Post").order_by("id").limit(10).all();
///
/// A Database owns its driver and is used from one thread. Closing it (or ending its life) leaves
/// what was loaded readable; what was not gives ErrorCode::detached.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "ommi/driver.hpp"
#include "ommi/record.hpp"
#include "ommi/result.hpp"
#include "ommi/trace.hpp"
#include "ommi/transaction.hpp"

namespace ommi {

namespace engine {
class Session;
struct TypedCalls;
}  // namespace engine

class Database;
template <class T>
class TypedFinder;

/// Values of one row by field name; the others take the database's default.
struct NewRow : std::vector<std::pair<std::string, Value>> {
  NewRow() = default;
  // Not a vector's constructors: {"title", "new"} would be two iterators.
  NewRow(std::initializer_list<value_type> values) : vector(values) {}
};

/// A query under construction; its terminals run it.
class Finder {
 public:
  Finder& where(Expression condition);
  Finder& order_by(std::string_view field, bool descending = false);
  Finder& limit(std::uint64_t rows, std::uint64_t offset = 0);

  [[nodiscard]] DBResult<RecordList> all() const;
  /// Exactly one: none is ErrorCode::not_found, two is ErrorCode::multiple_rows.
  [[nodiscard]] DBResult<Record> one() const;
  [[nodiscard]] DBResult<std::optional<Record>> first() const;
  [[nodiscard]] DBResult<std::uint64_t> count() const;
  [[nodiscard]] DBResult<bool> exists() const;
  /// Page `number` (from 1) of `size` rows; needs an order, in which the key decides between equal
  /// rows.
  Finder& page(std::uint64_t size, std::uint64_t number);
  /// Loads these relationships with the rows: one statement each, and none later.
  Finder& with(std::vector<std::string> relations);
  /// Tells `tracer`, beside the database's, what is done while this query runs, its eager loads and
  /// what a stream's consumer does included.
  Finder& traced_by(Tracer& tracer) noexcept;
  /// For `update` and `remove` without a condition, which are refused otherwise.
  Finder& all_rows();
  /// Sets the fields of all matching rows; gives how many. Takes no limit, and neither does
  /// `remove`.
  [[nodiscard]] DBResult<std::uint64_t> update(
      const std::vector<std::pair<std::string, Value>>& values) const;
  [[nodiscard]] DBResult<std::uint64_t> remove() const;
  /// All matching rows by one statement, handed over in groups of at most `window` rows (fewer
  /// where their texts and blobs reach 32 MiB): lazy fields are loaded a window at a time and
  /// memory stays bounded. `consume` ends the stream by returning false.
  [[nodiscard]] DBResult<std::uint64_t> stream(
      std::size_t window, const std::function<bool(const RecordList&)>& consume) const;

 private:
  friend class Database;
  friend struct engine::TypedCalls;
  Finder(std::shared_ptr<engine::Session> session, std::string_view model);
  Finder(std::shared_ptr<engine::Session> session, const Model* model,
         std::string_view unknown_type);
  [[nodiscard]] Query ordered() const;
  std::shared_ptr<engine::Session> session_;
  Query query_;
  std::vector<const Relation*> with_;
  std::optional<DatabaseError> problem_;  // an unknown name, said when the query is run
  Tracer* tracer_ = nullptr;
  bool paged_ = false;
  bool all_rows_ = false;
};

class Database {
 public:
  explicit Database(std::unique_ptr<Driver> driver);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// The models that `find` and lazy fields use from now on. It must be sealed.
  void use(std::shared_ptr<const Catalog> catalog);
  [[nodiscard]] const Catalog& catalog() const noexcept;

  [[nodiscard]] Finder find(std::string_view model) const;
  [[nodiscard]] DBResult<RecordList> fetch(const Query& query) const;
  [[nodiscard]] DBResult<std::uint64_t> count(const Query& query) const;
  /// A read-only statement in the database's own language; each row is handed to `visitor`.
  [[nodiscard]] DBResult<std::uint64_t> select(std::string_view statement,
                                               std::span<const Cell> values, std::size_t width,
                                               RowVisitor& visitor) const;
  /// The names of the columns that `select` would give for that statement; it is not run.
  [[nodiscard]] DBResult<std::vector<std::string>> columns(std::string_view statement) const;
  [[nodiscard]] DBResult<std::uint64_t> scan(const Scan& scan, RowVisitor& visitor) const;
  /// The numbers of a table's first and last row, where a scan of it can be cut into ranges.
  [[nodiscard]] DBResult<std::optional<RowRange>> row_range(const std::string& table) const;
  /// Another connection that sees exactly the same rows, for another thread; null where there can
  /// be none. It has no catalog and no tracer.
  [[nodiscard]] DBResult<std::unique_ptr<Database>> another_reader() const;
  [[nodiscard]] DBResult<QueryPlan> explain(const Query& query) const;
  /// How the lazy load of `relation` for `owners` owners at once would be run.
  [[nodiscard]] DBResult<QueryPlan> explain(const Relation& relation, std::size_t owners = 1) const;
  [[nodiscard]] DBResult<Schema> describe() const;

  using NewRow = ommi::NewRow;
  /// Stores rows of `model`, all or none, and gives them as records with the keys that the database
  /// made. The rows must name the same fields. Where fields are left out that the database may have
  /// a default for, the rows are read again by their keys.
  [[nodiscard]] DBResult<RecordList> add(std::string_view model,
                                         const std::vector<NewRow>& rows) const;
  [[nodiscard]] DBResult<Record> add(std::string_view model, const NewRow& row) const;
  /// Loads a relationship of all `owners` now, where it is not loaded. What is wrong with one
  /// owner's data is said when that one is looked at; a statement that fails is a failure here.
  [[nodiscard]] DBResult<Done> load(const RecordList& owners, std::string_view relation) const;

  // Typed models; defined in ommi/typed.hpp.
  template <class T>
  [[nodiscard]] TypedFinder<T> find() const;
  template <class T, class Lazy>
  [[nodiscard]] DBResult<Done> load(const std::vector<T>& owners, Lazy T::*lazy) const;
  /// Binds the lazy fields of objects that were made by hand; those of a vector load together. What
  /// their references say now counts: after changing one, attach again.
  template <class T>
  [[nodiscard]] DBResult<Done> attach(T& object) const;
  template <class T>
  [[nodiscard]] DBResult<Done> attach(std::vector<T>& objects) const;
  /// Stores objects, all or none, writes back what the database made of their Auto fields, and
  /// attaches them. Auto fields are never sent.
  template <class T>
  [[nodiscard]] DBResult<Done> add(T& object) const;
  template <class T>
  [[nodiscard]] DBResult<Done> add(std::vector<T>& objects) const;

  /// Makes one change of the schema; see ommi/evolution.hpp for making all that are due.
  [[nodiscard]] DBResult<Done> apply(const SchemaStep& step) const;

  /// Begins a transaction, or a savepoint inside the one that is open.
  [[nodiscard]] DBResult<Transaction> begin(const TransactionOptions& options = {}) const;
  /// Runs `work` (which gives a DBResult) in a transaction: commit on success, rollback on a
  /// Failure or an exception, which goes on.
  template <class Work>
  auto transaction(Work&& work, const TransactionOptions& options = {}) const
      -> std::invoke_result_t<Work> {
    DBResult<Transaction> begun = begin(options);
    if (const Failure* failed = begun.failure()) return *failed;
    Transaction open = std::move(begun).value();
    auto result = std::forward<Work>(work)();
    const DBResult<Done> ended = result ? open.commit() : open.rollback();
    if (const Failure* failed = ended.failure(); failed != nullptr && result) return *failed;
    return result;
  }
  [[nodiscard]] DBResult<std::vector<std::string>> integrity(std::size_t limit) const;
  [[nodiscard]] DBResult<std::string> changed_since_open() const;

  void set_fetch(Fetch fetch) noexcept;
  /// Not owned; null ends tracing.
  void set_tracer(Tracer* tracer) const noexcept;
  [[nodiscard]] Tracer* tracer() const noexcept;
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept;
  [[nodiscard]] const Capabilities& capabilities() const noexcept;
  [[nodiscard]] DriverStatistics statistics() const noexcept;
  /// Lets go of the driver. What was loaded stays readable.
  void close() noexcept;

 private:
  friend struct engine::TypedCalls;
  std::shared_ptr<engine::Session> session_;
};

}  // namespace ommi
