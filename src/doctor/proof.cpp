#include "doctor/proof.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/sweep/comparing.hpp"
#include "doctor/wording.hpp"
#include "ommi/sql.hpp"

namespace doctor {

namespace {

using Fields = std::vector<std::size_t>;

std::string joined_by(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string in_row(const std::string& row, const ommi::Model& model, std::size_t field) {
  return row + "." + quoted_name(model.fields()[field].column());
}

/// A name for the target's rows that is not that of the referring table.
std::string target_alias(const ReferenceColumns& reference) {
  return same_name(reference.model->info.table(), "target") ? "target_" : "target";
}

std::string set_condition(const ommi::Model& model, const Fields& fields) {
  std::vector<std::string> parts;
  for (const std::size_t field : fields) {
    parts.push_back(quoted_column(model, field) + " IS NOT NULL");
  }
  return joined_by(parts, " AND ");
}

/// How the referring columns meet the target's.
enum class Meeting : std::uint8_t { look_up, join, reverse };

std::string meeting_condition(const ReferenceColumns& reference, Meeting meeting) {
  const std::string alias = target_alias(reference);
  std::vector<std::string> parts;
  for (std::size_t part = 0; part < reference.fields.size(); ++part) {
    const ommi::FieldInfo& field = reference.model->fields()[reference.fields[part]];
    const ommi::FieldInfo& target = reference.target->fields()[reference.target_fields[part]];
    const std::string left = quoted_column(*reference.model, reference.fields[part]);
    const std::string right = in_row(alias, *reference.target, reference.target_fields[part]);
    const bool alike = same_equality(field.comparison, target.comparison);
    switch (meeting) {
      case Meeting::look_up:
        parts.push_back(fmt::format("{} = {}{}", right, alike ? "" : "+", left));
        break;
      case Meeting::join:
        parts.push_back(fmt::format("{} = {}", left, right));
        break;
      case Meeting::reverse:
        parts.push_back(fmt::format("{} = {}{}", left, alike ? "" : "+", right));
        break;
    }
  }
  return joined_by(parts, " AND ");
}

std::string matches(const ReferenceColumns& reference, std::string_view what, Meeting meeting) {
  return fmt::format("SELECT {} FROM {} AS {} WHERE {}", what, quoted_table(*reference.target),
                     target_alias(reference), meeting_condition(reference, meeting));
}

}  // namespace

std::string quoted_name(std::string_view name) { return ommi::sql::quoted(name, {}); }

ReferenceColumns columns_of(const ReferenceSweep& reference) {
  return {reference.model, reference.fields, reference.target, reference.target_fields};
}

ReferenceColumns owner_side(const ommi::Relation& association) {
  return {association.via, association.via_owner_fields, association.owner,
          association.owner_fields};
}

ReferenceColumns target_side(const ommi::Relation& association) {
  return {association.via, association.via_target_fields, association.target,
          association.target_fields};
}

std::string quoted_table(const ommi::Model& model) { return quoted_name(model.info.table()); }

std::string quoted_column(const ommi::Model& model, std::size_t field) {
  return in_row(quoted_table(model), model, field);
}

std::string quoted_columns(const ommi::Model& model, const Fields& fields) {
  std::vector<std::string> parts;
  for (const std::size_t field : fields) {
    parts.push_back(quoted_name(model.fields()[field].column()));
  }
  return joined_by(parts, ", ");
}

std::string null_condition(const ommi::Model& model, const Fields& fields) {
  std::vector<std::string> parts;
  for (const std::size_t field : fields) parts.push_back(quoted_column(model, field) + " IS NULL");
  return joined_by(parts, " OR ");
}

std::string dangling_condition(const ReferenceColumns& reference) {
  return fmt::format("{} AND NOT EXISTS ({})", set_condition(*reference.model, reference.fields),
                     matches(reference, "1", Meeting::look_up));
}

std::string differing_condition(const ReferenceColumns& reference, bool both_ways) {
  const std::string looked_up = matches(reference, "min(count(*), 2)", Meeting::look_up);
  std::string differs =
      fmt::format("({}) <> ({})", looked_up, matches(reference, "min(count(*), 2)", Meeting::join));
  if (both_ways) {
    differs += fmt::format(" OR ({}) <> ({})", looked_up,
                           matches(reference, "min(count(*), 2)", Meeting::reverse));
  }
  return fmt::format("{} AND ({})", set_condition(*reference.model, reference.fields), differs);
}

std::string select_rows(const ommi::Model& model, const Fields& shown, std::string_view condition) {
  if (model.key.empty()) {
    return fmt::format("SELECT * FROM {} WHERE {};", quoted_table(model), condition);
  }
  std::vector<std::string> columns;
  Fields fields = model.key;
  fields.insert(fields.end(), shown.begin(), shown.end());
  for (const std::size_t field : fields) {
    const std::string column = quoted_name(model.fields()[field].column());
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
      columns.push_back(column);
    }
  }
  return fmt::format("SELECT {} FROM {} WHERE {};", joined_by(columns, ", "), quoted_table(model),
                     condition);
}

std::string keep_copy(const ommi::Model& model, const Fields& fields, std::string_view code,
                      std::string_view condition, const ommi::Schema* schema) {
  std::string wanted = model.info.table();
  for (const std::size_t field : fields) wanted += "_" + model.fields()[field].column();
  wanted += fmt::format("_{}", code);
  std::string name = wanted;
  for (unsigned number = 2; schema != nullptr && schema->find_table(name) != nullptr; ++number) {
    name = fmt::format("{}_{}", wanted, number);
  }
  return fmt::format("CREATE TABLE {} AS SELECT * FROM {} WHERE {};", quoted_name(name),
                     quoted_table(model), condition);
}

}  // namespace doctor
