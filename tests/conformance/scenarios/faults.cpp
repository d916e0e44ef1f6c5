// What a driver may get wrong, whatever it was asked: the boundary names each class. The table of
// what the driver did and what the boundary said is in the output of the test.

#include <iostream>

#include <fmt/format.h>

#include "conformance/fixture.hpp"

namespace conformance {
namespace {

/// A blog behind a driver that lies on order.
struct Blog {
  explicit Blog(const Fixture& fixture) : opened(fixture.open_faulty(blog_models(), script)) {
    fill_blog(database);
  }
  /// A row whose relationships are not loaded.
  [[nodiscard]] Record row(std::string_view model) const {
    return database.find(model).order_by("id").all().or_raise()[0];
  }
  [[nodiscard]] Finder user(int id) const {
    return database.find("User").where(term(database, "User", "id") == id);
  }

  std::shared_ptr<faulty::Script> script = std::make_shared<faulty::Script>();
  Opened opened;
  const Database& database = opened.database;
};

template <class T>
DBResult<Done> done(const DBResult<T>& result) {
  if (const Failure* failed = result.failure()) return *failed;
  return Done{};
}

struct Question {
  const char* name;
  const char* operation;  // the driver call that lies
  DBResult<Done> (*ask)(const Blog&, const Record& user, const Record& post);
};

constexpr Question questions[] = {
    {"to-one", "fetch",
     [](const Blog&, const Record&, const Record& post) { return done(post.one("author")); }},
    {"to-many", "fetch",
     [](const Blog&, const Record& user, const Record&) { return done(user.many("posts")); }},
    {"association", "fetch",
     [](const Blog&, const Record&, const Record& post) { return done(post.many("tags")); }},
    {"query", "fetch",
     [](const Blog& blog, const Record&, const Record&) {
       return done(blog.user(1).limit(1).all());
     }},
    {"count", "count",
     [](const Blog& blog, const Record&, const Record&) { return done(blog.user(1).count()); }},
    {"update", "update",
     [](const Blog& blog, const Record&, const Record&) {
       return done(blog.user(1).update({{"name", "Zoe"}}));
     }},
    {"remove", "remove",
     [](const Blog& blog, const Record&, const Record&) { return done(blog.user(99).remove()); }},
    {"add", "add",
     [](const Blog& blog, const Record&, const Record&) {
       return done(blog.database.add("Tag", NewRow{{"word", "new"}}));
     }},
};

/// What came of one lie: nothing if it cannot be told about that question.
std::optional<DatabaseError> outcome(const Blog& blog, Malformed lie, const Question& question) {
  blog.script->orders.clear();
  const Record user = blog.row("User");
  const Record post = blog.row("Post");
  blog.script->orders = {{.operation = question.operation, .act = faulty::Lie{lie}}};
  const DatabaseError error = error_of(question.ask(blog, user, post));
  if (error.code() == ErrorCode::unsupported) return std::nullopt;
  CHECK(error.code() == ErrorCode::malformed_result);
  CHECK(error.place().driver == blog.database.capabilities().name);
  CHECK_FALSE(error.place().model.empty());
  REQUIRE(error.malformation() != nullptr);
  CHECK(to_string(error.malformation()->what) == to_string(lie));
  CHECK_THAT(error.message(), Catch::Contains(error.malformation()->expected));
  return error;
}

TEST_CASE("the boundary names every class of malformed answer, whatever was asked") {
  on_every_driver([](const Fixture& fixture) {
    const Blog blog(fixture);
    std::string table = fmt::format("\n{}\n{:<23}{:<13}{:<52}{}\n", fixture.name, "class", "asked",
                                    "the driver returned", "the boundary said");
    for (std::size_t number = 1; number < malformed_count; ++number) {
      const auto lie = static_cast<Malformed>(number);
      std::size_t told = 0;
      for (const Question& question : questions) {
        INFO(to_string(lie) << ", asked: " << question.name);
        const auto error = outcome(blog, lie, question);
        // One line a class; the others of the class read alike.
        if (!error || told++ > 0) continue;
        table += fmt::format("{:<23}{:<13}{:<52.50}{}\n", to_string(lie), question.name,
                             error->malformation()->got, error->message());
      }
      CHECK(told > 0);
    }
    std::cout << table << std::endl;  // a warning would be wrapped
  });
}

}  // namespace
}  // namespace conformance
