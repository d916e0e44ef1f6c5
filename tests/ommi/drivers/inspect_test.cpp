#include <catch2/catch.hpp>

#include "ommi/query.hpp"
#include "ommi/wire.hpp"

namespace ommi {
namespace {

FieldInfo field(std::string name, Type type, bool key = false, bool automatic = false) {
  FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.key = key;
  info.automatic = automatic;
  return info;
}

/// Post(id, title, author_id), and what is asked about it.
struct Posts {
  Catalog catalog;
  Query query;
  std::vector<Cell> keys;

  Posts() {
    ModelInfo post;
    post.name = "Post";
    post.fields = {field("id", Type::integer, true, true), field("title", Type::text),
                   field("author_id", Type::integer)};
    catalog.add(std::move(post));
    catalog.seal();
    query.model = &catalog.models().front();
  }
  /// From now on the rows of these authors are due.
  void ask_for(std::vector<std::int64_t> authors) {
    for (const std::int64_t author : authors) keys.push_back(Cell::of(author));
    query.keys = KeyBatch{{2}, keys};
  }
};

Wire row(Value id, Value title, Value author) {
  return Wire::list(
      {Wire::value(std::move(id)), Wire::value(std::move(title)), Wire::value(std::move(author))});
}

Wire two_rows() { return Wire::list({row(1, "first", 7), row(2, "second", 7)}); }

Wire wrapped(std::string type, Wire inner) {
  return Wire::object(std::move(type), {std::move(inner)});
}

/// What is wrong with `answer` to `posts`' query; what == none if nothing is.
Malformation fault(const Posts& posts, Wire answer, const Inspection& inspection = {}) {
  try {
    (void)inspect_rows(std::move(answer), {.width = 3, .query = &posts.query}, inspection);
  } catch (const DatabaseError& error) {
    REQUIRE(error.code() == ErrorCode::malformed_result);
    REQUIRE(error.malformation() != nullptr);
    return *error.malformation();
  }
  return {};
}

DatabaseError failure_of(const Wire& answer) {
  const Posts posts;
  try {
    (void)inspect_rows(answer, {.width = 3, .query = &posts.query},
                       {.place = {.driver = "foreign", .operation = "fetch", .model = "Post"}});
  } catch (const DatabaseError& error) {
    return error;
  }
  return {ErrorCode::database, "nothing was thrown"};
}

TEST_CASE("rows as due are believed, cell by cell") {
  const Posts posts;
  const auto cursor =
      inspect_rows(two_rows(), {.width = 3, .query = &posts.query, .statement = "get"}, {});
  std::vector<Cell> cells(3);
  REQUIRE(cursor->next(cells));
  CHECK(cells[0] == Cell::of(std::int64_t{1}));
  CHECK(cells[1].view() == "first");
  REQUIRE(cursor->next(cells));
  CHECK(cells[1].view() == "second");
  CHECK_FALSE(cursor->next(cells));
  CHECK(cursor->statement() == "get");
}

TEST_CASE("no rows are rows") { CHECK(fault(Posts(), Wire::list()).what == Malformed::none); }

TEST_CASE("rows that say they are of the model asked for are believed") {
  CHECK(fault(Posts(), Wire::list({Wire::object("models.Post", row(1, "a", 7).items)})).what ==
        Malformed::none);
}

TEST_CASE("each class of malformed answer is told from the others") {
  const Posts posts;
  const Wire error = Wire::error(ErrorCode::query, "no such table");
  struct Case {
    Wire answer;
    Malformed what;
  };
  const std::vector<Case> cases = {
      {Wire::object("ommi.database.results.DBSuccess"), Malformed::empty_wrapper},
      {Wire::object("DatabaseResult"), Malformed::uninitialised_wrapper},
      {wrapped("DBSuccess", two_rows()), Malformed::wrapped_success},
      {wrapped("DBResult", two_rows()), Malformed::wrapped_success},
      {wrapped("DBFailure", error), Malformed::wrapped_failure},
      {wrapped("DBSuccess", wrapped("DBSuccess", two_rows())), Malformed::double_wrapped},
      {wrapped("DBSuccess", wrapped("DBFailure", error)), Malformed::double_wrapped},
      {two_rows().raising(error), Malformed::both_sides},
      {wrapped("DBSuccess", two_rows()).raising(error), Malformed::both_sides},
      {Wire::object("DBFailure"), Malformed::failure_without_error},
      {wrapped("DBFailure", Wire::value("oops")), Malformed::failure_without_error},
      {wrapped("DBFailure", Wire::value(Value())), Malformed::failure_without_error},
      {Wire().raising(Wire::value("oops")), Malformed::failure_without_error},
      {Wire::value(Value()), Malformed::not_rows},
      {Wire::value(3), Malformed::not_rows},
      {Wire::map({{"rows", two_rows()}}), Malformed::not_rows},
      {Wire(), Malformed::not_rows},
      {Wire::object("sqlite3.Cursor"), Malformed::not_rows},
      {Wire::list({Wire::value("a row")}), Malformed::not_rows},
      {Wire::list({Wire::list({Wire::value(1)})}), Malformed::wrong_width},
      {Wire::list({Wire::list()}), Malformed::wrong_width},
      {Wire::list({row(1, "a", "seven")}), Malformed::wrong_cell},
      {Wire::list({row(1, 2.5, 7)}), Malformed::wrong_cell},
      {Wire::list({Wire::list({Wire::value(1), Wire::list(), Wire::value(7)})}),
       Malformed::wrong_cell},
      {Wire::list({Wire::object("models.User", row(1, "a", 7).items)}), Malformed::foreign_rows},
      {Wire::object("coroutine"), Malformed::unawaited},
      {Wire::object("builtins.async_generator"), Malformed::unawaited},
      {Wire::list({Wire::object("asyncio.Future")}), Malformed::unawaited},
      {wrapped("DBSuccess", Wire::object("coroutine")), Malformed::wrapped_success},
      {Wire::cut_off(), Malformed::truncated},
      {Wire::list({row(1, "a", 7), Wire::cut_off()}), Malformed::truncated},
      {Wire::list({Wire::list({Wire::value(1), Wire::cut_off()})}), Malformed::truncated},
  };
  for (const Case& test : cases) {
    INFO(excerpt(test.answer));
    CHECK(to_string(fault(posts, test.answer).what) == to_string(test.what));
  }
}

TEST_CASE("a row whose key was not asked for is not believed") {
  Posts posts;
  posts.ask_for({7, 8});
  CHECK(fault(posts, two_rows()).what == Malformed::none);
  CHECK(fault(posts, Wire::list({row(1, "a", 7), row(2, "b", 9)})).what == Malformed::foreign_rows);
  CHECK(fault(posts, Wire::list({row(1, "a", Value())})).what == Malformed::foreign_rows);
}

TEST_CASE("more rows than asked for are not believed") {
  Posts posts;
  posts.query.limit = 1;
  CHECK(fault(posts, two_rows()).what == Malformed::wrong_count);
  posts.query.limit = 2;
  CHECK(fault(posts, two_rows()).what == Malformed::none);
}

TEST_CASE("the evidence says row, column, what was due and what came") {
  const Malformation found = fault(Posts(), Wire::list({row(1, "a", 7), row(2, "b", "seven")}));
  CHECK(found.row == 1);
  CHECK(found.column == 2);
  CHECK(found.expected == "rows of Post, 3 columns each, were");
  CHECK(found.got == "'seven'");
}

TEST_CASE("a malformed answer is an error that says where, and what was behind it") {
  const DatabaseError error =
      failure_of(wrapped("DBFailure", Wire::error(ErrorCode::locked, "busy")));
  CHECK(error.code() == ErrorCode::malformed_result);
  CHECK(error.place().driver == "foreign");
  CHECK(error.place().model == "Post");
  REQUIRE(error.cause() != nullptr);
  CHECK(error.cause()->code() == ErrorCode::locked);
  CHECK(error.cause()->message() == "busy");
}

TEST_CASE("an error that was raised as it should be is passed on by its code") {
  const DatabaseError locked = failure_of(Wire().raising(Wire::error(ErrorCode::locked, "busy")));
  CHECK(locked.code() == ErrorCode::locked);
  CHECK(locked.message() == "busy");
  CHECK(locked.malformation() == nullptr);

  const DatabaseError unknown = failure_of(Wire().raising(
      Wire::map({{"code", Wire::value("teapot")}, {"message", Wire::value("short and stout")}})));
  CHECK(unknown.code() == ErrorCode::foreign);
  CHECK(unknown.message() == "short and stout");
}

TEST_CASE("a driver cannot say of itself that its answer was malformed") {
  const DatabaseError error =
      failure_of(Wire().raising(Wire::error(ErrorCode::malformed_result, "it was not me")));
  CHECK(error.code() == ErrorCode::foreign);
  CHECK(error.malformation() == nullptr);
}

TEST_CASE("a tolerant inspection unwraps, goes on and reports") {
  const Posts posts;
  std::vector<Malformed> reported;
  const Inspection tolerant{.tolerant = true, .tolerated = [&](const Malformation& found) {
                              reported.push_back(found.what);
                            }};
  CHECK(fault(posts, wrapped("DBSuccess", wrapped("DBSuccess", two_rows())), tolerant).what ==
        Malformed::none);
  CHECK(reported == std::vector{Malformed::double_wrapped, Malformed::wrapped_success});
  // What is inside is inspected as strictly as ever, and a failure is never unwrapped.
  CHECK(fault(posts, wrapped("DBSuccess", Wire::value(1)), tolerant).what == Malformed::not_rows);
  CHECK(fault(posts, Wire::object("DBSuccess"), tolerant).what == Malformed::empty_wrapper);
  CHECK(fault(posts, wrapped("DBSuccess", wrapped("DBFailure", Wire())), tolerant).what ==
        Malformed::double_wrapped);
}

Malformed count_fault(const Wire& answer) {
  try {
    (void)inspect_count(answer, {});
  } catch (const DatabaseError& error) {
    return error.malformation() == nullptr ? Malformed::none : error.malformation()->what;
  }
  return Malformed::none;
}

TEST_CASE("a count is a number that is not negative") {
  CHECK(inspect_count(Wire::value(0), {}) == 0);
  CHECK(inspect_count(Wire::value(INT64_MAX), {}) == INT64_MAX);
  CHECK(count_fault(Wire::value(-1)) == Malformed::wrong_count);
  CHECK(count_fault(Wire::value("3")) == Malformed::wrong_count);
  CHECK(count_fault(Wire::value(3.0)) == Malformed::wrong_count);
  CHECK(count_fault(Wire::list()) == Malformed::wrong_count);
  CHECK(count_fault(wrapped("DBSuccess", Wire::value(3))) == Malformed::wrapped_success);
}

class Keys final : public KeySink {
 public:
  void added(std::span<const Cell> automatic) override { given.push_back(automatic[0].integer); }
  std::vector<std::int64_t> given;
};

Malformed key_fault(const Wire& answer, std::size_t rows) {
  const Posts posts;
  Keys keys;
  try {
    inspect_keys(answer, posts.catalog.models().front(), rows, keys, {});
  } catch (const DatabaseError& error) {
    CHECK(keys.given.empty());  // nothing was believed
    return error.malformation()->what;
  }
  CHECK(keys.given.size() == rows);
  return Malformed::none;
}

TEST_CASE("added rows are answered by as many keys of the right kind") {
  const Wire one = Wire::list({Wire::value(1)});
  const Wire two = Wire::list({Wire::value(2)});
  CHECK(key_fault(Wire::list({one, two}), 2) == Malformed::none);
  CHECK(key_fault(Wire::list({one}), 2) == Malformed::wrong_count);
  CHECK(key_fault(Wire::list({one, two}), 1) == Malformed::wrong_count);
  CHECK(key_fault(Wire::list({Wire::list({Wire::value("x")})}), 1) == Malformed::wrong_cell);
  CHECK(key_fault(Wire::list({Wire::list({Wire::value(Value())})}), 1) == Malformed::wrong_cell);
  CHECK(key_fault(Wire::list({Wire::list()}), 1) == Malformed::wrong_width);
  CHECK(key_fault(Wire::value(Value()), 1) == Malformed::not_rows);
  CHECK(key_fault(wrapped("DBSuccess", Wire::list({one})), 1) == Malformed::wrapped_success);
}

TEST_CASE("an excerpt is bounded, escaped and keeps no secret") {
  Wire many = Wire::list();
  for (int i = 0; i < 100'000; ++i) many.items.push_back(Wire::value("a text of some length"));
  CHECK(excerpt(many).size() < 300);
  CHECK(excerpt(Wire::value("a\x1b[31mb\n")) == R"('a\x1b[31mb\n')");
  CHECK(excerpt(Wire::map({{"Password", Wire::value("hunter2")}})) == "{Password: ***}");
  CHECK(excerpt(Wire::object("Conn", {Wire::value("postgres://ann:hunter2@db/x")})) ==
        "Conn('postgres://ann:***@db/x')");
  CHECK(excerpt(Wire::value("host=db password=hunter2 user=ann")) ==
        "'host=db password=*** user=ann'");
  CHECK(excerpt(Wire::value("postgres://ann:" + std::string(10'000, 'x'))).find("xx") ==
        std::string::npos);
  CHECK(excerpt(Wire::value("postgres://ann:hun:t@er2@db")).find("er2") == std::string::npos);
  CHECK(excerpt(Wire::value(R"({"token": "abc"})")).find("abc") == std::string::npos);
}

TEST_CASE("an answer nested deeply is shown without end") {
  Wire deep = Wire::value(1);
  for (int i = 0; i < 1000; ++i) deep = Wire::list({std::move(deep)});
  CHECK(excerpt(deep).size() < 300);
  CHECK(fault(Posts(), std::move(deep)).what == Malformed::wrong_width);
}

}  // namespace
}  // namespace ommi
