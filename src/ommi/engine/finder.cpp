#include <algorithm>

#include <fmt/format.h>

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

DatabaseError unknown_model(const Catalog& catalog, std::string_view name) {
  std::vector<std::string> names;
  for (const Model& model : catalog.models()) names.push_back(model.name());
  std::string message = fmt::format("there is no model '{}'", escaped(name));
  if (const std::string near = nearest(name, names); !near.empty()) {
    message += fmt::format("; did you mean '{}'?", escaped(near));
  }
  return {ErrorCode::model, std::move(message), {.operation = "find", .model = std::string(name)}};
}

}  // namespace

Finder::Finder(std::shared_ptr<engine::Session> session, std::string_view model)
    : session_(std::move(session)) {
  query_.model = session_->catalog()->find(model);
  if (query_.model == nullptr) problem_ = unknown_model(*session_->catalog(), model);
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

Finder& Finder::limit(std::uint64_t rows, std::uint64_t offset) {
  query_.limit = rows;
  query_.offset = offset;
  return *this;
}

DBResult<std::uint64_t> Finder::stream(
    std::size_t window, const std::function<bool(const RecordList&)>& consume) const {
  if (problem_) return *problem_;
  return capture({.operation = "stream", .model = query_.model->name()}, [&] {
    const auto fresh = [&] {
      return std::make_shared<engine::Rows>(session_, *query_.model, session_->fetch);
    };
    std::shared_ptr<engine::Rows> rows = fresh();
    bool wanted = true;
    std::size_t bytes = 0;
    const std::uint64_t read =
        session_->each_row(query_, {.operation = "stream"}, [&](std::span<const Cell> row) {
          rows->append(row);
          bytes += bytes_of(row);
          if (rows->size() < window && bytes < window_bytes) return true;
          wanted = consume(RecordList(rows));
          rows = fresh();
          bytes = 0;
          return wanted;
        });
    if (wanted && rows->size() > 0) consume(RecordList(rows));
    return read;
  });
}

DBResult<RecordList> Finder::all() const {
  if (problem_) return *problem_;
  return capture({.operation = "fetch", .model = query_.model->name()},
                 [&] { return engine::fetch_all(session_, query_); });
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
  const ErrorPlace place{.operation = "fetch", .model = query_.model->name()};
  if (found.value().empty()) {
    return DatabaseError(ErrorCode::not_found,
                         fmt::format("no {} matches", escaped(query_.model->name())), place);
  }
  if (found.value().size() > 1) {
    return DatabaseError(
        ErrorCode::multiple_rows,
        fmt::format("more than one {} matches, and one is due", escaped(query_.model->name())),
        place);
  }
  return found.value()[0];
}

DBResult<std::uint64_t> Finder::count() const {
  if (problem_) return *problem_;
  return capture({.operation = "count", .model = query_.model->name()},
                 [&] { return engine::count_rows(*session_, query_); });
}

DBResult<bool> Finder::exists() const {
  const DBResult<std::optional<Record>> found = first();
  if (const Failure* failed = found.failure()) return *failed;
  return found.value().has_value();
}

}  // namespace ommi
