#include <algorithm>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "drivers/faulty/lies.hpp"
#include "drivers/faulty/statements.hpp"
#include "ommi/faulty.hpp"

namespace ommi::faulty {
namespace {

using Clock = std::chrono::steady_clock;

/// What is to be done at one call.
struct Call {
  Malformed lie = Malformed::none;
  std::optional<std::uint64_t> cut_after = {};
  std::uint64_t page = 0;  // rows of one; 0: no pages
  bool doubled = false;
  bool inlines_keywords = false;
};

DatabaseError lost(const ErrorPlace& place) {
  return {ErrorCode::connection, "the connection was lost", place};
}

/// Ends an answer in the middle.
class CutCursor final : public Cursor {
 public:
  CutCursor(std::unique_ptr<Cursor> inner, std::uint64_t rows, ErrorPlace place)
      : inner_(std::move(inner)), rows_(rows), place_(std::move(place)) {}
  bool next(std::span<Cell> row) override {
    if (rows_ == 0) throw lost(place_);
    --rows_;
    if (inner_->next(row)) return true;
    throw lost(place_);
  }
  std::string_view statement() const noexcept override { return inner_->statement(); }

 private:
  std::unique_ptr<Cursor> inner_;
  std::uint64_t rows_;
  ErrorPlace place_;
};

/// Passes rows on until the connection is cut.
class CutVisitor final : public RowVisitor {
 public:
  CutVisitor(RowVisitor& inner, std::optional<std::uint64_t> rows, ErrorPlace place)
      : inner_(inner), rows_(rows), place_(std::move(place)) {}
  bool row(std::span<const Cell> cells) override {
    if (rows_ && (*rows_)-- == 0) throw lost(place_);
    return inner_.row(cells);
  }

 private:
  RowVisitor& inner_;
  std::optional<std::uint64_t> rows_;
  ErrorPlace place_;
};

Wire wire_of(std::span<const Cell> cells) {
  std::vector<Wire> row;
  row.reserve(cells.size());
  for (const Cell& cell : cells) row.push_back(Wire::value(Value(cell)));
  return Wire::list(std::move(row));
}

Wire wire_of(Cursor& cursor, std::size_t width) {
  Wire rows = Wire::list();
  std::vector<Cell> row(width);
  while (cursor.next(row)) rows.items.push_back(wire_of(row));
  return rows;
}

/// Keeps the keys of added rows, and counts the rows that the inner driver took.
class KeyWire final : public KeySink {
 public:
  void added(std::span<const Cell> automatic) override { keys.items.push_back(wire_of(automatic)); }
  Wire keys = Wire::list();
};

class CountingSource final : public RowSource {
 public:
  explicit CountingSource(RowSource& inner) : inner_(inner) {}
  bool next(std::span<Cell> row) override {
    const bool more = inner_.next(row);
    if (more) ++rows;
    return more;
  }
  std::size_t rows = 0;

 private:
  RowSource& inner_;
};

class FaultyDriver final : public Driver {
 private:
  [[nodiscard]] ErrorPlace place_of(std::string_view operation) const {
    return {.driver = capabilities_.name, .operation = std::string(operation)};
  }

  // A call whose answer is lost was made all the same.
  template <class Work>
  auto done(std::string_view operation, Work&& work) {
    const Call call = honest_call(operation);
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      if (call.cut_after) throw lost(place_of(operation));
    } else {
      auto answer = work();
      if (call.cut_after) throw lost(place_of(operation));
      return answer;
    }
  }

 public:
  FaultyDriver(std::unique_ptr<Driver> inner, std::shared_ptr<Script> script)
      : inner_(std::move(inner)),
        script_(std::move(script)),
        capabilities_(inner_->capabilities()) {
    capabilities_.name = "faulty " + capabilities_.name;
  }

  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  const DriverStatistics& statistics() const noexcept override { return inner_->statistics(); }

