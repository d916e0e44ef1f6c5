#include "doctor/traverse/oracle.hpp"

#include <algorithm>

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

// A key that is NULL in part, as SQLite allows, finds no row again.
bool is_whole(const std::vector<ommi::Cell>& key) {
  return std::none_of(key.begin(), key.end(),
                      [](const ommi::Cell& cell) { return cell.is_null(); });
}

// The first owners that a query can name.
std::vector<ommi::Record> named_owners(const ommi::RecordList& owners) {
  constexpr std::size_t most = 100;
  std::vector<ommi::Record> named;
  for (const ommi::Record owner : owners) {
    if (named.size() == most) break;
    if (is_whole(key_cells(owner))) named.push_back(owner);
  }
  return named;
}

// A manifest can declare a key that several rows share: then the JOIN counts for all of them.
bool is_alone(const ommi::Database& database, const ommi::Record& owner) {
  ommi::Expression same;
  for (const std::size_t field : owner.model().key)
    same = std::move(same) && (ommi::FieldTerm(field) == ommi::Value(owner.cell(field)));
  return database.find(owner.model().name()).where(std::move(same)).count().or_use(0) == 1;
}

std::string filter_of(const ommi::Model& owner, std::size_t count) {
  std::string filter;
  for (std::size_t i = 0; i < count; ++i) {
    filter += i == 0 ? "(" : " OR (";
    for (std::size_t part = 0; part < owner.key.size(); ++part) {
      filter +=
          fmt::format("{}{} = ?", part == 0 ? "" : " AND ", column("o", owner, owner.key[part]));
    }
    filter += ")";
  }
  return filter;
}

// The rows that the lazy load gave; nothing where it failed for a reason that a JOIN cannot show.
std::optional<std::uint64_t> loaded_rows(const ommi::Record& owner,
                                         const ommi::Relation& relation) {
  const ommi::DBResult<ommi::RecordList> loaded = owner.related(relation);
  if (loaded) return loaded.value().size();
  if (loaded.failure()->code() == ommi::ErrorCode::dangling_reference) return 0;
  return std::nullopt;
}

HopSample sample_of(const ommi::Record& owner, const ommi::Relation& relation, std::uint64_t lazy,
                    std::uint64_t joined) {
  HopSample sample;
  sample.path = row_path(owner) + "." + relation.info.name;
  sample.owner.key = key_sample(owner);
  sample.rows = lazy;
  sample.message = fmt::format("the lazy load gives {}, the JOIN {}", lazy, joined);
  return sample;
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
  const std::vector<ommi::Record> named = named_owners(owners);
  check.sql = join_sql(relation, "");
  if (named.empty()) return check;
  std::vector<ommi::Cell> cells;
  for (const ommi::Record& record : named) {
    for (const ommi::Cell& cell : key_cells(record)) cells.push_back(cell);
  }
  Counts counts(owner.comparisons(owner.key));
  const auto read = database.select(join_sql(relation, filter_of(owner, named.size())), cells,
                                    owner.key.size() + 1, counts);
  if (!read) {
    check.unchecked = read.failure()->message();
    return check;
  }
  for (const ommi::Record& record : named) {
    const std::optional<std::uint64_t> lazy = loaded_rows(record, relation);
    if (!lazy) continue;
    const std::uint64_t joined = counts.of(key_cells(record));
    if (joined != *lazy && !is_alone(database, record)) continue;
    ++check.owners;
    if (joined == *lazy) continue;
    ++check.differing;
    if (check.samples.size() < limit)
      check.samples.push_back(sample_of(record, relation, *lazy, joined));
  }
  return check;
}

}  // namespace doctor
