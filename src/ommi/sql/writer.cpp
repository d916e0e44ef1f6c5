#include "sql/writer.hpp"

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::sql {

void Writer::value(const Cell& cell) {
  statement_.values.push_back(cell);
  if (statement_.values.size() > dialect_.max_parameters) {
    throw DatabaseError(ErrorCode::query,
                        fmt::format("the query binds more than {} values, the driver's limit",
                                    dialect_.max_parameters));
  }
  if (dialect_.numbered) {
    fmt::format_to(std::back_inserter(statement_.text), "${}", statement_.values.size());
  } else {
    text("?");
  }
}

void Writer::value_of(std::string bytes) {
  const auto& kept =
      statement_.owned.emplace_back(std::make_shared<const std::string>(std::move(bytes)));
  value(Cell::blob(*kept));
}

void Writer::column(std::string_view alias, const Model& model, std::size_t field) {
  if (field >= model.fields().size()) {
    throw DatabaseError(ErrorCode::model,
                        fmt::format("the condition is on field {} of {}, which has {}", field,
                                    escaped(model.name()), model.fields().size()),
                        {.model = model.name()});
  }
  text(alias);
  text(".");
  text(quoted(model.fields()[field].column(), dialect_));
}

void Writer::table(const Model& model, std::string_view alias) {
  text(quoted(model.info.table(), dialect_));
  text(" AS ");
  text(alias);
  statement_.aliases.emplace_back(alias, &model);
}

std::size_t Writer::padded(std::size_t count, std::size_t width) const noexcept {
  for (const std::size_t size : dialect_.batch_sizes) {
    if (size >= count && size * width <= dialect_.max_parameters) return size;
  }
  return count;
}

}  // namespace ommi::sql
