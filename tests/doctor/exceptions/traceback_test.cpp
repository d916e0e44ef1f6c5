#include <random>

#include <catch2/catch.hpp>

#include "doctor/exceptions.hpp"

namespace doctor::exceptions {
namespace {

constexpr std::string_view hidden =
    "ommi.database.results.DBStatusNoResultException: DBResult.DBFailure does not wrap a result, "
    "it "
    "only contains an exception";

constexpr std::string_view chained = R"(Traceback (most recent call last):
  File "/venv/ommi/models/query_fields.py", line 77, in _get_result
    driver = active_driver.get()
             ^^^^^^^^^^^^^^^^^^^
LookupError: <ContextVar name='active_driver' at 0x7f3c>

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "app.py", line 31, in <module>
    asyncio.run(main())
    ~~~~~~~~~~~^^^^^^^^
  File "app.py", line 28, in main
    author = await post.author
  File "/venv/ommi/models/query_fields.py", line 90, in __await__
    return (await self.get_result()).result
DBStatusNoResultException: DBResult does not wrap a result
)";

std::string with_prefix(std::string_view text, std::string_view prefix) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.append(prefix).append(text.substr(at, end - at)).append("\n");
    at = end + 1;
  }
  return out;
}

void check_chain(const Pasted& pasted) {
  REQUIRE(pasted.exceptions.size() == 2);
  const Exception& cause = pasted.exceptions[0];
  CHECK(cause.type == "LookupError");
  CHECK(cause.message == "<ContextVar name='active_driver' at 0x7f3c>");
  CHECK(cause.link == Link::first);
  CHECK(cause.traced);
  REQUIRE(cause.frames.size() == 1);
  CHECK(cause.frames[0].file == "/venv/ommi/models/query_fields.py");
  CHECK(cause.frames[0].line == 77);
  CHECK(cause.frames[0].code == "driver = active_driver.get()");
  const Exception& seen = pasted.exceptions[1];
  CHECK(seen.short_type() == "DBStatusNoResultException");
  CHECK(seen.link == Link::cause);
  REQUIRE(seen.frames.size() == 3);
  CHECK(seen.frames[1].file == "app.py");
  CHECK(seen.frames[1].line == 28);
  CHECK(seen.frames[1].code == "author = await post.author");
}

}  // namespace

TEST_CASE("a chained traceback is read with its frames") { check_chain(read_traceback(chained)); }

TEST_CASE("what stands before each line of a traceback is passed over") {
  for (const char* prefix :
       {"> ", "> > ", "web_1  | ", "    ", "2026-11-26 17:02:33,120 ERROR app: "}) {
    INFO(prefix);
    check_chain(read_traceback(with_prefix(chained, prefix)));
  }
}

TEST_CASE("the times before the lines of a log may go on") {
  std::string text;
  int second = 10;
  for (const char line : chained) {
    if (text.empty() || text.back() == '\n') text += fmt::format("17:02:{:02} ", second++);
    text += line;
  }
  check_chain(read_traceback(text));
}

TEST_CASE("only the first line of a traceback may be one of a log") {
  check_chain(read_traceback("2026-11-26 ERROR asyncio: Task failed " + std::string(chained)));
}

TEST_CASE("lines may end as on Windows") {
  std::string text;
  for (const char byte : chained) text += byte == '\n' ? std::string("\r\n") : std::string(1, byte);
  check_chain(read_traceback(text));
}

TEST_CASE("an exception that was raised while another was handled says so") {
  std::string text(chained);
  constexpr std::string_view cause =
      "The above exception was the direct cause of the following exception:";
  text.replace(text.find(cause), cause.size(),
               "During handling of the above exception, another exception occurred:");
  CHECK(read_traceback(text).exceptions[1].link == Link::context);
}

TEST_CASE("a message may have several lines") {
  const Pasted pasted = read_traceback(R"(Traceback (most recent call last):
  File "app.py", line 3, in f
    await post.author
psycopg.errors.UndefinedFunction: operator does not exist: text = integer
LINE 1: SELECT * FROM "User" WHERE "User"."id" = $1
                                               ^
HINT:  No operator matches the given name and argument types.

later lines of a log
)");
  REQUIRE(pasted.exceptions.size() == 1);
  CHECK(pasted.exceptions[0].message.find("HINT:") != std::string::npos);
  CHECK(pasted.exceptions[0].message.find("later") == std::string::npos);
}

