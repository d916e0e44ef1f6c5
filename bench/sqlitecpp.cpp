#include "others.hpp"

#ifdef OMMI_BENCH_SQLITECPP

#include <SQLiteCpp/SQLiteCpp.h>

namespace bench {
namespace {

class SqliteCpp final : public Other {
 public:
  explicit SqliteCpp(const std::string& file)
      : database_(file, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX), transaction_(database_) {}

  [[nodiscard]] std::string name() const override { return "SQLiteCpp"; }

  [[nodiscard]] std::uint64_t read_posts() override {
    std::vector<Post> posts;
    while (posts_.executeStep()) {
      posts.push_back({posts_.getColumn(0).getInt64(), posts_.getColumn(1).getInt64(),
                       posts_.getColumn(2).getString(), posts_.getColumn(3).getInt64(),
                       posts_.getColumn(4).getDouble(), posts_.getColumn(5).getString()});
    }
    posts_.reset();
    return check_of(posts);
  }

  [[nodiscard]] std::uint64_t load_posts_one_by_one() override {
    std::vector<std::string> bodies;
    while (users_.executeStep()) {
      posts_of_user_.bind(1, users_.getColumn(0).getInt64());
      while (posts_of_user_.executeStep())
        bodies.push_back(posts_of_user_.getColumn(5).getString());
      posts_of_user_.reset();
    }
    users_.reset();
    return bodies.size();
  }

 private:
  SQLite::Database database_;
  SQLite::Transaction transaction_;
  SQLite::Statement posts_{database_, all_posts};
  SQLite::Statement users_{database_, all_users};
  SQLite::Statement posts_of_user_{database_, bench::posts_of_user};
};

}  // namespace

std::unique_ptr<Other> open_sqlitecpp(const std::string& file) {
  return std::make_unique<SqliteCpp>(file);
}

}  // namespace bench

#else

std::unique_ptr<bench::Other> bench::open_sqlitecpp(const std::string&) { return nullptr; }

#endif
