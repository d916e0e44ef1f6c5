// What rows hold: none there, values that cannot be converted, rows that do not fit the class.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate no_row[] = {
    {"DAT001", "the reference names a row that does not exist", "the value and the target's keys",
     "bring the row back, or set the reference to NULL"},
    {"DAT003", "the reference is NULL, and a to-one load of NULL finds no row",
     "the value of the field that refers", "ask for NULL before awaiting, or use or_use(None)"},
    {"DAT007", "the value differs from the key by blanks, case, zeros or Unicode form",
     "both texts, byte by byte", "make them equal"},
    {"DAT008", "0, -1 or '' stands for \"none\"", "the values that refer to no row",
     "set them to NULL"},
    {"REL002", "two references lead to one model, and Ommi requires both at once",
     "how many ReferenceTo of the model name the same target",
     "keep one reference; query for the other"},
    {"MOD010", "a self reference: both of its fields follow the reference forward",
     "parent and children of one model", "query for the children"},
    {"MOD011", "two models refer to each other: both lazy fields follow their own reference",
     "references in both directions", "query for the other direction"},
    {"SCH003", "the two columns are stored differently, so their values are never equal",
     "the declared types of both columns", "make one type of them"},
    {"MOD013", "an optional integer is stored as text, and does not equal the key",
     "fields of `int | None` and Optional[int]", "write Annotated[int | None, FieldType(int)]"},
    {"USE006", "the rows were never stored: leaving a transaction block lost them",
     "an isolation level in the settings, and transactions that are only left",
     "leave isolation_level out of the settings: then leaving a block commits"},
    {"DRV005", "the key in memory is not the one that was stored",
     "composite keys, and add() of several rows", "fetch the rows again after adding them"},
    {"USE005", "an empty database was opened: an unknown key in the settings is ignored",
     "the keys given to connect(): it is `database`, not `filename`", "write {\"database\": path}"},
    {"USE004", "use_models dropped the tables with all that was in them",
     "calls of use_models, and of add() or find() before any of them",
     "await driver.apply_schema(collection) instead"},
};

constexpr Candidate not_converted[] = {
    {"DRV004", "a stored value cannot become the field's type: one such row fails the whole list",
     "the values of the column that are no numbers", "mend the value"},
    {"DRV003", "the columns have another order than the fields, and Ommi reads rows by position",
     "the order of both", "make the table anew with the columns in the order of the fields"},
    {"DAT006", "texts among the numbers of a key or a reference", "typeof() of the column's values",
     "cast them"},
};

constexpr Candidate null_date[] = {
    {"DRV004", "NULL in a date column: Ommi converts it as if it were text",
     "the rows in which a date is NULL", "write dates there, or make the field a text"},
};

constexpr Candidate not_made[] = {
    {"SCH002", "the table has fewer columns than the model has fields",
     "the columns of the table beside the fields", "add the column"},
    {"MOD012",
     "the class does not take all of its fields: ClassVar, init=False, a private field, "
     "or a plain class",
     "the fields that are no parameters of __init__", "give the constructor all columns"},
    {"DRV003", "the columns have another order than the fields, and Ommi reads rows by position",
     "the order of both", "make the table anew with the columns in the order of the fields"},
    {"MOD005", "a lazy field that Ommi takes for a column",
     "Optional[LazyLoad…], LazyLoad… | None, Annotated[LazyLoad…, …]", "write the lazy type alone"},
    {"MOD009", "fields of a base class, which Ommi does not see", "the base classes",
     "declare the fields in the model itself"},
};

constexpr Candidate plain_class[] = {
    {"MOD012",
     "@ommi_model stands below @dataclass, or the class has no constructor for its fields",
     "the order of the decorators", "put @ommi_model on top of @dataclass"},
};

constexpr Candidate given_twice[] = {
    {"", "a lazy field is given by position: Ommi adds name=None for each that is not named",
     "the call of the model's class", "leave lazy fields out, or give them by name"},
};

constexpr Candidate frozen[] = {
    {"MOD012", "the class is frozen, and Ommi sets its lazy fields after __init__",
     "frozen=True, attrs.frozen", "leave frozen out"},
};

constexpr Candidate duplicate_key[] = {
    {"SCH006", "the association's key covers one side: each parent can have one link only",
     "the primary key of the association table", "mark both references with Key"},
    {"MOD014", "no field is marked with Key, and the guess took another one than was meant",
     "which fields have Key", "mark the key with Key"},
    {"REL008", "the model has no key of its own", "which fields have Key", "mark the key with Key"},
    {"", "the row is there already", "the values of the key", "update it instead"},
};

constexpr Pattern patterns[] = {
    {.name = "no-row",
     .types = "ValueError",
     .messages = "N`o results to return\nNo results to return\no results to return",
     .meaning = "a to-one load, or one(), found no row",
     .versions = "0.2.0 and later; the stray quote is in the message",
     .example = "ValueError: N`o results to return",
     .candidates = no_row},
    {.name = "value-not-converted",
     .types = "ValueError",
     .messages = "invalid literal for int() with base 10: {value}\ncould not convert string to "
                 "float: {value}",
     .meaning = "a row holds a text where the field is a number",
     .versions = "0.2.2, on SQLite",
     .example = "ValueError: invalid literal for int() with base 10: 'abc'",
     .candidates = not_converted},
    {.name = "null-date",
     .types = "AttributeError",
     .messages = "'NoneType' object has no attribute 'split'",
     .meaning = "a row holds NULL where the field is a date",
     .versions = "0.2.2, on SQLite",
     .example = "AttributeError: 'NoneType' object has no attribute 'split'",
     .candidates = null_date},
    {.name = "row-does-not-fit",
     .types = "TypeError",
     .messages = "{model}.__init__() missing\n{model}.__init__() got an unexpected keyword "
                 "argument '{field}'\n__init__() got an unexpected keyword argument '{field}'",
     .meaning = "a row was fetched, and the class cannot be made from it",
     .versions = "all",
     .example = "TypeError: Post.__init__() missing 1 required positional argument: 'title'",
     .candidates = not_made},
    {.name = "class-takes-no-arguments",
     .types = "TypeError",
     .messages = "object.__init__() takes exactly one argument\n{model}() takes no arguments",
     .meaning = "the class has no constructor for its fields",
     .versions = "all",
     .example =
         "TypeError: object.__init__() takes exactly one argument (the instance to initialize)",
     .candidates = plain_class},
    {.name = "argument-given-twice",
     .types = "TypeError",
     .messages = "{model}.__init__() got multiple values for argument '{field}'",
     .meaning = "an argument is given by position and by name",
     .versions = "0.1.9 and later",
     .example = "TypeError: Post.__init__() got multiple values for argument 'author'",
     .candidates = given_twice},
    {.name = "frozen-class",
     .types = "FrozenInstanceError ValidationError",
     .messages = "cannot assign to field '{field}'\nInstance is frozen",
     .meaning = "an instance of a frozen class cannot get its lazy fields",
     .versions = "0.1.6 and later",
     .example = "dataclasses.FrozenInstanceError: cannot assign to field 'author'",
     .candidates = frozen},
    {.name = "key-taken",
     .types = "IntegrityError UniqueViolation",
     .messages = "UNIQUE constraint failed: {table}.{column}\nduplicate key value violates unique "
                 "constraint",
     .meaning = "a row of that key is there already",
     .versions = "all",
     .example = "sqlite3.IntegrityError: UNIQUE constraint failed: PersonBadge.person_id",
     .candidates = duplicate_key},
};

}  // namespace

extern constinit const Family rows = {.title = "what rows hold", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
