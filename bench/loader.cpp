// What a lazy load costs: libommi's batches beside a JOIN and one statement an owner, by hand and
// by other libraries.

#include <cstdlib>

#include "ommi/sqlite.hpp"
#include "ommi/typed.hpp"
#include "others.hpp"

namespace {

// The JOIN with its rows built as a program would: owners with the rows that are theirs.
std::uint64_t by_join(sqlite3_stmt* statement) {
  struct Post {
    std::int64_t id;
    std::string title, body;
  };
  struct User {
    std::int64_t id;
    std::vector<Post> posts;
  };
  std::vector<User> users;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const std::int64_t id = sqlite3_column_int64(statement, 0);
    if (users.empty() || users.back().id != id) users.push_back({id, {}});
    const auto text = [&](int column) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
    };
    users.back().posts.push_back({sqlite3_column_int64(statement, 1), text(2), text(3)});
  }
  sqlite3_reset(statement);
  std::uint64_t rows = 0;
  for (const User& user : users) rows += user.posts.size();
  return rows;
}

std::uint64_t one_by_one(sqlite3_stmt* owners, sqlite3_stmt* posts) {
  std::uint64_t rows = 0;
  std::vector<std::string> bodies;
  while (sqlite3_step(owners) == SQLITE_ROW) {
    sqlite3_bind_int64(posts, 1, sqlite3_column_int64(owners, 0));
    while (sqlite3_step(posts) == SQLITE_ROW) {
      ++rows;
      bodies.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(posts, 5)));
    }
    sqlite3_reset(posts);
  }
  sqlite3_reset(owners);
  return rows;
}

std::uint64_t by_lazy_fields(const ommi::Database& database) {
  std::uint64_t rows = 0;
  const ommi::RecordList users = database.find("User").all().or_raise();
  for (const ommi::Record user : users) rows += user.many("posts").or_raise().size();
  return rows;
}

struct Post;
struct User {
  std::int64_t id{};
  std::string name;
  ommi::LazyLoadEveryRelated<Post> posts;
  static void describe(ommi::Describe<User>& model) {
    model.field<&User::id>("id", ommi::Key).field<&User::name>("name").lazy<&User::posts>("posts");
  }
};
struct Post {
  std::int64_t id{};
  std::int64_t user_id{};
  std::string title;
  std::int64_t views{};
  double score{};
  std::string body;
  static void describe(ommi::Describe<Post>& model) {
    model.field<&Post::id>("id", ommi::Key)
        .field<&Post::user_id>("user_id", ommi::ReferenceTo{"User.id"})
        .field<&Post::title>("title")
        .field<&Post::views>("views")
        .field<&Post::score>("score")
        .field<&Post::body>("body");
  }
};

std::uint64_t by_typed_fields(const ommi::Database& database) {
  std::uint64_t rows = 0;
  const std::vector<User> users = database.find<User>().all().or_raise();
  for (const User& user : users) rows += user.posts.get().size();
  return rows;
}

ommi::Database open_typed(const std::string& file) {
  ommi::Catalog catalog;
  catalog.add<User, Post>();
  if (!catalog.seal().empty()) std::abort();
  ommi::Database database(ommi::sqlite::open(file));
  database.use(std::make_shared<const ommi::Catalog>(std::move(catalog)));
  return database;
}

}  // namespace

int main() {
  const bench::Workplace place;
  const std::string file = place.file("loads.db");
  bench::make_blog(file, 20000, 100000);
  const bench::RawDatabase raw = bench::open_raw(file);
  const bench::RawStatement join =
      bench::prepare_raw(raw.get(),
                         "SELECT u.id, p.id, p.title, p.body FROM User u JOIN Post p ON p.user_id "
                         "= u.id ORDER BY u.id");
  const bench::RawStatement owners = bench::prepare_raw(raw.get(), bench::all_users);
  const bench::RawStatement posts = bench::prepare_raw(raw.get(), bench::posts_of_user);
  ommi::Database peers(ommi::sqlite::open(file));
  peers.use(bench::blog_models());
  ommi::Database single(ommi::sqlite::open(file));
  single.use(bench::blog_models());
  single.set_fetch(ommi::Fetch::one);
  const ommi::Database typed = open_typed(file);
  const auto others = bench::open_others(file);
  std::vector<bench::Competitor> competitors = {
      {"by hand: one JOIN", [&] { return by_join(join.get()); }},
      {"by hand: one statement an owner (N+1)",
       [&] { return one_by_one(owners.get(), posts.get()); }},
      {"libommi: lazy fields, peers", [&] { return by_lazy_fields(peers); }},
      {"libommi: lazy fields, one owner at a time", [&] { return by_lazy_fields(single); }},
      {"libommi: typed lazy fields, peers", [&] { return by_typed_fields(typed); }}};
  for (const auto& other : others) {
    competitors.push_back({other->name() + ": one statement an owner (N+1)",
                           [&other] { return other->load_posts_one_by_one(); }});
  }
  const auto ratios = bench::race("20,000 owners with 5 rows each", competitors);
  bench::gate("peers against the JOIN", ratios[2], 1.6);
  bench::gate("typed peers against the JOIN", ratios[4], 1.6);
}
