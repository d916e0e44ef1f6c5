#include "doctor/traverse/oracle.hpp"

#include <fmt/format.h>

#include "doctor/traversal.hpp"
#include "doctor/traverse/owners.hpp"
#include "ommi/sql.hpp"

namespace doctor {
namespace {

std::string column(std::string_view alias, const ommi::Model& model, std::size_t field) {
  return fmt::format("{}.{}", alias, ommi::sql::quoted(model.fields()[field].column(), {}));
}

std::string table(const ommi::Model& model) { return ommi::sql::quoted(model.info.table(), {}); }

std::string equal(std::string_view left_alias, const ommi::Model& left,
                  const std::vector<std::size_t>& left_fields, std::string_view right_alias,
                  const ommi::Model& right, const std::vector<std::size_t>& right_fields) {
  std::string text;
  for (std::size_t i = 0; i < left_fields.size(); ++i) {
    if (i > 0) text += " AND ";
    text += fmt::format("{} = {}", column(left_alias, left, left_fields[i]),
                        column(right_alias, right, right_fields[i]));
  }
  return text;
}

// Counts by the owner's key, under the key's own rule of equality.
class Counts final : public ommi::RowVisitor {
 public:
  explicit Counts(std::vector<ommi::Comparison> rules) : index_(std::move(rules)) {}
  bool row(std::span<const ommi::Cell> cells) override {
    const std::uint32_t number = index_.add(cells.first(cells.size() - 1));
    if (number == ommi::KeyIndex::missing) return true;
    if (number >= counts_.size()) counts_.resize(number + 1U);
    counts_[number] = static_cast<std::uint64_t>(cells.back().integer);
    return true;
  }
  [[nodiscard]] std::uint64_t of(std::span<const ommi::Cell> key) const {
    const std::uint32_t number = index_.find(key);
    return number == ommi::KeyIndex::missing ? 0 : counts_[number];
  }

 private:
  ommi::KeyIndex index_;
  std::vector<std::uint64_t> counts_;
};

std::vector<ommi::Cell> key_cells(const ommi::Record& owner) {
  std::vector<ommi::Cell> cells;
  for (const std::size_t field : owner.model().key) cells.push_back(owner.cell(field));
  return cells;
}

// The rows that the lazy load gave; nothing where it failed for a reason that a JOIN cannot show.
std::optional<std::uint64_t> loaded_rows(const ommi::Record& owner,
                                         const ommi::Relation& relation) {
  const ommi::DBResult<ommi::RecordList> loaded = owner.related(relation);
  if (loaded) return loaded.value().size();
  if (loaded.failure()->code() == ommi::ErrorCode::dangling_reference) return 0;
  return std::nullopt;
}

}  // namespace

std::string join_sql(const ommi::Relation& relation, const std::string& filter) {
  const ommi::Model& owner = *relation.owner;
  std::string keys;
  for (const std::size_t field : identity_of(owner)) keys += column("o", owner, field) + ", ";
  std::string text = fmt::format("SELECT {}count(*) FROM {} AS o JOIN ", keys, table(owner));
  if (relation.via != nullptr) {
    text += fmt::format(
        "{} AS l ON {} JOIN {} AS t ON {}", table(*relation.via),
        equal("o", owner, relation.owner_fields, "l", *relation.via, relation.via_owner_fields),
        table(*relation.target),
        equal("l", *relation.via, relation.via_target_fields, "t", *relation.target,
              relation.target_fields));
  } else {
    text += fmt::format(
        "{} AS t ON {}", table(*relation.target),
        equal("o", owner, relation.owner_fields, "t", *relation.target, relation.target_fields));
  }
  if (!filter.empty()) text += " WHERE " + filter;
  keys.resize(keys.size() - 2);
  return text + " GROUP BY " + keys;
}

OracleCheck compare_with_join(const ommi::Database& database, const ommi::Relation& relation,
                              const ommi::RecordList& owners, std::size_t limit) {
  OracleCheck check;
  const ommi::Model& owner = *relation.owner;
  if (owner.key.empty()) {
    check.unchecked = "the owner has no key to compare by";
    return check;
  }
  constexpr std::size_t most = 100;
  const std::size_t count = std::min(most, owners.size());
  std::string filter;
  std::vector<ommi::Value> values;
  for (std::size_t i = 0; i < count; ++i) {
    filter += i == 0 ? "(" : " OR (";
    for (std::size_t part = 0; part < owner.key.size(); ++part) {
      filter +=
          fmt::format("{}{} = ?", part == 0 ? "" : " AND ", column("o", owner, owner.key[part]));
      values.emplace_back(owners[i].cell(owner.key[part]));
    }
    filter += ")";
  }
  std::vector<ommi::Cell> cells;
  for (const ommi::Value& value : values) cells.push_back(value.cell());
  check.sql = join_sql(relation, "");
  if (count == 0) return check;
  Counts counts(owner.comparisons(owner.key));
  const auto read =
      database.select(join_sql(relation, filter), cells, owner.key.size() + 1, counts);
  if (!read) {
    check.unchecked = read.failure()->message();
    return check;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const ommi::Record record = owners[i];
    const std::optional<std::uint64_t> lazy = loaded_rows(record, relation);
    if (!lazy) continue;
    ++check.owners;
    const std::vector<ommi::Cell> key = key_cells(record);
    const std::uint64_t joined = counts.of(key);
    if (joined == *lazy) continue;
    ++check.differing;
    if (check.samples.size() >= limit) continue;
    HopSample sample;
    sample.path = row_path(record) + "." + relation.info.name;
    sample.owner.key = key_sample(record);
    sample.rows = *lazy;
    sample.message = fmt::format("the lazy load gives {}, the JOIN {}", *lazy, joined);
    check.samples.push_back(std::move(sample));
  }
  return check;
}

}  // namespace doctor
