// What a row costs: libommi's run-time rows beside a hand-written loop over the C API.

#include "ommi/sqlite.hpp"
#include "support.hpp"

namespace {

struct Post {
  std::int64_t id;
  std::int64_t user_id;
  std::string title;
  std::int64_t views;
  double score;
  std::string body;
};

constexpr const char* all_posts = "SELECT id, user_id, title, views, score, body FROM Post";

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
  std::uint64_t sum = 0;
  for (const Post& post : posts) sum += static_cast<std::uint64_t>(post.id) + post.body.size();
  return sum;
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

}  // namespace

int main() {
  const bench::Workplace place;
  const std::string file = place.file("rows.db");
  bench::make_blog(file, 1000, 300000);
  const bench::RawDatabase raw = bench::open_raw(file);
  const bench::RawStatement statement = bench::prepare_raw(raw.get(), all_posts);
  ommi::Database database(ommi::sqlite::open(file));
  database.use(bench::blog_models());
  const auto ratios = bench::race(
      "300,000 rows of 6 columns, kept",
      {{"by hand: a loop into vector<struct>", [&] { return by_hand(statement.get()); }},
       {"libommi: run-time rows, all()", [&] { return by_records(database); }},
       {"libommi: run-time rows, stream(500)", [&] { return by_windows(database); }}});
  bench::gate("run-time rows against the loop", ratios[1], 0.95);
}
