// How Ommi is called: names that do not exist, fields that are not awaited, results inside results.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate not_awaited[] = {
    {"USE003", "the lazy field is used without await, or through the API of 0.1.x",
     "`.value`, `.get()`, `.result`, loops and len() over the field",
     "write `rows = await post.comments`"},
};

constexpr Candidate result_in_result[] = {
    {"USE002", "refresh() or refresh_if_needed() stored a result inside of a result",
     "calls of these two; since then await gives a result object",
     "do not call them: fetch the parent again"},
    {"", "a call's result is used as if it were the value", "calls without `.or_raise()`",
     "await the call with .or_raise()"},
};

constexpr Candidate dropped[] = {
    {"USE004", "the implicit set-up was skipped: the call was forwarded past it",
     "db.find(…) or db.add(…) before any use_models",
     "await driver.apply_schema(collection) before the first call"},
};

constexpr Candidate active_record[] = {
    {"", "Model.fetch, Model.count, save(), reload() and delete() call what no driver has",
     "those calls on models and instances", "use db.find(…), db.add(…) and their builders"},
};

constexpr Candidate wrong_import[] = {
    {"", "the name is somewhere else",
     "ReferenceTo: ommi.models.field_metadata; LazyLoad… and AssociateUsing: "
     "ommi.models.query_fields; ModelCollection: ommi.models.collections",
     "import it from there"},
    {"",
     "the name is one of 0.1.x or of the documentation only: SQLiteConfig, DatabaseResult, "
     "from_config",
     "the release that is installed", "use SQLiteDriver.connect({\"database\": path})"},
};

constexpr Candidate circular_import[] = {
    {"", "ommi.query_ast or ommi.ext.drivers.sqlite is the first of Ommi that is imported",
     "the order of the imports", "import ommi.models first"},
};

constexpr Candidate old_names[] = {
    {"", "the name is one of 0.1.x or of the documentation only",
     "from_config, fetch.one, set, schema, create_models, setup_on, or_use of a DBResult",
     "see the release that is installed"},
};

constexpr Pattern patterns[] = {
    {.name = "lazy-field-not-awaited",
     .types = "AttributeError TypeError RuntimeWarning",
     .messages = "'LazyLoadTheRelated' object has no attribute '{field}'\n'LazyLoadEveryRelated' "
                 "object has no attribute '{field}'\n'LazyLoadEveryRelated' object is not "
                 "iterable\nobject of type 'LazyLoadEveryRelated' has no len()\ncoroutine "
                 "'LazyQueryField.get_result' was never awaited",
     .meaning = "a lazy field is taken for what it loads",
     .versions = "0.1.9 and later; .value, .get() and .result are those of 0.1.x",
     .example = "AttributeError: 'LazyLoadTheRelated' object has no attribute 'name'",
     .candidates = not_awaited},
    {.name = "result-taken-for-value",
     .types = "AttributeError TypeError",
     .messages =
         "'DBSuccess' object has no attribute '{field}'\n'DBFailure' object has no attribute "
         "'{field}'\n'DBSuccess' object is not iterable\n'DBFailure' object is not iterable",
     .meaning = "a result object where its value is due",
     .versions = "0.2.0 and later",
     .example = "AttributeError: 'DBSuccess' object has no attribute 'name'",
     .candidates = result_in_result},
    {.name = "set-up-never-awaited",
     .types = "RuntimeWarning",
     .messages = "coroutine 'Ommi.use_models' was never awaited",
     .meaning = "the tables were not made: \"no such table\" follows on a new database",
     .versions = "0.2.1 and later",
     .example = "RuntimeWarning: coroutine 'Ommi.use_models' was never awaited",
     .candidates = dropped},
    {.name = "driver-without-find",
     .types = "AttributeError",
     .messages = "Driver' object has no attribute 'find'",
     .meaning = "an active-record method was called, which cannot work",
     .versions = "0.2.0 and later",
     .example = "AttributeError: 'SQLiteDriver' object has no attribute 'find'",
     .candidates = active_record},
    {.name = "name-of-another-release",
     .types = "AttributeError",
     .messages =
         "has no attribute 'from_config'\nhas no attribute 'create_models'\nhas no attribute "
         "'setup_on'\nhas no attribute 'raise_on_errors'\nhas no attribute 'fetch_related'",
     .meaning = "code for another release of Ommi",
     .versions = "0.2.0 and later",
     .example = "AttributeError: type object 'SQLiteDriver' has no attribute 'from_config'",
     .candidates = old_names},
    {.name = "wrong-import",
     .types = "ImportError",
     .messages =
         "cannot import name '{name}' from 'ommi\nFailed to import {name} from ommi\nFailed "
         "to import {name} from 'ommi",
     .meaning = "the name is not in that module of Ommi",
     .versions = "0.2.0 and later",
     .example =
         "ImportError: cannot import name 'ReferenceTo' from 'ommi' (/venv/ommi/__init__.py)",
     .candidates = wrong_import},
    {.name = "circular-import",
     .types = "ImportError",
     .messages = "from partially initialized module 'ommi.{name}'",
     .meaning = "two modules of Ommi import each other, and the wrong one came first",
     .versions = "0.2.0 and later",
     .example = "ImportError: cannot import name 'when' from partially initialized module "
                "'ommi.query_ast' (most likely due to a circular import)",
     .candidates = circular_import},
};

}  // namespace

extern constinit const Family usage = {.title = "how Ommi is called", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
