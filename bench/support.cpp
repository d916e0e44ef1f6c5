#include "support.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

namespace bench {
namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(2);
}

ommi::FieldInfo field(const char* name, ommi::Type type, ommi::Affinity affinity,
                      bool key = false) {
  ommi::FieldInfo info;
  info.name = name;
  info.type = type;
  info.key = key;
  info.comparison.affinity = affinity;
  return info;
}

}  // namespace

Workplace::Workplace() {
  std::string pattern = (std::filesystem::temp_directory_path() / "ommi-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) give_up("cannot make a temporary folder");
  folder_ = pattern;
}

Workplace::~Workplace() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void make_blog(const std::string& file, int users, int posts) {
  sqlite3* raw = nullptr;
  if (sqlite3_open(file.c_str(), &raw) != SQLITE_OK) give_up("cannot make " + file);
  const RawDatabase database(raw);
  const std::string sql = fmt::format(
      "CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT, views INTEGER, score "
      "REAL, body TEXT);"
      "BEGIN;"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})"
      " INSERT INTO User SELECT i, 'user number ' || i FROM n;"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {1})"
      " INSERT INTO Post SELECT i, 1 + (i * 7919) % {0}, 'title of post ' || i, i % 1000, i / 7.0,"
      " 'a body that is a little longer than a short string ' || i FROM n;"
      "CREATE INDEX Post_user_id ON Post(user_id);"
      "COMMIT; ANALYZE;",
      users, posts);
  if (sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(raw));
}

std::shared_ptr<const ommi::Catalog> blog_models() {
  using ommi::Affinity;
  using ommi::Type;
  ommi::ModelInfo user;
  user.name = "User";
  user.fields = {field("id", Type::integer, Affinity::integer, true),
                 field("name", Type::text, Affinity::text)};
  ommi::RelationInfo posts;
  posts.name = "posts";
  posts.cardinality = ommi::Cardinality::many;
  posts.target = "Post";
  user.relations = {posts};
  ommi::ModelInfo post;
  post.name = "Post";
  post.fields = {field("id", Type::integer, Affinity::integer, true),
                 field("user_id", Type::integer, Affinity::integer),
                 field("title", Type::text, Affinity::text),
                 field("views", Type::integer, Affinity::integer),
                 field("score", Type::real, Affinity::real),
                 field("body", Type::text, Affinity::text)};
  ommi::Reference reference;
  reference.fields = {"user_id"};
  reference.model = "User";
  reference.target_fields = {"id"};
  post.references = {reference};
  ommi::RelationInfo author;
  author.name = "author";
  author.target = "User";
  post.relations = {author};
  ommi::Catalog catalog;
  catalog.add(user).add(post);
  if (!catalog.seal().empty()) give_up("the models do not hold together");
  return std::make_shared<const ommi::Catalog>(std::move(catalog));
}

RawDatabase open_raw(const std::string& file) {
  sqlite3* raw = nullptr;
  if (sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    give_up("cannot open " + file);
  }
  sqlite3_exec(raw, "BEGIN", nullptr, nullptr, nullptr);
  return RawDatabase(raw);
}

RawStatement prepare_raw(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(database));
  return RawStatement(statement);
}

std::vector<double> race(const std::string& title, const std::vector<Competitor>& competitors,
                         int rounds) {
  std::vector<std::vector<double>> seconds(competitors.size());
  const std::uint64_t agreed = competitors.front().work();
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < competitors.size(); ++i) {
      const double started = cpu_seconds();
      const std::uint64_t result = competitors[i].work();
      seconds[i].push_back(cpu_seconds() - started);
      if (result != agreed) {
        give_up(fmt::format("{}: {} gives {}, and {} was due", title, competitors[i].name, result,
                            agreed));
      }
    }
  }
  fmt::print("\n{} (CPU time, {} rounds: medians, of the times and of each round's ratio)\n", title,
             rounds);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < competitors.size(); ++i) {
    std::vector<double> to_first;
    for (int round = 0; round < rounds; ++round)
      to_first.push_back(seconds[i][static_cast<std::size_t>(round)] /
                         seconds[0][static_cast<std::size_t>(round)]);
    ratios.push_back(median(to_first));
    fmt::print("  {:<52} {:>9.2f} ms  x {:.2f}\n", competitors[i].name, median(seconds[i]) * 1e3,
               ratios.back());
  }
  return ratios;
}

void gate(const std::string& what, double ratio, double bound) {
  fmt::print("  {:<52} {:.2f}, bound {:.2f}: {}\n", what, ratio, bound,
             ratio <= bound ? "kept" : "NOT KEPT");
}

}  // namespace bench
