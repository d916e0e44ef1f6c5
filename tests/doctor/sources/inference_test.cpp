#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ommi/sqlite.hpp"
#include "schemas.hpp"
#include "support/folders.hpp"

namespace doctor {
namespace {

using testing::Lines;
using testing::references;

SourcedCatalog catalog_of(std::string_view sql) {
  const ommi::Database database(ommi::sqlite::open_memory(sql));
  return read_catalog(database, {}).or_raise();
}

Lines accepted(std::string_view sql) { return references(catalog_of(sql).draft.accepted); }

// `count` rows of `insert` with the number for %d.
std::string rows(std::string_view insert, int from, int count) {
  return fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT {0} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {1}) {2} "
      "FROM "
      "n;",
      from, from + count, insert);
}

const std::string users = "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);" +
                          rows("INSERT INTO User SELECT i, 'user ' || i", 1, 20);

TEST_CASE("a column that names a table and holds its keys refers to it") {
  const std::string column = GENERATE("user_id", "UserId", "userid", "user_fk", "User_ID", "user");
  CHECK(accepted(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, " + column + " INTEGER);" +
                 rows("INSERT INTO Post SELECT i, i", 1, 20)) ==
        Lines{"Post." + column + " -> User.id"});
}

TEST_CASE("tables may be in the plural or carry a prefix") {
  const std::string table = GENERATE("users", "Users", "tbl_user", "tblUsers");
  CHECK(accepted("CREATE TABLE " + table + "(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO " + table + " SELECT i", 1, 9) +
                 "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);" +
                 rows("INSERT INTO Post SELECT i, i", 1, 9)) ==
        Lines{"Post.user_id -> " + table + ".id"});
}

TEST_CASE("a perfect name stands half of its values missing, not four fifths") {
  const auto [found, passes] = GENERATE(table<int, bool>({{20, true}, {10, true}, {4, false}}));
  const Lines made =
      accepted(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);" +
               rows("INSERT INTO Post SELECT i, i", 1, found) +
               rows("INSERT INTO Post SELECT i, i + 1000", found + 1, 20 - found));
  CHECK(made.empty() != passes);
}

TEST_CASE("a column without values is a suggestion at most") {
  const SourcedCatalog catalog =
      catalog_of(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);");
  CHECK(catalog.draft.accepted.empty());
  CHECK(references(catalog.draft.suggestions) == Lines{"Post.user_id -> User.id"});
  CHECK(catalog.draft.suggestions[0].reference.confidence < inference_threshold);
}

TEST_CASE("small numbers never refer to anything without a name") {
  CHECK(accepted(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, batch_id INTEGER, n INTEGER);" +
                 rows("INSERT INTO Post SELECT i, i, i", 1, 20))
            .empty());
}

TEST_CASE("a part that people play names a row of the table of people, if nearly all are there") {
  const std::string column = GENERATE("author_id", "last_editor_id", "OwnerId", "created_by");
  const auto [found, passes] = GENERATE(table<int, bool>({{20, true}, {19, true}, {15, false}}));
  const Lines made = accepted(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, " + column +
                              " INTEGER);" + rows("INSERT INTO Post SELECT i, i", 1, found) +
                              rows("INSERT INTO Post SELECT i, i + 1000", found + 1, 20 - found));
  CHECK(made == (passes ? Lines{"Post." + column + " -> User.id"} : Lines{}));
}

TEST_CASE("a table that is named after the part comes before one of people") {
  CHECK(accepted(users + "CREATE TABLE Author(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO Author SELECT i", 1, 20) +
                 "CREATE TABLE Post(id INTEGER PRIMARY KEY, author_id INTEGER);" +
                 rows("INSERT INTO Post SELECT i, i", 1, 20)) ==
        Lines{"Post.author_id -> Author.id"});
}

TEST_CASE("two tables of people leave a part to the user") {
  const SourcedCatalog catalog =
      catalog_of(users + "CREATE TABLE Employee(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO Employee SELECT i", 1, 20) +
                 "CREATE TABLE Post(id INTEGER PRIMARY KEY, author_id INTEGER);" +
                 rows("INSERT INTO Post SELECT i, i", 1, 20));
  CHECK(catalog.draft.accepted.empty());
  CHECK(catalog.draft.suggestions.size() == 2);
}

TEST_CASE("a superior is a row of the same table of people") {
  const std::string column = GENERATE("manager_id", "ReportsTo", "boss_id");
  CHECK(accepted(users + "CREATE TABLE Employee(id INTEGER PRIMARY KEY, " + column + " INTEGER);" +
                 "INSERT INTO Employee VALUES(1, NULL);" +
                 rows("INSERT INTO Employee SELECT i, i / 2", 2, 18)) ==
        Lines{"Employee." + column + " -> Employee.id"});
}

