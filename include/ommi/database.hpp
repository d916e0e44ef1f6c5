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

namespace ommi {

namespace engine {
class Session;
}

class Database;

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
  /// All matching rows by one statement, handed over in groups of at most `window` rows (fewer
  /// where their texts and blobs reach 32 MiB): lazy fields are loaded a window at a time and
  /// memory stays bounded. `consume` ends the stream by returning false.
  [[nodiscard]] DBResult<std::uint64_t> stream(
      std::size_t window, const std::function<bool(const RecordList&)>& consume) const;

 private:
  friend class Database;
  Finder(std::shared_ptr<engine::Session> session, std::string_view model);
  std::shared_ptr<engine::Session> session_;
  Query query_;
  std::optional<DatabaseError> problem_;  // an unknown name, said when the query is run
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
  [[nodiscard]] DBResult<std::uint64_t> scan(const Scan& scan, RowVisitor& visitor) const;
  [[nodiscard]] DBResult<QueryPlan> explain(const Query& query) const;
  /// How the lazy load of `relation` for `owners` owners at once would be run.
  [[nodiscard]] DBResult<QueryPlan> explain(const Relation& relation, std::size_t owners = 1) const;
  [[nodiscard]] DBResult<Schema> describe() const;
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
  std::shared_ptr<engine::Session> session_;
};

}  // namespace ommi