TEST_CASE("the members of a group are read beside each other") {
  const Pasted pasted = read_traceback(R"(  + Exception Group Traceback (most recent call last):
  |   File "app.py", line 9, in main
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "app.py", line 5, in load
    |     await post.author
    | ValueError: N`o results to return
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "app.py", line 6, in load
    |     await user.posts
    | sqlite3.OperationalError: no such table: Post
    +------------------------------------
)");
  REQUIRE(pasted.exceptions.size() == 3);
  CHECK(pasted.exceptions[0].type == "ExceptionGroup");
  CHECK(pasted.exceptions[1].message == "N`o results to return");
  CHECK(pasted.exceptions[1].link == Link::beside);
  CHECK(pasted.exceptions[2].message == "no such table: Post");
  CHECK(pasted.exceptions[2].frames.at(0).code == "await user.posts");
}

TEST_CASE("a line alone is enough") {
  const auto only = [](std::string_view text) {
    const Pasted pasted = read_traceback(text);
    REQUIRE(pasted.exceptions.size() == 1);
    return pasted.exceptions[0];
  };
  CHECK(only(hidden).short_type() == "DBStatusNoResultException");
  CHECK(only("no such table: Post").type.empty());
  CHECK(only("2026-01-01 ERROR: sqlite3.OperationalError: no such table: Post").type ==
        "sqlite3.OperationalError");
  CHECK(only("why do I get DBStatusNoResultException when awaiting?").short_type() ==
        "DBStatusNoResultException");
  // As repr() prints what exception_or(None) gives.
  CHECK(only("LookupError(<ContextVar name='active_driver' at 0x7f>)").message ==
        "<ContextVar name='active_driver' at 0x7f>");
  CHECK(only("ValueError('N`o results to return')").message == "N`o results to return");
}

TEST_CASE("what pytest prints is read") {
  const Pasted pasted = read_traceback(R"(
    async def test_author():
>       author = await post.author

tests/test_app.py:12:
_ _ _ _ _ _
E       ommi.database.results.DBStatusNoResultException: DBResult does not wrap a result

tests/test_app.py:12: DBStatusNoResultException
)");
  REQUIRE(pasted.exceptions.size() == 1);
  CHECK(pasted.exceptions[0].message == "DBResult does not wrap a result");
  CHECK(explain("> x").awaited.empty());
  REQUIRE_FALSE(pasted.exceptions[0].frames.empty());
  CHECK(pasted.exceptions[0].frames[0].code == "author = await post.author");
}

TEST_CASE("a traceback that was cut off gives what it has") {
  for (std::size_t size = 0; size <= chained.size(); ++size) {
    const Pasted head = read_traceback(chained.substr(0, size));
    CHECK(head.exceptions.size() <= 3);
    const Pasted tail = read_traceback(chained.substr(size));
    CHECK(tail.exceptions.size() <= 4);
  }
  // Without its first line the last one is still its exception.
  const Pasted pasted = read_traceback(chained.substr(chained.find("  File \"app.py\", line 28")));
  REQUIRE(pasted.exceptions.size() == 1);
  CHECK(pasted.exceptions[0].traced);
  CHECK(pasted.exceptions[0].frames[0].line == 28);
}

TEST_CASE("deep chains and long texts are bounded") {
  std::string deep;
  for (int at = 0; at < 500; ++at) deep += fmt::format("ValueError: number {}\n\n", at);
  deep += hidden;
  const Pasted pasted = read_traceback(deep);
  CHECK(pasted.exceptions.size() == 100);
  CHECK(pasted.left_out == 401);
  CHECK(pasted.exceptions.front().message == "number 0");
  CHECK(pasted.exceptions.back().short_type() == "DBStatusNoResultException");

  std::string frames = "Traceback (most recent call last):\n";
  for (int at = 1; at < 3000; ++at)
    frames += fmt::format("  File \"app.py\", line {}, in f\n    f()\n", at);
  frames += "RecursionError: maximum recursion depth exceeded\n";
  const Pasted recursion = read_traceback(frames);
  REQUIRE(recursion.exceptions.size() == 1);
  CHECK(recursion.exceptions[0].frames.size() == 200);
  CHECK(recursion.exceptions[0].frames.back().line == 2999);

  CHECK(read_traceback(std::string(most_text, 'x')).exceptions.empty());
  CHECK(read_traceback(std::string(most_text, '\n')).exceptions.empty());
  const Pasted long_message = read_traceback("ValueError: " + std::string(100'000, 'x'));
  CHECK(long_message.exceptions.at(0).message.size() == 4096);
}

TEST_CASE("any bytes are read without harm") {
  std::mt19937 random(20261126);
  constexpr std::string_view words[] = {
      "Traceback (most recent call last):\n",
      "  File \"",
      "\", line ",
      "\n",
      "> ",
      "  | ",
      "+-",
      "+ Exception Group ",
      "Error: ",
      "OmmiModel_",
      "E   ",
      ".py:",
      "'",
      "(",
      ")",
      "await a.b",
      "The above exception was the direct cause of the following exception:",
      "no such table: ",
      "No reference found between models ",
      " and ",
      "\x1b[31m",
      "\xff\xfe",
      "9999999999999"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const auto parts = random() % 40;
    for (unsigned at = 0; at < parts; ++at) {
      if (random() % 3 == 0) {
        text += static_cast<char>(random() % 256);
      } else {
        text += words[random() % std::size(words)];
      }
    }
    const Explanation explanation = explain(text);
    const std::vector<Cause> causes = weigh(explanation, {});
    const Looked looked;
    const Report report{explanation, causes, looked};
    for (const std::string& shown : {as_text(report, {}), as_json(report), as_markdown(report)}) {
      CHECK(shown.find('\x1b') == std::string::npos);
      CHECK(shown.find('\xff') == std::string::npos);
    }
  }
}

}  // namespace doctor::exceptions