  std::unique_ptr<Cursor> fetch(const Query& query) override {
    const Call call = begin_call("fetch");
    if (query.keys && call.page > 0) return fetch_pages(*inner_, query, call.page);
    if (query.keys && call.doubled) return fetch_doubled(*inner_, query);
    if (query.keys && call.inlines_keywords) return fetch_inlined(*inner_, query);
    return rows(call, *inner_->fetch(query), query.width(), &query, "fetch");
  }

  std::unique_ptr<Cursor> select(std::string_view statement, std::span<const Cell> values,
                                 std::size_t width) override {
    const Call call = begin_call("select");
    return rows(call, *inner_->select(statement, values, width), width, nullptr, "select");
  }

  std::vector<std::string> columns(std::string_view statement) override {
    return inner_->columns(statement);
  }

  std::uint64_t count(const Query& query) override {
    return number("count", query, [&] { return inner_->count(query); });
  }
  std::uint64_t update(const Query& query, std::span<const Assignment> values) override {
    return number("update", query, [&] { return inner_->update(query, values); });
  }
  std::uint64_t remove(const Query& query) override {
    return number("remove", query, [&] { return inner_->remove(query); });
  }

  std::uint64_t add(const Model& model, std::span<const std::size_t> fields, RowSource& rows,
                    KeySink& keys) override;

  void scan(const Scan& scan, RowVisitor& visitor) override {
    const Call call = honest_call("scan");
    CutVisitor cutting(visitor, call.cut_after, place_of("scan"));
    inner_->scan(scan, cutting);
  }

  std::optional<RowRange> row_range(const std::string& table) override {
    return inner_->row_range(table);
  }

  void begin(const TransactionOptions& options) override {
    done("begin", [&] { inner_->begin(options); });
  }
  void commit() override {
    done("commit", [&] { inner_->commit(); });
  }
  void rollback() override {
    done("rollback", [&] { inner_->rollback(); });
  }
  void savepoint(unsigned number) override {
    done("savepoint", [&] { inner_->savepoint(number); });
  }
  void release(unsigned number) override {
    done("release", [&] { inner_->release(number); });
  }
  void rollback_to(unsigned number) override {
    done("rollback_to", [&] { inner_->rollback_to(number); });
  }
  void apply(const SchemaStep& step) override {
    done("apply", [&] { inner_->apply(step); });
  }

  QueryPlan explain(const Query& query) override {
    return done("explain", [&] { return inner_->explain(query); });
  }
  Schema describe() override {
    return done("describe", [&] { return inner_->describe(); });
  }
  std::vector<std::string> integrity(std::size_t limit) override {
    return done("integrity", [&] { return inner_->integrity(limit); });
  }
  std::string changed_since_open() override { return inner_->changed_since_open(); }

  void set_deadline(Clock::time_point deadline) noexcept override {
    deadline_ = deadline;
    inner_->set_deadline(deadline);
  }

 private:
  Call begin_call(std::string_view operation);
  Call honest_call(std::string_view operation);
  void obey(const Order& order, std::string_view operation, Call& call);
  void wait(std::chrono::milliseconds time, std::string_view operation) const;
  [[nodiscard]] Inspection inspection(std::string_view operation, const Model* model) const;
  std::unique_ptr<Cursor> rows(const Call& call, Cursor& honest, std::size_t width,
                               const Query* query, std::string_view operation);

  template <class Work>
  std::uint64_t number(std::string_view operation, const Query& query, Work&& work) {
    const Call call = begin_call(operation);
    Wire answer = Wire::value(static_cast<std::int64_t>(work()));
    if (call.cut_after) throw lost(place_of(operation));
    answer = told(call.lie, std::move(answer), {.rows = false});
    return inspect_count(answer, inspection(operation, query.model));
  }

