#include "doctor/traverse/as_ommi.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/traverse/outcome.hpp"
#include "doctor/traverse/owners.hpp"
#include "ommi/sql.hpp"

namespace doctor {
namespace {

constexpr std::size_t named_rows = 3;

/// Rows by their keys, in the order that they came.
struct Keys {
  std::vector<std::string> packed;  // for comparing: exact
  std::vector<std::string> shown;   // the first few: "Post[3]"
};

/// What one side gives for an owner.
struct Given {
  Keys rows = {};
  std::string error = {};  // instead of rows
};

bool same_rows(const Keys& left, const Keys& right) {
  if (left.packed.size() != right.packed.size()) return false;
  std::vector<std::string> one = left.packed;
  std::vector<std::string> other = right.packed;
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

std::string text_of(const Given& given, std::string_view before_error) {
  if (!given.error.empty()) return fmt::format("{}{}", before_error, given.error);
  const std::size_t rows = given.rows.packed.size();
  if (rows == 0) return "nothing";
  std::string names;
  for (const std::string& name : given.rows.shown) names += (names.empty() ? "" : ", ") + name;
  if (rows > given.rows.shown.size()) names += ", …";
  return rows == 1 ? names : fmt::format("{} rows: {}", rows, names);
}

/// Positions of fields in the rows that Ommi reads.
using Positions = std::vector<std::size_t>;

/// Where Ommi finds `fields` of `model` in a row of its table; nothing where it has no such field.
std::optional<Positions> positions_of(const python::Model& read_as, const ommi::Model& model,
                                      const std::vector<std::size_t>& fields) {
  const auto columns = ommi_columns(read_as);
  Positions positions;
  for (const std::size_t field : fields) {
    const auto found = std::find_if(
        columns.begin(), columns.end(),
        [&](const python::Field* column) { return column->name == model.fields()[field].name; });
    if (found == columns.end()) return std::nullopt;
    positions.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  return positions;
}

void add_row(const ommi::Model& model, const std::vector<std::size_t>& fields,
             std::vector<ommi::Value> values, Keys& keys) {
  keys.packed.push_back(ommi::sql::pack(values));
  if (keys.shown.size() >= named_rows) return;
  RowSample sample;
  for (std::size_t at = 0; at < fields.size(); ++at) {
    sample.key.push_back({model.fields()[fields[at]].name, std::move(values[at])});
  }
  keys.shown.push_back(row_path(model, sample));
}

/// Reads the rows of Ommi's statement as Ommi does: by position, each made an instance.
class Instances final : public ommi::RowVisitor {
 public:
  Instances(const OmmiLoad& load, OmmiRelease release, const std::vector<std::size_t>& fields,
            const Positions& positions)
      : load_(load), release_(release), fields_(fields), positions_(positions) {}

  bool row(std::span<const ommi::Cell> cells) override {
    given.error = row_error(*load_.target_class, cells, release_);
    if (!given.error.empty()) return false;
    std::vector<ommi::Value> key;
    for (const std::size_t at : positions_) key.emplace_back(at < cells.size() ? cells[at] : none_);
    add_row(*load_.target, fields_, std::move(key), given.rows);
    return true;
  }

  Given given;

 private:
  const OmmiLoad& load_;
  OmmiRelease release_;
  const std::vector<std::size_t>& fields_;
  const Positions& positions_;
  const ommi::Cell none_{};
};

/// The owner's values in the order in which Ommi takes them for its fields.
class OwnerRow {
 public:
  OwnerRow(const OmmiLoad& load, const ommi::Schema& schema)
      : columns_(ommi_columns(*load.owner_class)) {
    const ommi::Table* const table = schema.find_table(load.owner->info.table());
    if (table == nullptr) return;
    for (const ommi::Column& column : table->columns) {
      if (column.hidden || fields_.size() == columns_.size()) continue;
      const auto field = field_of(*load.owner, column.name);
      if (!field) return;
      fields_.push_back(*field);
    }
    known_ = true;
  }

  /// Whether the models have the columns that Ommi reads.
  [[nodiscard]] bool known() const noexcept { return known_; }

  [[nodiscard]] std::vector<ommi::Cell> cells(const ommi::Record& owner) const {
    std::vector<ommi::Cell> cells;
    for (const std::size_t field : fields_) cells.push_back(owner.cell(field));
    return cells;
  }

  /// What the instance holds in a field.
  [[nodiscard]] ommi::Value value(const ommi::Record& owner, std::string_view field,
                                  OmmiRelease release) const {
    for (std::size_t at = 0; at < fields_.size(); ++at) {
      if (columns_[at]->name == field)
        return value_as_read(*columns_[at], owner.cell(fields_[at]), release);
    }
    return {};
  }

 private:
  static std::optional<std::size_t> field_of(const ommi::Model& model, std::string_view column) {
    for (std::size_t at = 0; at < model.fields().size(); ++at) {
      if (ommi::same_name(model.fields()[at].column(), column)) return at;
    }
    return std::nullopt;
  }

  std::vector<const python::Field*> columns_;
  std::vector<std::size_t> fields_;  // of the catalog, by position
  bool known_ = false;
};

class Comparing {
 public:
  Comparing(const ommi::Database& database, const OmmiApplication& application,
            const ommi::Relation& relation, std::size_t samples)
      : database_(database), application_(application), relation_(relation), samples_(samples) {
    comparison_.relation = &relation;
    comparison_.load =
        load_by_ommi(*application.facts, database.catalog(), relation, application.release);
    comparison_.statement = statement_of(comparison_.load, application.release);
  }

  OmmiComparison run(const ommi::RecordList& owners, std::size_t most) {
    const OmmiLoad& load = comparison_.load;
    if (load.end == OmmiEnd::unknown) return unchecked("what it means to Ommi is not known");
    if (load.end != OmmiEnd::query) {
      for (const ommi::Record owner : owners) {
        if (comparison_.owners == most) break;
        compare(owner, Given{{}, load.error.empty() ? not_lazy : load.error});
      }
      return std::move(comparison_);
    }
    const OwnerRow row(load, *application_.schema);
    const auto positions = key_positions();
    if (!row.known() || !positions)
      return unchecked("the columns of the tables are not those of the models");
    for (const ommi::Record owner : owners) {
      if (comparison_.owners == most) break;
      compare(owner, given(owner, row, *positions));
    }
    return std::move(comparison_);
  }

 private:
  static constexpr const char* not_lazy =
      "TypeError: object NoneType can't be used in 'await' expression";

  OmmiComparison unchecked(std::string why) {
    comparison_.unchecked = std::move(why);
    return std::move(comparison_);
  }

  std::optional<Positions> key_positions() {
    const OmmiLoad& load = comparison_.load;
    // The key that the rows of both sides are told apart by must be one of the target's model.
    if (relation_.target != nullptr && load.target != relation_.target) return std::nullopt;
    fields_ = identity_of(*load.target);
    return positions_of(*load.target_class, *load.target, fields_);
  }

  Given given(const ommi::Record& owner, const OwnerRow& row, const Positions& positions) {
    const OmmiLoad& load = comparison_.load;
    const OmmiRelease release = application_.release;
    if (std::string error = row_error(*load.owner_class, row.cells(owner), release); !error.empty())
      return {{}, std::move(error)};
    std::vector<ommi::Value> values;
    for (const OmmiCondition& condition : load.conditions) {
      values.push_back(row.value(owner, load.owner->fields()[condition.owner_field].name, release));
    }
    const OmmiStatement statement = statement_of(load, values, release, true);
    Instances instances(load, release, fields_, positions);
    if (std::string error = run(statement, instances); !error.empty())
      return {{}, std::move(error)};
    Given result = std::move(instances.given);
    if (!load.many && result.error.empty() && result.rows.packed.empty())
      result.error = nothing_found(release);
    return result;
  }

  /// The database's complaint about the statement, as Python shows it, or empty. Throws
  /// DatabaseError where the statement is not to blame.
  std::string run(const OmmiStatement& statement, ommi::RowVisitor& visitor) {
    const auto width = width_of(statement.text);
    if (const ommi::Failure* failed = width.failure()) return complaint(*failed);
    std::vector<ommi::Cell> bound;
    for (const ommi::Value& value : statement.values) bound.push_back(value.cell());
    const auto read = database_.select(statement.text, bound, width.value(), visitor);
    const ommi::Failure* const failed = read.failure();
    return failed == nullptr ? "" : complaint(*failed);
  }

  /// What says nothing of the statement, but that this run could not go on.
  static bool is_gap(ommi::ErrorCode code) {
    return code == ommi::ErrorCode::timeout || code == ommi::ErrorCode::locked ||
           code == ommi::ErrorCode::corrupt || code == ommi::ErrorCode::detached;
  }

  ommi::DBResult<std::size_t> width_of(const std::string& text) {
    if (const auto known = widths_.find(text); known != widths_.end()) return known->second;
    const auto columns = database_.columns(text);
    if (const ommi::Failure* failed = columns.failure()) return *failed;
    return widths_.emplace(text, columns.value().size()).first->second;
  }

  static std::string complaint(const ommi::Failure& failure) {
    if (is_gap(failure.code())) throw failure.error();
    return fmt::format("sqlite3.OperationalError: {}", ommi::escaped(failure.message()));
  }

  Given due(const ommi::Record& owner) {
    const LoadResult loaded = load_once(owner, relation_);
    Given result;
    if (loaded.error && loaded.outcome != Outcome::dangling)
      result.error = ommi::escaped(loaded.error->message());
    if (!loaded.related) return result;
    const std::vector<std::size_t> fields = identity_of(*relation_.target);
    for (const ommi::Record row : *loaded.related) {
      std::vector<ommi::Value> key;
      for (const std::size_t field : fields) key.emplace_back(row.cell(field));
      add_row(*relation_.target, fields, std::move(key), result.rows);
    }
    return result;
  }

  void compare(const ommi::Record& owner, const Given& given) {
    ++comparison_.owners;
    const Given wanted = due(owner);
    if (given.error.empty() && wanted.error.empty() && same_rows(given.rows, wanted.rows)) {
      ++comparison_.same;
      return;
    }
    const bool raises = !given.error.empty();
    ++(raises ? comparison_.raises : comparison_.other_rows);
    const bool keep =
        raises ? ++comparison_.errors[given.error] == 1 : comparison_.other_rows <= samples_;
    if (!keep) return;
    comparison_.samples.push_back(
        {fmt::format("{}.{}", row_path(owner), ommi::escaped(relation_.info.name)),
         text_of(wanted, "an error: "), text_of(given, "raises ")});
  }

  const ommi::Database& database_;
  const OmmiApplication& application_;
  const ommi::Relation& relation_;
  std::size_t samples_;
  OmmiComparison comparison_;
  std::vector<std::size_t> fields_;  // of the target's key
  std::map<std::string, std::size_t> widths_;
};

}  // namespace

OmmiComparison compare_with_ommi(const ommi::Database& database, const OmmiApplication& application,
                                 const ommi::Relation& relation, const ommi::RecordList& owners,
                                 std::size_t most, std::size_t samples) {
  return Comparing(database, application, relation, samples).run(owners, most);
}

}  // namespace doctor
