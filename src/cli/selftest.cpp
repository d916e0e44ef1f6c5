#include "cli/selftest.hpp"

#include <array>
#include <functional>

#include <fmt/format.h>

#include "ommi/database.hpp"
#include "ommi/faulty.hpp"
#include "ommi/sqlite.hpp"

namespace cli {
namespace {

using ommi::ErrorCode;
using ommi::Malformed;

constexpr const char* schema =
    "CREATE TABLE author(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE post(id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author,"
    " title TEXT NOT NULL);"
    "INSERT INTO author VALUES (1, 'Ann'), (2, 'Bob');"
    "INSERT INTO post VALUES (1, 1, 'first'), (2, 1, 'second'), (3, 2, 'third');";

ommi::FieldInfo field(std::string name, ommi::Type type, bool key = false) {
  ommi::FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.nullable = false;
  info.key = key;
  info.comparison.affinity =
      type == ommi::Type::integer ? ommi::Affinity::integer : ommi::Affinity::text;
  return info;
}

std::shared_ptr<const ommi::Catalog> models() {
  ommi::ModelInfo author;
  author.name = "author";
  author.fields = {field("id", ommi::Type::integer, true), field("name", ommi::Type::text)};
  author.relations = {{.name = "posts", .cardinality = ommi::Cardinality::many, .target = "post"}};
  ommi::ModelInfo post;
  post.name = "post";
  post.fields = {field("id", ommi::Type::integer, true), field("author_id", ommi::Type::integer),
                 field("title", ommi::Type::text)};
  post.references = {{.fields = {"author_id"}, .model = "author", .target_fields = {"id"}}};
  auto catalog = std::make_shared<ommi::Catalog>();
  catalog->add(std::move(author)).add(std::move(post));
  if (!catalog->seal().empty()) std::terminate();  // they are written above
  return catalog;
}

/// A database whose driver obeys a script.
struct Patient {
  std::shared_ptr<ommi::faulty::Script> script = std::make_shared<ommi::faulty::Script>();
  ommi::Database database{ommi::faulty::wrap(ommi::sqlite::open_memory(schema), script)};
  Patient() { database.use(models()); }

  /// Loads Ann's posts. The faults are ordered for this call, after her row was read.
  ommi::DBResult<std::uint64_t> load(const ommi::faulty::Order& order) {
    const auto authors = database.find("author").order_by("id").all();
    if (const ommi::Failure* failed = authors.failure()) return *failed;
    script->orders = {order};
    script->calls.clear();
    const auto posts = authors.value()[0].many("posts");
    if (const ommi::Failure* failed = posts.failure()) return *failed;
    return std::uint64_t{posts.value().size()};
  }

  ommi::DBResult<std::uint64_t> count(const ommi::faulty::Order& order) {
    script->orders = {order};
    return database.find("post").count();
  }
};

constexpr std::uint64_t rows_due = 2;  // posts of Ann

/// What a lie looks like, in the words of the language that tells it.
constexpr std::array<std::string_view, ommi::malformed_count> told = {
    "the rows as due",
    "DBSuccess()",
    "DBResult()",
    "DBSuccess(rows)",
    "DBFailure(error)",
    "DBSuccess(DBSuccess(rows))",
    "rows, and raised an error",
    "DBFailure(\"something went wrong\")",
    "a map",
    "a row with a cell too many",
    "a text in an integer column",
    "a row whose key was not asked for",
    "-1 as the number of rows",
    "a coroutine",
    "rows cut off in the middle",
};

std::string outcome(const ommi::DBResult<std::uint64_t>& result) {
  if (result) return fmt::format("{} rows", result.value());
  const ommi::DatabaseError& error = result.failure()->error();
  std::string code(to_string(error.code()));
  if (const ommi::Malformation* found = error.malformation()) {
    code += fmt::format(" ({})", to_string(found->what));
  }
  return code;
}

void judge(SelftestCase& test, const ommi::DBResult<std::uint64_t>& result) {
  test.got = outcome(result);
  test.said = result ? fmt::format("believed: {}", test.got) : result.failure()->message();
  test.caught = test.got == test.expected;
}

SelftestCase lie(Malformed what) {
  const bool counts = what == Malformed::wrong_count;
  SelftestCase test{.name = std::string(to_string(what)),
                    .operation = counts ? "count" : "fetch",
                    .told = std::string(told[static_cast<std::size_t>(what)]),
                    .expected = what == Malformed::none
                                    ? fmt::format("{} rows", rows_due)
                                    : fmt::format("malformed_result ({})", to_string(what))};
  Patient patient;
  const ommi::faulty::Order order{.operation = test.operation, .act = ommi::faulty::Lie{what}};
  judge(test, counts ? patient.count(order) : patient.load(order));
  return test;
}

// Where the user asked for tolerance, a wrapped answer is unwrapped, and reported.
SelftestCase tolerated(Malformed what) {
  SelftestCase test{.name = fmt::format("tolerated {}", to_string(what)),
                    .operation = "fetch",
                    .told = std::string(told[static_cast<std::size_t>(what)]),
                    .expected = fmt::format("{} rows", rows_due)};
  Patient patient;
  patient.script->tolerant = true;
  judge(test, patient.load({.operation = "fetch", .act = ommi::faulty::Lie{what}}));
  const std::vector<ommi::Malformation>& reports = patient.script->tolerated;
  test.caught = test.caught && !reports.empty() && reports.front().what == what;
  test.said = fmt::format("unwrapped: {}; {} reported", test.got, reports.size());
  return test;
}

SelftestCase act(std::string name, std::string words, ErrorCode expected,
                 const ommi::faulty::Order& order, bool hurry = false) {
  SelftestCase test{.name = std::move(name),
                    .operation = order.operation,
                    .told = std::move(words),
                    .expected = std::string(to_string(expected))};
  Patient patient;
  if (hurry) {
    patient.database.set_deadline(std::chrono::steady_clock::now() + std::chrono::seconds(1));
  }
  judge(test, patient.load(order));
  return test;
}

}  // namespace

std::vector<SelftestCase> run_selftest() {
  using ommi::faulty::CutOff;
  std::vector<SelftestCase> cases;
  for (std::size_t number = 0; number < ommi::malformed_count; ++number) {
    cases.push_back(lie(static_cast<Malformed>(number)));
  }
  cases.push_back(tolerated(Malformed::wrapped_success));
  cases.push_back(tolerated(Malformed::double_wrapped));
  cases.push_back(act("raised_error", "nothing, and raised that it is locked", ErrorCode::locked,
                      {.operation = "fetch",
                       .act = ommi::faulty::Raise{{ErrorCode::locked, "the database is locked"}}}));
  cases.push_back(act("stray_exception", "nothing, and threw what no driver may",
                      ErrorCode::foreign,
                      {.operation = "fetch", .act = ommi::faulty::Stray{"vector::at"}}));
  cases.push_back(act("lost_connection", "one row, then hung up", ErrorCode::connection,
                      {.operation = "fetch", .act = CutOff{1}}));
  cases.push_back(act("late_answer", "nothing before the deadline", ErrorCode::timeout,
                      {.operation = "fetch", .act = ommi::faulty::Delay{std::chrono::hours(1)}},
                      true));
  return cases;
}

}  // namespace cli
