// The driver that a load needs: none active, closed, of another thread, in a failed transaction.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate no_driver[] = {
    {"USE001", "no driver is active: Ommi(driver) and `async with Ommi(driver)` activate none",
     "whether the await runs inside `async with driver:` or `with use_driver(driver):`",
     "put `with use_driver(driver):` around the code that loads"},
    {"",
     "the load runs in another thread, or in a task that was made before the driver was entered",
     "where the task is created: a ContextVar is copied at that moment",
     "enter the driver before the task is created, or inside of it"},
    {"", "the load runs after the block that activated the driver",
     "fields that are awaited after `async with driver:` has ended",
     "await them inside of the block"},
};

constexpr Candidate closed[] = {
    {"",
     "the field is awaited after `async with driver:` or `async with Ommi(driver)` has ended, "
     "which disconnects",
     "what runs after the block", "await the field inside of the block"},
    {"", "`async with driver` is nested: the inner one closes the connection",
     "two such blocks around one another", "enter the driver once, use_driver(driver) elsewhere"},
};

constexpr Candidate wrong_thread[] = {
    {"", "the connection was made in one thread, and the load runs in another",
     "executors, and servers that run handlers in threads", "connect in the thread that loads"},
};

constexpr Candidate failed_transaction[] = {
    {"", "an earlier statement of the same transaction failed, and PostgreSQL refuses all others",
     "the first exception of that transaction, which may be hidden in a result that nobody read",
     "find that one; roll back before going on"},
};

constexpr Candidate mongo[] = {
    {"", "MongoDB refused or failed: the rest of the message says why", "the text after the colon",
     "explain that text"},
};

constexpr Candidate not_connected[] = {
    {"USE005", "the settings do not say what the driver reads", "the keys that connect() is given",
     "use `database` for SQLite; all of host, port, database, user and password for PostgreSQL"},
    {"", "the server cannot be reached, or refuses", "the exception that this one was raised from",
     "mend the address or the password"},
};

constexpr Candidate coroutine[] = {
    {"",
     "fetch() of a PostgreSQL transaction is a coroutine, where every other driver gives an "
     "iterator",
     "fetch() on a transaction of PostgreSQL", "fetch outside of the transaction"},
    {"USE003", "a call that has to be awaited is not", "the calls on that line", "await it"},
};

constexpr Pattern patterns[] = {
    {.name = "no-active-driver",
     .types = "LookupError RuntimeError",
     .messages = "<ContextVar name='active_driver'\nNo active driver",
     .meaning = "no driver is active where the lazy field is loaded",
     .versions = "0.2.1 and later: until 0.2.0 `async with Ommi(driver)` activated it",
     .example = "LookupError: <ContextVar name='active_driver' at 0x7f3c5a1b2c40>",
     .candidates = no_driver},
    {.name = "closed-connection",
     .types = "ProgrammingError OperationalError InterfaceError",
     .messages = "Cannot operate on a closed database\nthe connection is closed",
     .meaning = "the active driver has been disconnected before the load",
     .versions = "all",
     .example = "sqlite3.ProgrammingError: Cannot operate on a closed database.",
     .candidates = closed},
    {.name = "wrong-thread",
     .types = "ProgrammingError",
     .messages = "SQLite objects created in a thread can only be used in that same thread",
     .meaning = "the driver belongs to another thread",
     .versions = "all",
     .example = "sqlite3.ProgrammingError: SQLite objects created in a thread can only be used in "
                "that same thread. The object was created in thread id 1 and this is thread id 2.",
     .candidates = wrong_thread},
    {.name = "failed-transaction",
     .types = "InFailedSqlTransaction",
     .messages = "current transaction is aborted",
     .meaning = "an earlier error in the same transaction",
     .versions = "all, on PostgreSQL",
     .example = "psycopg.errors.InFailedSqlTransaction: current transaction is aborted, commands "
                "ignored until end of transaction block",
     .candidates = failed_transaction,
     .type_alone = true},
    {.name = "mongodb-failure",
     .types = "DriverOperationError",
     .messages = "Error fetching batch from MongoDB",
     .meaning = "MongoDB could not give the rows, for any reason",
     .versions = "0.2.0 and later, on MongoDB",
     .example = "ommi.drivers.exceptions.DriverOperationError: Error fetching batch from MongoDB: "
                "localhost:27017: timed out",
     .candidates = mongo,
     .type_alone = true},
    {.name = "not-connected",
     .types = "DriverConnectFailed",
     .messages = {},
     .meaning = "the driver could not connect",
     .versions = "all",
     .example = "ommi.drivers.exceptions.DriverConnectFailed: Failed to connect",
     .candidates = not_connected,
     .type_alone = true},
    {.name = "coroutine-as-rows",
     .types = "AttributeError TypeError",
     .messages = "'coroutine' object has no attribute 'get'\n'coroutine' object has no attribute "
                 "'one'\n'coroutine' object is not iterable",
     .meaning = "a coroutine is taken for what it gives when it is awaited",
     .versions = "0.2.0 and later",
     .example = "AttributeError: 'coroutine' object has no attribute 'one'",
     .candidates = coroutine},
};

}  // namespace

extern constinit const Family driver = {.title = "the driver", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
