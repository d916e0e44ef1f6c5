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

std::string hexadecimal(std::string_view bytes) {
  std::string text = "x'";
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text + "'";
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) quoted.append(letter == '\'' ? 2 : 1, letter);
  return quoted + "'";
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

std::string literal(const ommi::Value& value) {
  const ommi::Cell cell = value.cell();
  switch (cell.kind) {
    case ommi::Kind::integer:
      return fmt::format("{}", cell.integer);
    case ommi::Kind::real:
      return fmt::format("{}", cell.real);
    case ommi::Kind::text:
      if (cell.view().find('\0') != std::string_view::npos) {
        return fmt::format("CAST({} AS TEXT)", hexadecimal(cell.view()));
      }
      return quoted_text(cell.view());
    case ommi::Kind::blob:
      return hexadecimal(cell.view());
    case ommi::Kind::null:
      break;
  }
  return "NULL";
}

std::string sentinel_condition(const ReferenceSweep& reference) {
  std::vector<std::string> values;
  for (const ommi::Value& value : reference.kinds.sentinels) values.push_back(literal(value));
  return fmt::format("+{} IN ({}) AND {}",
                     quoted_column(*reference.model, reference.fields.front()),
                     joined_by(values, ", "), dangling_condition(columns_of(reference)));
}

std::string near_miss_condition(const ReferenceSweep& reference) {
  std::vector<std::string> values;
  for (const NearMiss& pair : reference.kinds.pairs) {
    std::vector<std::string> parts;
    for (std::size_t part = 0; part < reference.fields.size(); ++part) {
      parts.push_back(fmt::format("+{} = {}",
                                  quoted_column(*reference.model, reference.fields[part]),
                                  literal(pair.value[part])));
    }
    values.push_back(joined_by(parts, " AND "));
  }
  return fmt::format("({}) AND {}", joined_by(values, " OR "),
                     dangling_condition(columns_of(reference)));
}

std::string missing_condition(const ReferenceSweep& reference) {
  std::string condition = dangling_condition(columns_of(reference));
  if (reference.kinds.sentinel > 0) {
    condition += fmt::format(" AND NOT ({})", sentinel_condition(reference));
  }
  if (reference.kinds.near_miss > 0) {
    condition += fmt::format(" AND NOT ({})", near_miss_condition(reference));
  }
  return condition;
}

std::string rarer_kinds_condition(const FieldSweep& field) {
  struct Class {
    std::vector<ommi::Kind> kinds;
    std::uint64_t rows = 0;
  };
  Class classes[] = {
      {{ommi::Kind::integer, ommi::Kind::real}}, {{ommi::Kind::text}}, {{ommi::Kind::blob}}};
  const ommi::FieldInfo& info = field.model->fields()[field.field];
  const Class* main = nullptr;
  for (Class& each : classes) {
    for (const ommi::Kind kind : each.kinds) {
      if (ommi::accepts(info.type, kind))
        each.rows += field.by_kind[static_cast<std::size_t>(kind)];
    }
    if (main == nullptr || each.rows > main->rows) main = &each;
  }
  std::vector<std::string> rarer;
  for (const Class& each : classes) {
    if (&each == main || each.rows == 0) continue;
    for (const ommi::Kind kind : each.kinds) {
      if (ommi::accepts(info.type, kind))
        rarer.push_back(fmt::format("'{}'", ommi::to_string(kind)));
    }
  }
  if (rarer.empty()) return {};
  return fmt::format("typeof({}) IN ({})", quoted_column(*field.model, field.field),
                     joined_by(rarer, ", "));
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
