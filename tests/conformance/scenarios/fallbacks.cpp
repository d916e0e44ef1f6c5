// Conformance, 80: whoever goes on with a fallback gets it, and the tracer hears why.

#include "conformance/fixture.hpp"
#include "ommi/describe.hpp"
#include "ommi/evolution.hpp"
#include "ommi/typed.hpp"

namespace conformance {
namespace {

struct Author {
  std::int64_t id{};
  std::string name;
  std::optional<std::int64_t> boss_id = {};
  LazyLoadTheRelated<std::optional<Author>> boss = {};
  static void describe(Describe<Author>& model) {
    model.name("User")
        .field<&Author::id>("id", Key, Auto)
        .field<&Author::name>("name")
        .field<&Author::boss_id>("boss_id", ReferenceTo{"User.id"})
        .lazy<&Author::boss>("boss");
  }
};

struct Comment {
  std::int64_t id{};
  std::int64_t article_id{};
  static void describe(Describe<Comment>& model) {
    model.field<&Comment::id>("id", Key, Auto)
        .field<&Comment::article_id>("article_id", ReferenceTo{"Article.id"});
  }
};

struct Article {
  std::int64_t id{};
  std::int64_t author_id{};
  LazyLoadTheRelated<Author> author = {};
  LazyLoadEveryRelated<Comment> comments = {};
  static void describe(Describe<Article>& model) {
    model.field<&Article::id>("id", Key, Auto)
        .field<&Article::author_id>("author_id", ReferenceTo{"User.id"})
        .lazy<&Article::author>("author")
        .lazy<&Article::comments>("comments");
  }
};

Author named(std::string name) {
  Author author;
  author.name = std::move(name);
  return author;
}

Article by(const Author& author) {
  Article article;
  article.author_id = author.id;
  return article;
}

std::shared_ptr<const Catalog> articles() {
  auto catalog = std::make_shared<Catalog>();
  catalog->add<Author, Article, Comment>();
  REQUIRE(catalog->seal().empty());
  return catalog;
}

/// Each fallback as "Post.author: missing_table", or "User: …" where it was no lazy field.
class Fallbacks final : public Tracer {
 public:
  void on(const Event& event) override {
    if (event.kind != EventKind::fallback) return;
    REQUIRE(event.error != nullptr);
    std::string place(event.model);
    if (!event.relation.empty()) place.append(".").append(event.relation);
    heard.push_back(place + ": " + std::string(to_string(event.error->code())));
    causes.push_back(event.error->message());
  }
  std::vector<std::string> heard;
  std::vector<std::string> causes;
};

using Heard = std::vector<std::string>;

TEST_CASE(
    "conformance 80: or_use of a run-time lazy field gives the fallback and tells the cause") {
  on_every_driver([](const Fixture& fixture) {
    const Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    const RecordList posts = blog.database.find("Post").order_by("id").all().or_raise();
    Fallbacks tracer;
    blog.database.set_tracer(&tracer);
    CHECK(posts[0].many("tags").or_use(posts).size() == 2);
    CHECK(posts[0].one("author").or_use(std::nullopt).has_value());
    CHECK(tracer.heard.empty());

    must(drop_schema(blog.database));
    const Relation& tags = *posts.model().find_relation("tags");
    CHECK(posts[0].refresh(tags).or_use(posts) == posts);
    const auto failed = posts[0].many("tags");
    CHECK(tracer.heard == Heard{"Post.tags: missing_table"});
    CHECK(tracer.causes[0] == error_of(failed).message());
    CHECK(posts[0].many("tags").or_use(posts) == posts);
    CHECK(posts[0].one("boss").or_use(posts[1]) == posts[1]);
    CHECK(posts[0].related(*posts.model().find_relation("author")).ok());
    CHECK(tracer.heard ==
          Heard{"Post.tags: missing_table", "Post.tags: missing_table", "Post.boss: model"});
  });
}

TEST_CASE("conformance 80: or_use of a typed lazy field gives the fallback and tells the cause") {
  on_every_driver([](const Fixture& fixture) {
    Opened blog = fixture.open(articles());
    std::vector<Author> people = {named("Ann"), named("Bob")};
    must(blog.database.add(people));
    std::vector<Article> added = {by(people[0]), by(people[1])};
    must(blog.database.add(added));
    Fallbacks tracer;
    blog.database.set_tracer(&tracer);
    const auto read = [&] { return blog.database.find<Article>().all().or_raise(); };
    const Article article = read()[0];
    CHECK(article.author.or_use(named("nobody")).name == "Ann");
    CHECK(article.comments.or_use({Comment{}}).empty());
    CHECK_FALSE(people[0].boss.or_use(Author{}).has_value());
    CHECK(tracer.heard.empty());

    blog.database.set_fetch(Fetch::raise);
    const Article blocked = read()[0];
    CHECK(blocked.author.or_use(named("nobody")).name == "nobody");
    CHECK(blocked.comments.or_use({Comment{}}).size() == 1);
    CHECK(blocked.author.get_result().or_use(nullptr) == nullptr);
    CHECK(tracer.heard == Heard{"Article.author: lazy_load_blocked",
                                "Article.comments: lazy_load_blocked",
                                "Article.author: lazy_load_blocked"});

    tracer.heard.clear();
    blog.database.set_fetch(Fetch::peers);
    const Article late = read()[1];
    blog.database.close();
    CHECK(late.author.or_use(named("nobody")).name == "nobody");
    CHECK(article.author.or_use(named("nobody")).name == "Ann");
    CHECK(tracer.heard == Heard{"Article.author: detached"});
  });
}

TEST_CASE("conformance 80: or_use of any result of a database tells the cause, while it is there") {
  on_every_driver([](const Fixture& fixture) {
    std::optional<Opened> blog(fixture.open(blog_models()));
    fill_blog(blog->database);
    const RecordList users = blog->database.find("User").all().or_raise();
    Fallbacks tracer;
    blog->database.set_tracer(&tracer);
    must(drop_schema(blog->database));
    CHECK(blog->database.find("User").all().or_use(users) == users);
    CHECK(blog->database.find("Post").count().or_use(7) == 7);
    CHECK(blog->database.find("Nobody").count().or_use(7) == 7);
    CHECK(tracer.heard == Heard{"User: missing_table", "Post: missing_table", "Nobody: model"});
    blog->database.find("Post").count().failure()->fall_back();
    CHECK(tracer.heard.back() == "Post: missing_table");
    auto kept = blog->database.find("User").count();
    blog.reset();
    CHECK(std::move(kept).or_use(7) == 7);
    CHECK(tracer.heard.size() == 4);
  });
}

TEST_CASE("conformance 73: a look that Raise refuses is told as blocked") {
  class Blocked final : public Tracer {
   public:
    void on(const Event& event) override {
      if (event.kind != EventKind::blocked) return;
      heard.emplace_back(std::string(event.model) + "." + std::string(event.relation));
      CHECK(event.error->code() == ErrorCode::lazy_load_blocked);
    }
    std::vector<std::string> heard;
  };
  on_every_driver([](const Fixture& fixture) {
    Opened blog = fixture.open(blog_models());
    fill_blog(blog.database);
    blog.database.set_fetch(Fetch::raise);
    const RecordList users = blog.database.find("User").all().or_raise();
    Blocked tracer;
    blog.database.set_tracer(&tracer);
    CHECK_FALSE(users[0].many("posts").ok());
    CHECK(tracer.heard == Heard{"User.posts"});
  });
}

}  // namespace
}  // namespace conformance
