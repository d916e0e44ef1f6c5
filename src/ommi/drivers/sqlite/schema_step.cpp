#include <algorithm>

#include <fmt/format.h>

#include "drivers/sqlite/writing.hpp"
#include "ommi/sqlite.hpp"
#include "schema/declared.hpp"

namespace ommi::sqlite {
namespace {

// An INT that is the key is a column of its own; only an INTEGER would be the row's number, which
// SQLite makes up where none is given.
std::string_view type_name(const Model& model, std::size_t field) {
  const bool whole_key = model.key.size() == 1 && model.key.front() == field;
  const Type type = model.fields()[field].type;
  if (whole_key && type == Type::integer && !schema::numbered(model, field)) return "INT";
  return schema::declared_type(type);
}

[[noreturn]] void refuse(const Model& model, std::size_t field, std::string_view why) {
  throw failure(
      ErrorCode::schema,
      fmt::format("{}.{} {}", escaped(model.name()), escaped(model.fields()[field].name), why),
      "apply", {}, model.name());
}

std::string collation_clause(const Model& model, std::size_t field) {
  const Collation collation = model.fields()[field].comparison.collation;
  if (collation == Collation::binary) return "";
  const std::string_view name = schema::collation_name(collation);
  if (name.empty()) {
    refuse(model, field, "compares by a collation of the application, which has no name here");
  }
  return fmt::format(" COLLATE {}", name);
}

std::string column_list(const Model& model, const std::vector<std::size_t>& fields) {
  std::string list;
  for (const std::size_t field : fields) {
    if (!list.empty()) list += ", ";
    list += quoted(model.fields()[field].column());
  }
  return list;
}

std::string references_clause(const SchemaReference& reference) {
  return fmt::format(" REFERENCES {} ({}){}", quoted(reference.target->info.table()),
                     column_list(*reference.target, reference.target_fields),
                     reference.deferred ? " DEFERRABLE INITIALLY DEFERRED" : "");
}

std::string column_definition(const Model& model, std::size_t field) {
  const FieldInfo& info = model.fields()[field];
  if (info.automatic && !schema::numbered(model, field)) {
    refuse(model, field,
           "is to be made by the database, and SQLite makes only a single integer key");
  }
  std::string text = quoted(info.column());
  if (const std::string_view type = type_name(model, field); !type.empty()) {
    text += fmt::format(" {}", type);
  }
  const bool key = std::ranges::find(model.key, field) != model.key.end();
  if (schema::numbered(model, field)) {
    text += " PRIMARY KEY";
  } else if (key || !info.nullable) {
    text += " NOT NULL";
  }
  return text + collation_clause(model, field);
}

std::string create_table(const SchemaStep& step) {
  const Model& model = *step.model;
  std::string text = "CREATE TABLE " + quoted(model.info.table()) + " (";
  for (std::size_t field = 0; field < model.fields().size(); ++field) {
    if (field > 0) text += ", ";
    text += column_definition(model, field);
  }
  if (!model.key.empty() && !schema::numbered(model, model.key.front())) {
    text += ", PRIMARY KEY (" + column_list(model, model.key) + ")";
  }
  for (const std::vector<std::string>& names : model.info.unique_sets) {
    text += ", UNIQUE (" + column_list(model, schema::unique_fields(model, names)) + ")";
  }
  for (const SchemaReference& reference : step.references) {
    text += ", FOREIGN KEY (" + column_list(model, reference.fields) + ")" +
            references_clause(reference);
  }
  return text + ")";
}

std::string add_column(const SchemaStep& step) {
  const std::size_t field = step.fields.front();
  std::string text = fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted(step.model->info.table()),
                                 column_definition(*step.model, field));
  for (const SchemaReference& reference : step.references) text += references_clause(reference);
  return text;
}

std::string create_index(const SchemaStep& step) {
  return fmt::format("CREATE {}INDEX {} ON {} ({})", step.unique ? "UNIQUE " : "",
                     quoted(step.index), quoted(step.model->info.table()),
                     column_list(*step.model, step.fields));
}

std::string text_of(const SchemaStep& step) {
  switch (step.what) {
    case SchemaStep::What::create_table:
      return create_table(step);
    case SchemaStep::What::add_column:
      return add_column(step);
    case SchemaStep::What::create_index:
      return create_index(step);
    case SchemaStep::What::drop_table:
      return "DROP TABLE " + quoted(step.table);
  }
  return "";
}

}  // namespace

// Tables that refer to each other in a circle can be dropped in no order unless references are
// checked at the end; the setting goes back by itself then.
void apply_step(Connection& connection, const SchemaStep& step) {
  const std::string_view model = step.model == nullptr ? "" : std::string_view(step.model->name());
  require_writable(connection, "apply", model);
  const std::string text = text_of(step);
  if (step.what == SchemaStep::What::drop_table &&
      sqlite3_get_autocommit(connection.handle()) == 0) {
    connection.run("PRAGMA defer_foreign_keys=ON", "apply");
  }
  try {
    const Borrowed statement(connection, text, "apply");
    ++connection.statistics.executed;
    while (connection.step(statement.get(), "apply", model)) {
    }
  } catch (const DatabaseError& error) {
    if (error.is(ErrorCode::connection) || error.is(ErrorCode::read_only)) throw;
    throw failure(ErrorCode::schema, fmt::format("the schema was not changed: {}", error.message()),
                  "apply", text, model)
        .caused_by(error);
  }
}

}  // namespace ommi::sqlite
