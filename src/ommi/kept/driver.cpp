#include <algorithm>

#include <fmt/format.h>

#include "ommi/kept.hpp"

namespace ommi {
namespace {

/// Rows that it owns: what was kept may change while they are read.
class KeptCursor final : public Cursor {
 public:
  KeptCursor(std::vector<KeptRows::Row> rows, std::string statement)
      : rows_(std::move(rows)), statement_(std::move(statement)) {}

  bool next(std::span<Cell> row) override {
    if (next_ == rows_.size()) return false;
    const KeptRows::Row& from = rows_[next_++];
    if (from.size() != row.size()) {
      throw DatabaseError(
          ErrorCode::query,
          fmt::format("a kept row has {} values, and {} were asked for", from.size(), row.size()),
          {.driver = "kept", .operation = "fetch"});
    }
    std::transform(from.begin(), from.end(), row.begin(), [](const Value& v) { return v.cell(); });
    return true;
  }
  std::string_view statement() const noexcept override { return statement_; }

 private:
  std::vector<KeptRows::Row> rows_;
  std::size_t next_ = 0;
  std::string statement_;
};

bool is_key(const KeptRows::Row& kept, std::span<const Cell> asked) {
  return std::equal(kept.begin(), kept.end(), asked.begin(), asked.end(),
                    [](const Value& left, const Cell& right) { return left.cell() == right; });
}

class KeptDriver final : public Driver {
 public:
  explicit KeptDriver(std::shared_ptr<const KeptRows> kept) : kept_(std::move(kept)) {
    capabilities_.name = "kept";
  }

  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  const DriverStatistics& statistics() const noexcept override { return statistics_; }

  std::unique_ptr<Cursor> fetch(const Query& query) override {
    if (kept_->error) throw *kept_->error;
    if (!query.where.empty()) throw unsupported("fetch", "kept rows are found by keys only");
    ++statistics_.executed;
    std::vector<KeptRows::Row> rows = query.keys ? of_keys(*query.keys) : of_model(*query.model);
    if (query.limit && rows.size() > *query.limit) rows.resize(*query.limit);
    statistics_.rows += rows.size();
    return std::make_unique<KeptCursor>(std::move(rows),
                                        fmt::format("kept rows of {}", query.model->name()));
  }

  std::uint64_t count(const Query& query) override {
    if (kept_->error) throw *kept_->error;
    if (!query.where.empty()) throw unsupported("count", "kept rows are found by keys only");
    ++statistics_.executed;
    return (query.keys ? of_keys(*query.keys) : of_model(*query.model)).size();
  }

  std::unique_ptr<Cursor> select(std::string_view, std::span<const Cell>, std::size_t) override {
    throw unsupported("select");
  }
  std::vector<std::string> columns(std::string_view) override { throw unsupported("columns"); }
  void scan(const Scan&, RowVisitor&) override { throw unsupported("scan"); }
  std::uint64_t add(const Model&, std::span<const std::size_t>, RowSource&, KeySink&) override {
    throw unsupported("add");
  }
  std::uint64_t update(const Query&, std::span<const Assignment>) override {
    throw unsupported("update");
  }
  std::uint64_t remove(const Query&) override { throw unsupported("remove"); }
  void begin(const TransactionOptions&) override { throw unsupported("begin"); }
  void commit() override { throw unsupported("commit"); }
  void rollback() override {}
  void savepoint(unsigned) override { throw unsupported("savepoint"); }
  void release(unsigned) override { throw unsupported("release"); }
  void rollback_to(unsigned) override {}
  void apply(const SchemaStep&) override { throw unsupported("apply"); }
  QueryPlan explain(const Query&) override { throw unsupported("explain"); }
  Schema describe() override { throw unsupported("describe"); }
  std::vector<std::string> integrity(std::size_t) override { return {}; }
  void set_deadline(std::chrono::steady_clock::time_point) noexcept override {}
  std::string changed_since_open() override { return {}; }

 private:
  static DatabaseError unsupported(std::string operation,
                                   std::string message = "kept rows are only fetched") {
    return {ErrorCode::unsupported,
            std::move(message),
            {.driver = "kept", .operation = std::move(operation)}};
  }

  [[nodiscard]] std::vector<KeptRows::Row> of_model(const Model& model) const {
    for (const KeptRows::OfModel& kept : kept_->models) {
      if (kept.model == &model) return kept.rows;
    }
    return {};
  }

  [[nodiscard]] std::vector<KeptRows::Row> of_keys(const KeyBatch& keys) const {
    std::vector<KeptRows::Row> rows;
    for (std::size_t number = 0; number < keys.count(); ++number) {
      const auto asked = keys.cells.subspan(number * keys.fields.size(), keys.fields.size());
      for (const KeptRows::ByKey& kept : kept_->by_key) {
        if (!is_key(kept.key, asked)) continue;
        rows.insert(rows.end(), kept.rows.begin(), kept.rows.end());
      }
    }
    return rows;
  }

  std::shared_ptr<const KeptRows> kept_;
  Capabilities capabilities_;
  DriverStatistics statistics_;
};

}  // namespace

std::vector<KeptRows::Row>& KeptRows::of(const Model& model) {
  for (OfModel& kept : models) {
    if (kept.model == &model) return kept.rows;
  }
  models.push_back({&model, {}});
  return models.back().rows;
}

std::unique_ptr<Driver> open_kept(std::shared_ptr<const KeptRows> rows) {
  return std::make_unique<KeptDriver>(std::move(rows));
}

}  // namespace ommi