TEST_CASE("the end of a table's name is enough, the whole name better") {
  const auto [target, other] = GENERATE(table<std::string, std::string>(
      {{"auth_user", "Plan"}, {"user", "auth_user"}, {"event_user", "auth_user"}}));
  CHECK(accepted("CREATE TABLE " + target + "(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO " + target + " SELECT i", 1, 20) + "CREATE TABLE " + other +
                 "(id INTEGER PRIMARY KEY);" + rows("INSERT INTO " + other + " SELECT i", 1, 20) +
                 "CREATE TABLE Event(id INTEGER PRIMARY KEY, user_id INTEGER);" +
                 rows("INSERT INTO Event SELECT i, i", 1, 20)) ==
        Lines{"Event.user_id -> " + target + ".id"});
}

TEST_CASE("texts that are all keys of one table refer to it without its name") {
  const std::string text =
      "CREATE TABLE Account(code TEXT PRIMARY KEY);" +
      rows("INSERT INTO Account SELECT 'acc-' || i", 1, 30) +
      "CREATE TABLE Booking(id INTEGER PRIMARY KEY, debit_key TEXT, label TEXT);" +
      rows("INSERT INTO Booking SELECT i, 'acc-' || i, 'acc-' || i", 1, 30);
  CHECK(accepted(text) == Lines{"Booking.debit_key -> Account.code"});

  SECTION("one stray value is enough against it") {
    CHECK(accepted(text + "INSERT INTO Booking VALUES(99, 'elsewhere', '');").empty());
  }
  SECTION("so is a second table with the same keys") {
    CHECK(accepted(text + "CREATE TABLE Ledger(code TEXT PRIMARY KEY);"
                          "INSERT INTO Ledger SELECT code FROM Account;")
              .empty());
  }
}

TEST_CASE("rows that write 0 for none do not count, and it is said") {
  const SourcedCatalog catalog = catalog_of(
      users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);" +
      rows("INSERT INTO Post SELECT i, i", 1, 3) + rows("INSERT INTO Post SELECT i, 0", 4, 90));
  REQUIRE(catalog.draft.accepted.size() == 1);
  CHECK(catalog.draft.accepted[0].why.find("90 are 0, taken for none") != std::string::npos);
  CHECK(catalog.draft.accepted[0].counter_examples == std::vector<ommi::Value>{0});
}

TEST_CASE("a parent is a row of the same table, if some row has none") {
  const std::string table = "CREATE TABLE Node(id INTEGER PRIMARY KEY, parent_id INTEGER);" +
                            rows("INSERT INTO Node SELECT i, i / 2", 2, 20);
  CHECK(accepted(table + "INSERT INTO Node VALUES(1, NULL);") ==
        Lines{"Node.parent_id -> Node.id"});
  CHECK(accepted(table + "INSERT INTO Node VALUES(1, 2);").empty());
}

TEST_CASE("the parent of a part is not taken for a part") {
  CHECK(accepted("CREATE TABLE View(id INTEGER PRIMARY KEY);"
                 "CREATE TABLE View_section(id INTEGER PRIMARY KEY, parentId INTEGER);"
                 "INSERT INTO View VALUES(1),(2);"
                 "INSERT INTO View_section VALUES(1,1),(2,1),(3,2),(4,NULL);")
            .empty());
}

TEST_CASE("a table's own key is no reference, unless it names another table") {
  CHECK(accepted(users + "CREATE TABLE Profile(user_id INTEGER PRIMARY KEY, text TEXT);" +
                 "CREATE TABLE Other(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO Profile SELECT i, ''", 1, 9) +
                 rows("INSERT INTO Other SELECT i", 1, 9)) == Lines{"Profile.user_id -> User.id"});
}

TEST_CASE("a role before the name is understood") {
  CHECK(accepted(users + "CREATE TABLE Bill(id INTEGER PRIMARY KEY, paying_user_id INTEGER);" +
                 rows("INSERT INTO Bill SELECT i, i", 1, 20)) ==
        Lines{"Bill.paying_user_id -> User.id"});
}

TEST_CASE("what is a number as often as a key is not taken for one") {
  const std::string column = GENERATE("page_no", "page_code", "grade", "season");
  const std::string table = column.substr(0, column.find('_'));
  const SourcedCatalog catalog =
      catalog_of("CREATE TABLE " + table + "(id INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO " + table + " SELECT i", 1, 20) +
                 "CREATE TABLE Mark(id INTEGER PRIMARY KEY, " + column + " INTEGER);" +
                 rows("INSERT INTO Mark SELECT i, i", 1, 20));
  CHECK(catalog.draft.accepted.empty());
  CHECK(references(catalog.draft.suggestions) == Lines{"Mark." + column + " -> " + table + ".id"});
}

TEST_CASE("a code that is a text names a key, and so does a number with the key's own name") {
  CHECK(accepted("CREATE TABLE Country(id TEXT PRIMARY KEY);" +
                 rows("INSERT INTO Country SELECT 'c' || i", 1, 9) +
                 "CREATE TABLE City(id INTEGER PRIMARY KEY, country_code TEXT);" +
                 rows("INSERT INTO City SELECT i, 'c' || i", 1, 9)) ==
        Lines{"City.country_code -> Country.id"});
  CHECK(accepted("CREATE TABLE Customer(customer_no INTEGER PRIMARY KEY);" +
                 rows("INSERT INTO Customer SELECT i", 1, 9) +
                 "CREATE TABLE Bill(id INTEGER PRIMARY KEY, customer_no INTEGER);" +
                 rows("INSERT INTO Bill SELECT i, i", 1, 9)) ==
        Lines{"Bill.customer_no -> Customer.customer_no"});
}

