#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "drivers/memory/cursor.hpp"
#include "drivers/memory/schema.hpp"
#include "drivers/memory/transaction.hpp"
#include "drivers/memory/writing.hpp"
#include "ommi/error.hpp"
#include "ommi/memory.hpp"

namespace ommi::memory {
namespace {

using Clock = std::chrono::steady_clock;

class MemoryDriver final : public Driver {
  void check_deadline(std::string_view operation) const {
    if (deadline_ == Clock::time_point::max() || Clock::now() < deadline_) return;
    throw DatabaseError(ErrorCode::timeout, "the deadline has passed",
                        {.driver = "memory", .operation = std::string(operation)});
  }

  // Every error says where it came from.
  template <class Work>
  auto guarded(std::string_view operation, const std::string& model, Work&& work) {
    check_deadline(operation);
    ++statistics_->executed;
    try {
      return work();
    } catch (const DatabaseError& error) {
      throw error.at({.driver = "memory", .operation = std::string(operation), .model = model});
    }
  }

 public:
  explicit MemoryDriver(std::shared_ptr<Store> store) : transaction_(std::move(store)) {
    capabilities_ = {.name = "memory",
                     .max_parameters = 1'000'000,
                     .writes = true,
                     .savepoints = true,
                     .foreign_keys = true,
                     .shared = true,
                     .loose_kinds = true,
                     .infinities = true};
  }

  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  const DriverStatistics& statistics() const noexcept override { return *statistics_; }

  std::unique_ptr<Cursor> fetch(const Query& query) override {
    return guarded("fetch", query.model->name(),
                   [&] { return make_cursor(evaluator("fetch"), query, statistics_); });
  }

  std::uint64_t count(const Query& query) override {
    return guarded("count", query.model->name(),
                   [&] { return evaluator("count")->matching(query).size(); });
  }

  std::vector<std::string> columns(std::string_view) override {
    throw unsupported("columns", "tables in memory have no language of their own");
  }
  std::unique_ptr<Cursor> select(std::string_view, std::span<const Cell>, std::size_t) override {
    throw unsupported("select", "tables in memory have no language of their own");
  }

  void scan(const Scan& scan, RowVisitor& visitor) override {
    guarded("scan", {}, [&] { scan_table(transaction_.tables(), scan, visitor, *statistics_); });
  }

  std::uint64_t add(const Model& model, std::span<const std::size_t> fields, RowSource& rows,
                    KeySink& keys) override {
    return guarded("add", model.name(), [&] {
      std::uint64_t added = 0;
      transaction_.change([&](Tables& tables) {
        added = add_rows(tables, model, fields, rows, keys);
        return touched(model);
      });
      return added;
    });
  }

  std::uint64_t update(const Query& query, std::span<const Assignment> values) override {
    return guarded("update", query.model->name(), [&] {
      std::uint64_t changed = 0;
      transaction_.change([&](Tables& tables) {
        changed = update_rows(tables, query, values, ticker("update"));
        return touched(*query.model);
      });
      return changed;
    });
  }

  std::uint64_t remove(const Query& query) override {
    return guarded("remove", query.model->name(), [&] {
      std::uint64_t removed = 0;
      transaction_.change([&](Tables& tables) {
        removed = remove_rows(tables, query, ticker("remove"));
        return touched(*query.model);
      });
      return removed;
    });
  }

  void begin(const TransactionOptions& options) override {
    guarded("begin", {}, [&] { transaction_.begin(options); });
  }
  void commit() override {
    guarded("commit", {}, [&] { transaction_.commit(); });
  }
  void rollback() override { transaction_.rollback(); }
  void savepoint(unsigned number) override { transaction_.savepoint(number); }
  void release(unsigned number) override { transaction_.release(number); }
  void rollback_to(unsigned number) override { transaction_.rollback_to(number); }

  void apply(const SchemaStep& step) override {
    guarded("apply", step.model == nullptr ? std::string() : step.model->name(), [&] {
      transaction_.change([&](Tables& tables) {
        apply_step(tables, step);
        return std::optional<std::string>();
      });
    });
  }

  QueryPlan explain(const Query& query) override {
    return guarded("explain", query.model->name(),
                   [&] { return plan_of(*evaluator("explain"), query); });
  }

  Schema describe() override {
    Schema schema;
    guarded("describe", {}, [&] {
      for (const auto& [name, table] : transaction_.tables()) schema.tables.push_back(table->shape);
    });
    std::ranges::sort(schema.tables, {}, &Table::name);
    return schema;
  }

  std::vector<std::string> integrity(std::size_t) override { return {}; }
  void set_deadline(Clock::time_point deadline) noexcept override { deadline_ = deadline; }
  std::string changed_since_open() override { return {}; }

 private:
  static std::optional<std::string> touched(const Model& model) {
    return lower(model.info.table());
  }

  static DatabaseError unsupported(std::string operation, std::string message) {
    return {ErrorCode::unsupported,
            std::move(message),
            {.driver = "memory", .operation = std::move(operation)}};
  }

  std::function<void()> ticker(std::string_view operation) {
    return [this, operation = std::string(operation), rows = 0U]() mutable {
      if (++rows % 256 == 0) check_deadline(operation);
    };
  }

  std::shared_ptr<Evaluator> evaluator(std::string_view operation) {
    return std::make_shared<Evaluator>(transaction_.tables(), ticker(operation));
  }

  TransactionState transaction_;
  Capabilities capabilities_;
  std::shared_ptr<DriverStatistics> statistics_ = std::make_shared<DriverStatistics>();
  Clock::time_point deadline_ = Clock::time_point::max();
};

}  // namespace

std::unique_ptr<Driver> open(std::shared_ptr<Store> store) {
  return std::make_unique<MemoryDriver>(std::move(store));
}

std::unique_ptr<Driver> open(const std::shared_ptr<const Catalog>& catalog) {
  return open(make_store(*catalog));
}

}  // namespace ommi::memory
