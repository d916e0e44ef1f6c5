#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/adding.hpp"
#include "engine/calls.hpp"
#include "ommi/database.hpp"

namespace ommi {
namespace {

// Rows of a group may be few and large: then the group ends early.
constexpr std::size_t window_bytes = 32U << 20U;

std::size_t bytes_of(std::span<const Cell> row) noexcept {
  std::size_t bytes = 0;
  for (const Cell& cell : row) {
    if (cell.kind >= Kind::text) bytes += cell.size;
  }
  return bytes;
}

// Refuses what would be read as "all rows", and what a driver would not look at.
void check_writing(const Query& query, bool all_rows, std::string_view verb) {
  const auto refuse = [&](std::string why) {
    throw DatabaseError(ErrorCode::query, std::move(why));
  };
  if (query.limit || query.offset > 0) {
    refuse(fmt::format("{} takes no limit: it is about every row that matches", verb));
  }
  if (query.where.empty() && !all_rows) {
    refuse(fmt::format("{} without a condition is about every {}; say all_rows() if that is meant",
                       verb, escaped(query.model->name())));
  }
}

}  // namespace

namespace engine {

void check_one(const Model& model, std::size_t rows) {
  const ErrorPlace place{.operation = "fetch", .model = model.name()};
  if (rows == 0) {
    throw DatabaseError(ErrorCode::not_found, fmt::format("no {} matches", escaped(model.name())),
                        place);
  }
  if (rows > 1) {
    throw DatabaseError(
        ErrorCode::multiple_rows,
        fmt::format("more than one {} matches, and one is due", escaped(model.name())), place);
  }
}

DatabaseError unknown_type(std::string_view type_name) {
  return {ErrorCode::model,
          fmt::format("the type {} was not added to the models in use", escaped(type_name)),
          {.operation = "find", .model = std::string(type_name)}};
}

}  // namespace engine

Finder::Finder(std::shared_ptr<engine::Session> session, const Model* model,
               std::string_view unknown_type)
    : session_(std::move(session)) {
  query_.model = model;
  if (model == nullptr) problem_ = engine::unknown_type(unknown_type);
}

Finder::Finder(std::shared_ptr<engine::Session> session, std::string_view model)
    : session_(std::move(session)) {
  try {
    query_.model = &engine::model_named(*session_->catalog(), model);
  } catch (const DatabaseError& error) {
    problem_ = error.at({.operation = "find"});
  }
}

Finder& Finder::where(Expression condition) {
  query_.where = std::move(query_.where) && std::move(condition);
  return *this;
}

Finder& Finder::order_by(std::string_view field, bool descending) {
  if (problem_) return *this;
  try {
    query_.order.push_back({at(*query_.model, field).field(), descending});
  } catch (const DatabaseError& error) {
    problem_ = error;
  }
  return *this;
}

Finder& Finder::with(std::vector<std::string> relations) {
  if (problem_) return *this;
  try {
    for (const std::string& name : relations) {
      with_.push_back(&engine::relation_named(*query_.model, name));
    }
  } catch (const DatabaseError& error) {
    problem_ = error;
  }
  return *this;
}

Finder& Finder::limit(std::uint64_t rows, std::uint64_t offset) {
  query_.limit = rows;
  query_.offset = offset;
  return *this;
}

Finder& Finder::page(std::uint64_t size, std::uint64_t number) {
  const bool too_far = size != 0 && number > std::numeric_limits<std::int64_t>::max() / size;
  if ((size == 0 || number == 0 || too_far) && !problem_) {
    problem_ = DatabaseError(
        ErrorCode::query,
        fmt::format("there is no page {} of {} rows; pages count from 1", number, size),
        {.operation = "find", .model = query_.model->name()});
  }
  paged_ = true;
  return problem_ ? *this : limit(size, size * (number - 1));
}

Finder& Finder::all_rows() {
  all_rows_ = true;
  return *this;
}

// Rows that the order leaves equal could be on two pages or on none, so the key decides.
Finder& Finder::traced_by(Tracer& tracer) noexcept {
  tracer_ = &tracer;
  return *this;
}

Query Finder::ordered() const {
  if (!paged_) return query_;
  if (query_.order.empty()) {
    throw DatabaseError(ErrorCode::query, "a page needs an order: say order_by()");
  }
  Query query = query_;
  for (const std::size_t field : query.model->key) {
    if (std::ranges::find(query.order, field, &Order::field) == query.order.end()) {
      query.order.push_back({field});
    }
  }
  return query;
}

DBResult<std::uint64_t> Finder::update(
    const std::vector<std::pair<std::string, Value>>& values) const {
  if (problem_) return session_->failed(*problem_);
  const Model& model = *query_.model;
  const engine::Session::QueryHook hook(*session_, tracer_);
  return session_->captured({.operation = "update", .model = model.name()}, [&] {
    check_writing(query_, all_rows_, "update");
    session_->transactions().require_writable();
    std::vector<Assignment> assignments;
    for (const auto& [name, value] : values) {
      const std::size_t field = at(model, name).field();
      engine::check_kind(model, field, value);
      if (std::ranges::find(assignments, field, &Assignment::field) != assignments.end()) {
        throw DatabaseError(ErrorCode::query, fmt::format("'{}' is set twice", escaped(name)));
      }
      assignments.push_back({field, value});
    }
    if (assignments.empty()) throw DatabaseError(ErrorCode::query, "update sets no field");
    return engine::traced(*session_, "update", model.name(), "integer",
                          [&](Driver& driver, Event& event) {
                            event.rows = driver.update(query_, assignments);
                            return event.rows;
                          });
  });
}

DBResult<std::uint64_t> Finder::remove() const {
  if (problem_) return session_->failed(*problem_);
  const engine::Session::QueryHook hook(*session_, tracer_);
  return session_->captured({.operation = "remove", .model = query_.model->name()}, [&] {
    check_writing(query_, all_rows_, "remove");
    session_->transactions().require_writable();
    return engine::traced(*session_, "remove", query_.model->name(), "integer",
                          [&](Driver& driver, Event& event) {
                            event.rows = driver.remove(query_);
                            return event.rows;
                          });
  });
}

DBResult<std::uint64_t> Finder::stream(
    std::size_t window, const std::function<bool(const RecordList&)>& consume) const {
  if (problem_) return session_->failed(*problem_);
  const engine::Session::QueryHook hook(*session_, tracer_);
  return session_->captured({.operation = "stream", .model = query_.model->name()}, [&] {
    const auto fresh = [&] {
      return std::make_shared<engine::Rows>(session_, *query_.model, session_->fetch);
    };
    std::shared_ptr<engine::Rows> rows = fresh();
    const auto hand_over = [&] {
      for (const Relation* relation : with_) rows->load_now(*relation);
      return consume(RecordList(rows));
    };
    bool wanted = true;
    std::size_t bytes = 0;
    const std::uint64_t read =
        session_->each_row(ordered(), {.operation = "stream"}, [&](std::span<const Cell> row) {
          rows->append(row);
          bytes += bytes_of(row);
          if (rows->size() < window && bytes < window_bytes) return true;
          wanted = hand_over();
          rows = fresh();
          bytes = 0;
          return wanted;
        });
    if (wanted && rows->size() > 0) hand_over();
    return read;
  });
}

DBResult<RecordList> Finder::all() const {
  if (problem_) return session_->failed(*problem_);
  const engine::Session::QueryHook hook(*session_, tracer_);
  return session_->captured({.operation = "fetch", .model = query_.model->name()}, [&] {
    RecordList rows = engine::fetch_all(session_, ordered());
    for (const Relation* relation : with_) static_cast<void>(rows.load(*relation).or_raise());
    return rows;
  });
}

DBResult<std::optional<Record>> Finder::first() const {
  Finder limited = *this;
  limited.query_.limit = std::min<std::uint64_t>(1, query_.limit.value_or(1));
  DBResult<RecordList> found = limited.all();
  if (const Failure* failed = found.failure()) return *failed;
  if (found.value().empty()) return std::optional<Record>();
  return std::optional<Record>(found.value()[0]);
}

DBResult<Record> Finder::one() const {
  Finder limited = *this;
  limited.query_.limit = std::min<std::uint64_t>(2, query_.limit.value_or(2));
  DBResult<RecordList> found = limited.all();
  if (const Failure* failed = found.failure()) return *failed;
  return session_->captured({}, [&] {
    engine::check_one(*query_.model, found.value().size());
    return found.value()[0];
  });
}

DBResult<std::uint64_t> Finder::count() const {
  if (problem_) return session_->failed(*problem_);
  const engine::Session::QueryHook hook(*session_, tracer_);
  return session_->captured({.operation = "count", .model = query_.model->name()},
                            [&] { return engine::count_rows(*session_, query_); });
}

DBResult<bool> Finder::exists() const {
  const DBResult<std::optional<Record>> found = first();
  if (const Failure* failed = found.failure()) return *failed;
  return found.value().has_value();
}

}  // namespace ommi