TEST_CASE("a column with a type beside it names rows of several tables") {
  const auto [type, passes] = GENERATE(table<std::string, bool>(
      {{"user_type TEXT", false}, {"user_type INTEGER", true}, {"kind TEXT", true}}));
  CHECK(accepted(users + "CREATE TABLE Note(id INTEGER PRIMARY KEY, user_id INTEGER, " + type +
                 ");" + rows("INSERT INTO Note SELECT i, i, 'User'", 1, 19))
            .empty() != passes);
}

TEST_CASE("the prefix that all tables share is left out, with a role and for a parent, too") {
  CHECK(accepted("CREATE TABLE wp_posts(ID INTEGER PRIMARY KEY, post_parent INTEGER);" +
                 rows("INSERT INTO wp_posts SELECT i, i / 2", 1, 20) +
                 "CREATE TABLE wp_notes(ID INTEGER PRIMARY KEY, note_post_ID INTEGER);" +
                 rows("INSERT INTO wp_notes SELECT i, i", 1, 20)) ==
        Lines{"wp_notes.note_post_ID -> wp_posts.ID", "wp_posts.post_parent -> wp_posts.ID"});
}

TEST_CASE("the same names as a composite key refer to it") {
  CHECK(accepted("CREATE TABLE Seat(row_no TEXT, place INTEGER, PRIMARY KEY(row_no, place));"
                 "CREATE TABLE Ticket(id INTEGER PRIMARY KEY, row_no TEXT, place INTEGER);"
                 "INSERT INTO Seat VALUES('A',1),('A',2),('B',1);"
                 "INSERT INTO Ticket VALUES(1,'A',1),(2,'A',2),(3,'B',1);") ==
        Lines{"Ticket.row_no,place -> Seat.row_no,place"});
}

TEST_CASE("a column that fits two tables alike is left to the user") {
  const SourcedCatalog catalog = catalog_of(
      "CREATE TABLE tbl_user(id INTEGER PRIMARY KEY); CREATE TABLE t_user(id INTEGER PRIMARY KEY);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);" +
      rows("INSERT INTO tbl_user SELECT i", 1, 9) + rows("INSERT INTO t_user SELECT i", 1, 9) +
      rows("INSERT INTO Post SELECT i, i", 1, 9));
  CHECK(catalog.draft.accepted.empty());
  CHECK(catalog.draft.suggestions.size() == 2);
}

TEST_CASE("a declared reference is not inferred again") {
  CHECK(accepted(users + "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id REFERENCES User(id));" +
                 rows("INSERT INTO Post SELECT i, i", 1, 20))
            .empty());
}

// What must be found, with nothing said about it, and nothing else.
TEST_CASE("databases that declare nothing give all their references") {
  const std::filesystem::path root = std::filesystem::path(folders::shared_data()) / "ommi";
  const auto [file, expected] = GENERATE(table<std::string, Lines>({
      {"blog/healthy.db",
       {"Comment.post_id -> Post.id", "Comment.user_id -> User.id", "Post.user_id -> User.id"}},
      {"blog/broken.db",
       {"Comment.post_id -> Post.id", "Comment.user_id -> User.id", "Post.user_id -> User.id"}},
      {"blog/broken_missing_table.db", {"Post.user_id -> users.id"}},
      {"permissions/healthy.db",
       {"Post.user_id -> User.id", "UserPermission.permission_id -> Permission.id",
        "UserPermission.user_id -> User.id"}},
      {"permissions/broken.db",
       {"Post.user_id -> User.id", "UserPermission.permission_id -> Permission.id",
        "UserPermission.user_id -> User.id"}},
      {"permissions/broken_missing_table.db", {"Post.user_id -> User.id"}},
  }));
  if (!std::filesystem::exists(root / file)) {
    WARN("skipped: " << (root / file) << " is not here");
    return;
  }
  const ommi::Database database(ommi::sqlite::open((root / file).string()));
  const SourcedCatalog catalog = read_catalog(database, {}).or_raise();
  CHECK(references(catalog.draft.accepted) == expected);
  CHECK(catalog.problems.empty());
}

TEST_CASE("a database that declares everything gets nothing more") {
  const std::filesystem::path root(folders::shared_data());
  const std::string file =
      GENERATE("chinook/Chinook_Sqlite.sqlite", "northwind/northwind.db", "sakila/sakila.db");
  if (!std::filesystem::exists(root / file)) {
    WARN("skipped: " << (root / file) << " is not here");
    return;
  }
  const ommi::Database database(ommi::sqlite::open((root / file).string()));
  const SourcedCatalog catalog = read_catalog(database, {}).or_raise();
  CHECK(references(catalog.draft.accepted).empty());
  CHECK(catalog.problems.empty());
}

}  // namespace
}  // namespace doctor
