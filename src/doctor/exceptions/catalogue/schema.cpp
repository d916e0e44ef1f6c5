// The tables, and the SQL that is made for them.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate no_table[] = {
    {"SCH001", "the schema was not applied, or the table has another name",
     "the tables of the file that the program opens", "await driver.apply_schema(collection)"},
    {"USE005",
     "another file was opened: an unknown key in the settings is ignored, a missing file is "
     "made empty",
     "the keys given to connect(): it is `database`, not `filename`", "write {\"database\": path}"},
    {"USE004", "the implicit set-up did not run, or use_models dropped the table",
     "awaits of db.find(…).one() before any use_models: those never run the set-up",
     "await driver.apply_schema(collection) first"},
    {"MOD016", "two models share a table's name, or one inherits __ommi_model_name__",
     "__ommi_model_name__ in the model and its bases", "give each model a name of its own"},
};

constexpr Candidate no_column[] = {
    {"SCH002", "the table is older than the model, or the field has another StoreAs",
     "the columns of the table beside the fields", "add the column"},
    {"MOD005", "a lazy field that Ommi takes for a column",
     "Optional[LazyLoad…], LazyLoad… | None, Annotated[LazyLoad…, …]", "write the lazy type alone"},
};

constexpr Candidate no_column_postgres[] = {
    {"", "the column's name has capital letters: it is made without quotes and selected with them",
     "the names of fields, and StoreAs",
     "give columns names in small letters: StoreAs(\"user_id\")"},
    {"SCH002", "the table is older than the model, or the field has another StoreAs",
     "the columns of the table beside the fields", "add the column"},
};

constexpr Candidate no_target[] = {
    {"REL004", "the association model has no reference to the target, so the join has no condition",
     "the ReferenceTo of the model that AssociateUsing names", "add the missing reference"},
};

constexpr Candidate keyword[] = {
    {"DRV006", "a key or reference is the text IS, IS NOT or NULL, which Ommi pastes into the SQL",
     "the values of text keys", "rename those keys"},
};

constexpr Candidate reserved_word[] = {
    {"",
     "the name is a word of SQL: PostgreSQL gets names without quotes, and so did SQLite until "
     "0.2.1",
     "tables such as User, Order, Group", "set __ommi_model_name__ = \"users\""},
};

constexpr Candidate types_differ[] = {
    {"MOD013",
     "an optional integer is a text column, and PostgreSQL does not compare it to the key",
     "fields of `int | None` and Optional[int]", "write Annotated[int | None, FieldType(int)]"},
    {"MOD008", "types in quotes, or `from __future__ import annotations`: all columns are text",
     "the head of the module", "leave the import out, and the quotes of built-in types"},
    {"REL007", "the reference and what it names have different types", "the types of both fields",
     "give them one type"},
};

constexpr Pattern patterns[] = {
    {.name = "missing-table",
     .types = "OperationalError UndefinedTable ProgrammingError",
     .messages = "no such table: {table}\nrelation \"{table}\" does not exist",
     .meaning = "the database that was opened does not have the table",
     .versions = "all",
     .example = "sqlite3.OperationalError: no such table: Post",
     .candidates = no_table,
     .type_alone = false},
    {.name = "missing-column",
     .types = "OperationalError",
     .messages = "no such column: {column}\nhas no column named {column}",
     .meaning = "the table does not have the column",
     .versions = "all, on SQLite",
     .example = "sqlite3.OperationalError: no such column: Post.user_id",
     .candidates = no_column},
    {.name = "missing-column-postgresql",
     .types = "UndefinedColumn",
     .messages = "column \"{column}\" does not exist\ncolumn {column} does not exist",
     .meaning = "PostgreSQL does not find a column of that name",
     .versions = "0.2.0 and later, on PostgreSQL",
     .example = "psycopg.errors.UndefinedColumn: column Post.userId does not exist",
     .candidates = no_column_postgres,
     .type_alone = true},
    {.name = "join-without-condition",
     .types = "OperationalError",
     .messages = "near \"WHERE\": syntax error",
     .meaning = "the SQL of an association has no ON",
     .versions = "0.1.9 and later, on SQLite",
     .example = "sqlite3.OperationalError: near \"WHERE\": syntax error",
     .candidates = no_target},
    {.name = "keyword-as-value",
     .types = "OperationalError",
     .messages =
         "near \"IS\": syntax error\nnear \"NULL\": syntax error\nnear \"NOT\": syntax error",
     .meaning = "a value became a part of the statement",
     .versions = "0.2.2, on SQLite",
     .example = "sqlite3.OperationalError: near \"IS\": syntax error",
     .candidates = keyword},
    {.name = "name-is-a-word-of-sql",
     .types = "OperationalError SyntaxError",
     .messages = "near \"{table}\": syntax error\nsyntax error at or near \"{table}\"",
     .meaning = "the statement breaks at a name",
     .versions = "until 0.2.1 on SQLite, all on PostgreSQL",
     .example = "psycopg.errors.SyntaxError: syntax error at or near \"user\"",
     .candidates = reserved_word},
    {.name = "types-do-not-compare",
     .types = "UndefinedFunction",
     .messages = "operator does not exist: text = integer\noperator does not exist: integer = "
                 "text\noperator does not exist",
     .meaning = "the reference and the key are columns of different types",
     .versions = "all, on PostgreSQL",
     .example = "psycopg.errors.UndefinedFunction: operator does not exist: text = integer",
     .candidates = types_differ,
     .type_alone = true},
};

}  // namespace

extern constinit const Family schema = {.title = "tables and SQL", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