  std::unique_ptr<Driver> inner_;
  std::shared_ptr<Script> script_;
  Capabilities capabilities_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool lost_ = false;
};

void FaultyDriver::wait(std::chrono::milliseconds time, std::string_view operation) const {
  const Clock::time_point now = Clock::now();
  const bool late = deadline_ <= now || deadline_ - now < time;
  std::this_thread::sleep_until(late ? deadline_ : now + time);
  if (late) {
    throw DatabaseError(ErrorCode::timeout, "the driver did not answer before the deadline",
                        place_of(operation));
  }
}

void FaultyDriver::obey(const Order& order, std::string_view operation, Call& call) {
  if (const Lie* lie = std::get_if<Lie>(&order.act)) {
    call.lie = lie->what;
  } else if (const Delay* delay = std::get_if<Delay>(&order.act)) {
    wait(delay->time, operation);
  } else if (const CutOff* cut = std::get_if<CutOff>(&order.act)) {
    call.cut_after = cut->after_rows;
    lost_ = true;
  } else if (const Raise* raise = std::get_if<Raise>(&order.act)) {
    throw raise->error.at(place_of(operation));
  } else if (const Pages* pages = std::get_if<Pages>(&order.act)) {
    call.page = pages->rows;
  } else if (std::holds_alternative<Doubled>(order.act)) {
    call.doubled = true;
  } else if (std::holds_alternative<InlineKeywords>(order.act)) {
    call.inlines_keywords = true;
  } else {
    throw std::runtime_error(std::get<Stray>(order.act).message);
  }
}

Call FaultyDriver::begin_call(std::string_view operation) {
  if (lost_) throw lost(place_of(operation));
  const std::uint64_t all = ++script_->all_calls;
  const std::uint64_t same = ++script_->calls[std::string(operation)];
  Call call;
  for (const Order& order : script_->orders) {
    if (!order.operation.empty() && order.operation != operation) continue;
    const std::uint64_t number = order.operation.empty() ? all : same;
    if (number < order.first || number - order.first >= order.calls) continue;
    obey(order, operation, call);
  }
  return call;
}

// A call whose answer does not pass the wire: no lie can be told about it.
Call FaultyDriver::honest_call(std::string_view operation) {
  const Call call = begin_call(operation);
  if (call.lie != Malformed::none) {
    throw DatabaseError(ErrorCode::unsupported,
                        fmt::format("no lie can be told about {}", operation), place_of(operation));
  }
  return call;
}

Inspection FaultyDriver::inspection(std::string_view operation, const Model* model) const {
  return {.place = {.driver = capabilities_.name,
                    .operation = std::string(operation),
                    .model = model == nullptr ? std::string() : model->name()},
          .tolerant = script_->tolerant,
          .tolerated = [script = script_](const Malformation& malformation) {
            script->tolerated.push_back(malformation);
          }};
}

std::unique_ptr<Cursor> FaultyDriver::rows(const Call& call, Cursor& honest, std::size_t width,
                                           const Query* query, std::string_view operation) {
  const Model* model = query == nullptr ? nullptr : query->model;
  std::string statement(honest.statement());
  Wire answer = told(call.lie, wire_of(honest, width), {.width = width, .query = query});
  std::unique_ptr<Cursor> cursor = inspect_rows(
      std::move(answer), {.width = width, .query = query, .statement = std::move(statement)},
      inspection(operation, model));
  if (!call.cut_after) return cursor;
  return std::make_unique<CutCursor>(std::move(cursor), *call.cut_after, place_of(operation));
}

std::uint64_t FaultyDriver::add(const Model& model, std::span<const std::size_t> fields,
                                RowSource& rows, KeySink& keys) {
  const Call call = begin_call("add");
  CountingSource counting(rows);
  KeyWire kept;
  inner_->add(model, fields, counting, kept);
  if (call.cut_after) throw lost(place_of("add"));
  const auto automatic = static_cast<std::size_t>(
      std::count_if(model.fields().begin(), model.fields().end(),
                    [](const FieldInfo& field) { return field.automatic; }));
  const Wire answer = told(call.lie, std::move(kept.keys), {.width = automatic, .added = true});
  return inspect_keys(answer, model, counting.rows, keys, inspection("add", &model));
}

}  // namespace

std::unique_ptr<Driver> wrap(std::unique_ptr<Driver> inner, std::shared_ptr<Script> script) {
  return std::make_unique<FaultyDriver>(std::move(inner), std::move(script));
}

}  // namespace ommi::faulty
