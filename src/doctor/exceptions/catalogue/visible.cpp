// What an application sees of any failed load, and of results that are asked for the wrong thing.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

// Everything that a failed load can come from, by how often it does.
constexpr Candidate any_failure[] = {
    {"USE001", "no driver is active where the field is awaited: Ommi(driver) does not activate it",
     "whether the await runs inside `async with driver:` or `with use_driver(driver):`",
     "put `with use_driver(driver):` around the code that loads"},
    {"MOD001",
     "a ReferenceTo names a class, where a field is due: it breaks every load of its model",
     "each ReferenceTo(…) of the model and of the models that lead to it",
     "write ReferenceTo(User.id)"},
    {"MOD002", "a reference in quotes names what is not in the module that defines the model",
     "the texts in ReferenceTo(\"…\"): a class of that module, a dot, a field",
     "write ReferenceTo(\"User.id\") and import the class where the program runs"},
    {"MOD003", "the target of the lazy field has quotes inside of the brackets",
     "the annotation: LazyLoadTheRelated[\"User\"]", "quote the whole annotation"},
    {"MOD004", "the target's name is not in the module when the program runs",
     "imports under TYPE_CHECKING, and classes that are local to a function",
     "import the class where the program runs"},
    {"REL001", "neither of the two models has a reference to the other",
     "the fields of both models",
     "add Annotated[int, ReferenceTo(User.id)] to the one that refers"},
    {"MOD007", "metadata within Optional[…] or a union is lost, the reference with it",
     "annotations such as Optional[Annotated[int, ReferenceTo(…)]]",
     "put Annotated outside: Annotated[Optional[int], ReferenceTo(User.id)]"},
    {"MOD009", "the reference is inherited, and Ommi does not see fields of base classes",
     "whether the field stands in the model's own class body", "declare it in the model itself"},
    {"REL004", "the association model refers to one of the two models only",
     "the ReferenceTo of the model that AssociateUsing names", "add the missing reference"},
    {"SCH001", "the table is not there: the schema was not applied, or it is another file",
     "the tables of the database that the program opens", "await driver.apply_schema(collection)"},
    {"SCH002", "a column is not there: the table is older than the model",
     "the columns of the table beside the fields", "add the column"},
    {"DRV003", "the columns have another order than the fields, and Ommi reads rows by position",
     "the order of both", "make the table anew with the columns in the order of the fields"},
    {"DAT001", "a reference names a row that does not exist", "the value and the target's keys",
     "bring the row back, or set the reference to NULL"},
    {"DAT003", "the reference is NULL: a to-one load of it finds no row and fails",
     "the value of the field that refers", "ask for NULL before awaiting, or use or_use(None)"},
    {"DRV004", "a stored value cannot become the field's type: one such row fails the whole list",
     "the values of number and date columns", "mend the value"},
};

constexpr Candidate not_found[] = {
    {"DAT001", "a reference names a row that does not exist", "the value and the target's keys",
     "bring the row back, or set the reference to NULL"},
    {"DAT003", "no row fits the query, which one() reports as a failure",
     "the condition, and whether NULL is among the values",
     "use `.one.or_use(None)` where no row is no fault"},
    {"DRV004", "a value could not become its field's type: one() reports any ValueError so",
     "the exception that it was raised from", "mend the value"},
    {"USE005", "an empty database was opened: an unknown key in the settings is ignored",
     "the keys given to connect(): it is `database`, not `filename`", "write {\"database\": path}"},
    {"USE004", "use_models dropped the tables with all that was in them",
     "calls of use_models, and of add() or find() before any of them",
     "await driver.apply_schema(collection) instead"},
};

constexpr Candidate asked_a_success[] = {
    {"", "the code asks a success for its exception", "whoever reads `.exception`",
     "use `.exception_or(None)`, or match on DBSuccess and DBFailure"},
    {"USE002", "refresh() stored a result inside a result: a failure looks like a success since",
     "calls of refresh() and refresh_if_needed()", "fetch the parent again instead"},
};

constexpr Pattern patterns[] = {
    {.name = "failed-load",
     .types = "DBStatusNoResultException",
     .messages = "DBResult.DBFailure does not wrap a result",
     .meaning = "the load, or the call, failed; Ommi raises this one and keeps the real exception "
                "inside of the result",
     .versions = "0.2.2",
     .example =
         "ommi.database.results.DBStatusNoResultException: DBResult.DBFailure does not wrap a "
         "result, it only contains an exception",
     .candidates = any_failure,
     .hides = true,
     .type_alone = true,
     .shows = "(await {field}.get_result()).exception_or(None)"},
    {.name = "failed-load-0.2.0",
     .types = "DBStatusNoResultException",
     .messages = "DBResult does not wrap a result",
     .meaning = "the load, or the call, failed; Ommi raises this one and keeps the real exception "
                "inside of the result",
     .versions = "0.2.0 and 0.2.1; later ones say DBResult.DBFailure",
     .example = "DBStatusNoResultException: DBResult does not wrap a result",
     .candidates = any_failure,
     .hides = true,
     .shows = "(await {field}.get_result()).exception_or(None)"},
    {.name = "failed-load-0.1.9",
     .types = "RuntimeError",
     .messages = "Cannot access value of a failed result",
     .meaning = "the load failed; the exception that this one was raised from says why",
     .versions = "0.1.9",
     .example = "RuntimeError: Cannot access value of a failed result",
     .candidates = any_failure,
     .hides = true},
    {.name = "failed-query",
     .types = "DBStatusNoResultException",
     .messages = "DBQueryResult does not wrap a result",
     .meaning = "the query failed; Ommi raises this one and keeps the real exception inside of the "
                "result",
     .versions = "0.2.0 and later",
     .example = "DBStatusNoResultException: DBQueryResult does not wrap a result",
     .candidates = any_failure,
     .hides = true,
     .shows = "(await db.find(...).one).exception_or(None)"},
    {.name = "success-without-exception",
     .types = "DBStatusNoResultException",
     .messages = "DBResult does not wrap an exception\nDBQueryResult does not wrap an exception",
     .meaning = "`.exception` of a result that is a success",
     .versions = "0.2.0 and later",
     .example = "DBStatusNoResultException: DBResult does not wrap an exception",
     .candidates = asked_a_success},
    {.name = "query-without-row",
     .types = "DBEmptyQueryException DBStatusNoResultException",
     .messages = "Query returned no results",
     .meaning =
         "one() found no row, or met a ValueError of any kind; the one that it was raised from "
         "says which",
     .versions = "0.2.0 and later",
     .example = "ommi.database.query_results.DBEmptyQueryException: Query returned no results",
     .candidates = not_found,
     .hides = true},
};

}  // namespace

extern constinit const Family visible = {.title = "what an application sees", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
