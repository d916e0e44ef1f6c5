#include "others.hpp"

#ifdef OMMI_BENCH_SOCI

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace bench {
namespace {

class Soci final : public Other {
 public:
  explicit Soci(const std::string& file)
      : session_(soci::sqlite3, "readonly=1 dbname=" + file), transaction_(session_) {}

  [[nodiscard]] std::string name() const override { return "SOCI"; }

  [[nodiscard]] std::uint64_t read_posts() override {
    std::vector<Post> posts;
    posts_.execute();
    while (posts_.fetch()) {
      posts.push_back({post_.id, post_.user_id, post_.title, post_.views, post_.score, post_.body});
    }
    return check_of(posts);
  }

  [[nodiscard]] std::uint64_t load_posts_one_by_one() override {
    std::vector<std::string> bodies;
    users_.execute();
    while (users_.fetch()) {
      posts_of_user_.execute();
      while (posts_of_user_.fetch()) bodies.push_back(post_.body);
    }
    return bodies.size();
  }

 private:
  // SOCI binds places, not types of a width: long long is its 64-bit integer.
  struct Row {
    long long id = 0;
    long long user_id = 0;
    std::string title;
    long long views = 0;
    double score = 0;
    std::string body;
  };

  soci::statement prepare_posts() {
    return (session_.prepare << all_posts, soci::into(post_.id), soci::into(post_.user_id),
            soci::into(post_.title), soci::into(post_.views), soci::into(post_.score),
            soci::into(post_.body));
  }
  soci::statement prepare_posts_of_user() {
    return (session_.prepare << "SELECT id, user_id, title, views, score, body FROM Post WHERE "
                                "user_id = :user",
            soci::use(user_), soci::into(post_.id), soci::into(post_.user_id),
            soci::into(post_.title), soci::into(post_.views), soci::into(post_.score),
            soci::into(post_.body));
  }

  soci::session session_;
  soci::transaction transaction_;
  Row post_;
  long long user_ = 0;
  soci::statement posts_ = prepare_posts();
  soci::statement users_ = (session_.prepare << all_users, soci::into(user_));
  soci::statement posts_of_user_ = prepare_posts_of_user();
};

}  // namespace

std::unique_ptr<Other> open_soci(const std::string& file) { return std::make_unique<Soci>(file); }

}  // namespace bench

#else

std::unique_ptr<bench::Other> bench::open_soci(const std::string&) { return nullptr; }

#endif
