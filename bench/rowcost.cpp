// What a row costs: libommi's run-time rows and typed objects beside a hand-written loop over the C
// API, and beside other libraries.

#include <cstdlib>

#include "ommi/sqlite.hpp"
#include "ommi/typed.hpp"
#include "others.hpp"

namespace {

using bench::Post;

std::string text_of(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

std::uint64_t by_hand(sqlite3_stmt* statement) {
  std::vector<Post> posts;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    posts.push_back({sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                     text_of(statement, 2), sqlite3_column_int64(statement, 3),
                     sqlite3_column_double(statement, 4), text_of(statement, 5)});
  }
  sqlite3_reset(statement);
  return bench::check_of(posts);
}

std::uint64_t by_records(const ommi::Database& database) {
  const ommi::RecordList posts = database.find("Post").all().or_raise();
  std::uint64_t sum = 0;
  for (const ommi::Record post : posts)
    sum += static_cast<std::uint64_t>(post.cell(0).integer) + post.cell(5).size;
  return sum;
}

std::uint64_t by_windows(const ommi::Database& database) {
  std::uint64_t sum = 0;
  const auto read = database.find("Post").stream(500, [&](const ommi::RecordList& posts) {
    for (const ommi::Record post : posts)
      sum += static_cast<std::uint64_t>(post.cell(0).integer) + post.cell(5).size;
    return true;
  });
  return read ? sum : 0;
}

// The same row as a model, without and with lazy fields.
struct Plain {
  std::int64_t id{};
  std::int64_t user_id{};
  std::string title;
  std::int64_t views{};
  double score{};
  std::string body;
  static void describe(ommi::Describe<Plain>& model) {
    model.name("Post")
        .field<&Plain::id>("id", ommi::Key)
        .field<&Plain::user_id>("user_id")
        .field<&Plain::title>("title")
        .field<&Plain::views>("views")
        .field<&Plain::score>("score")
        .field<&Plain::body>("body");
  }
};

struct User {
  std::int64_t id{};
  std::string name;
  static void describe(ommi::Describe<User>& model) {
    model.field<&User::id>("id", ommi::Key).field<&User::name>("name");
  }
};
struct Related {
  std::int64_t id{};
  std::int64_t user_id{};
  std::string title;
  std::int64_t views{};
  double score{};
  std::string body;
  ommi::LazyLoadTheRelated<User> author;
  ommi::LazyLoadTheRelated<User> again;
  static void describe(ommi::Describe<Related>& model) {
    model.name("Post")
        .field<&Related::id>("id", ommi::Key)
        .field<&Related::user_id>("user_id", ommi::ReferenceTo{"User.id"})
        .field<&Related::title>("title")
        .field<&Related::views>("views")
        .field<&Related::score>("score")
        .field<&Related::body>("body")
        .lazy<&Related::author>("author")
        .lazy<&Related::again>("again");
  }
};

template <class Object>
std::uint64_t by_objects(const ommi::Database& database) {
  const std::vector<Object> posts = database.find<Object>().all().or_raise();
  std::uint64_t sum = 0;
  for (const Object& post : posts) sum += static_cast<std::uint64_t>(post.id) + post.body.size();
  return sum;
}

std::uint64_t by_object_windows(const ommi::Database& database) {
  std::uint64_t sum = 0;
  const auto read = database.find<Plain>().stream(500, [&](std::span<const Plain> posts) {
    for (const Plain& post : posts) sum += static_cast<std::uint64_t>(post.id) + post.body.size();
    return true;
  });
  return read ? sum : 0;
}

std::uint64_t by_step(sqlite3_stmt* statement) {
  std::uint64_t sum = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    static_cast<void>(sqlite3_column_int64(statement, 1));
    static_cast<void>(sqlite3_column_text(statement, 2));
    static_cast<void>(sqlite3_column_int64(statement, 3));
    static_cast<void>(sqlite3_column_double(statement, 4));
    static_cast<void>(sqlite3_column_text(statement, 5));
    sum += static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0)) +
           static_cast<std::uint64_t>(sqlite3_column_bytes(statement, 5));
  }
  sqlite3_reset(statement);
  return sum;
}

template <class... Types>
ommi::Database open_typed(const std::string& file) {
  ommi::Catalog catalog;
  catalog.add<Types...>();
  if (!catalog.seal().empty()) std::abort();
  ommi::Database database(ommi::sqlite::open(file));
  database.use(std::make_shared<const ommi::Catalog>(std::move(catalog)));
  return database;
}

}  // namespace

int main() {
  const bench::Workplace place;
  const std::string file = place.file("rows.db");
  bench::make_blog(file, 1000, 300000);
  const bench::RawDatabase raw = bench::open_raw(file);
  const bench::RawStatement statement = bench::prepare_raw(raw.get(), bench::all_posts);
  ommi::Database database(ommi::sqlite::open(file));
  database.use(bench::blog_models());
  const ommi::Database plain = open_typed<Plain>(file);
  const ommi::Database related = open_typed<User, Related>(file);
  const auto others = bench::open_others(file);
  std::vector<bench::Competitor> competitors = {
      {"by hand: a loop into vector<struct>", [&] { return by_hand(statement.get()); }},
      {"libommi: run-time rows, all()", [&] { return by_records(database); }},
      {"libommi: run-time rows, stream(500)", [&] { return by_windows(database); }},
      {"libommi: typed objects, all()", [&] { return by_objects<Plain>(plain); }},
      {"libommi: typed objects with two lazy fields, all()",
       [&] { return by_objects<Related>(related); }}};
  for (const auto& other : others) {
    competitors.push_back(
        {other->name() + ": a loop into vector<struct>", [&other] { return other->read_posts(); }});
  }
  const auto ratios = bench::race("300,000 rows of 6 columns, kept", competitors);
  bench::gate("run-time rows against the loop", ratios[1], 0.95);
  bench::gate("typed objects against the loop", ratios[3], 1.35);
  bench::gate("typed objects with two lazy fields", ratios[4], 1.6);
  const auto streams = bench::race(
      "the same rows, none kept",
      {{"by hand: step and look at every column", [&] { return by_step(statement.get()); }},
       {"libommi: typed objects, stream(500)", [&] { return by_object_windows(plain); }}});
  bench::gate("typed stream against the step", streams[1], 1.6);
}
