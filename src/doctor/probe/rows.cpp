#include "doctor/probe/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/proof.hpp"
#include "doctor/wording.hpp"

namespace doctor {

namespace {

// What names a row that has no key.
constexpr std::size_t most_naming_fields = 8;

bool is_rowid(std::string_view column) {
  return same_name(column, "rowid") || same_name(column, "oid") || same_name(column, "_rowid_");
}

std::vector<std::size_t> naming_fields(const ommi::Schema* schema, const ommi::Model& model) {
  const std::vector<bool> readable = readable_fields(schema, model);
  std::vector<std::size_t> fields = model.key;
  if (fields.empty()) {
    for (std::size_t field = 0; field < model.fields().size(); ++field) fields.push_back(field);
  }
  std::erase_if(fields, [&](std::size_t field) { return !readable[field]; });
  if (fields.size() > most_naming_fields) fields.resize(most_naming_fields);
  return fields;
}

}  // namespace

std::vector<bool> readable_fields(const ommi::Schema* schema, const ommi::Model& model) {
  const ommi::Table* table = schema == nullptr ? nullptr : schema->find_table(model.info.table());
  std::vector<bool> readable;
  for (const ommi::FieldInfo& field : model.fields()) {
    readable.push_back(table == nullptr || table->find_column(field.column()) != nullptr ||
                       is_rowid(field.column()));
  }
  return readable;
}

std::vector<RowSample> sample_rows(const ommi::Database& database, const ommi::Schema* schema,
                                   const ommi::Model& model, const std::vector<std::size_t>& shown,
                                   const std::string& condition, std::size_t limit) {
  const std::vector<std::size_t> naming = naming_fields(schema, model);
  std::vector<std::size_t> fields = naming;
  fields.insert(fields.end(), shown.begin(), shown.end());
  std::vector<RowSample> samples;
  if (fields.empty() || limit == 0) return samples;
  EachRow visitor([&](std::span<const ommi::Cell> cells) {
    RowSample& sample = samples.emplace_back();
    for (std::size_t at = 0; at < fields.size(); ++at) {
      NamedValue named{model.fields()[fields[at]].name, ommi::Value(cells[at])};
      (at < naming.size() ? sample.key : sample.value).push_back(std::move(named));
    }
    return samples.size() < limit;
  });
  // The rows are an illustration: without them the numbers stand.
  static_cast<void>(database.select(
      fmt::format("SELECT {} FROM {} WHERE {} LIMIT {}", quoted_columns(model, fields),
                  quoted_table(model), condition, limit),
      {}, fields.size(), visitor));
  return samples;
}

ommi::DBResult<std::vector<std::uint64_t>> numbers(const ommi::Database& database,
                                                   const std::string& statement,
                                                   std::size_t width) {
  std::vector<std::uint64_t> found;
  EachRow visitor([&](std::span<const ommi::Cell> cells) {
    for (const ommi::Cell& cell : cells) found.push_back(static_cast<std::uint64_t>(cell.integer));
    return false;
  });
  const auto read = database.select(statement, {}, width, visitor);
  if (const ommi::Failure* failed = read.failure()) return *failed;
  found.resize(width);
  return found;
}

}  // namespace doctor
