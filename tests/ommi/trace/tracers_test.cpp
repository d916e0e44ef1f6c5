#include "ommi/tracers.hpp"

#include <catch2/catch.hpp>

#include "conformance/fixture.hpp"

namespace ommi {
namespace {

using namespace conformance;

/// Three users, the first with two posts, behind `tracer`.
Opened traced_blog(Tracer& tracer) {
  Opened blog = fixtures().front().open(blog_models());
  fill_blog(blog.database);
  blog.database.set_tracer(&tracer);
  return blog;
}

TEST_CASE("Counter counts calls, rows and lazy loads, in all and by place") {
  Counter counter;
  const Opened blog = traced_blog(counter);
  const RecordList users = blog.database.find("User").order_by("id").all().or_raise();
  CHECK(users[0].many("posts").or_raise().size() == 2);
  CHECK(users[0].many("posts").or_raise().size() == 2);
  CHECK(counter.all().calls == 2);
  CHECK(counter.all().lazy_loads == 1);
  CHECK(counter.all().cache_hits == 1);
  CHECK(counter.of("User").rows == 3);
  CHECK(counter.of("User", "posts").lazy_loads == 1);
  CHECK(counter.of("Nobody").calls == 0);
  counter.reset();
  CHECK(counter.all().calls == 0);
}

TEST_CASE("NPlusOne finds a relationship loaded for one owner after the other") {
  std::vector<std::string> reports;
  NPlusOne tracer([&](const NPlusOne::Suspicion& found) {
    reports.push_back(found.model + "." + found.relation);
  });
  Opened blog = traced_blog(tracer);
  blog.database.set_fetch(Fetch::one);
  const RecordList users = blog.database.find("User").all().or_raise();
  CHECK(users[0].many("posts").ok());
  CHECK(users[1].many("posts").ok());
  CHECK(reports.empty());
  CHECK(users[2].many("posts").ok());
  CHECK(reports == std::vector<std::string>{"User.posts"});
  REQUIRE(tracer.found().size() == 1);
  CHECK(tracer.found()[0].loads == 3);
  CHECK(tracer.found()[0].peers == 3);
}

TEST_CASE("NPlusOne never counts a set of one, and does not add up what is apart") {
  NPlusOne tracer;
  Opened blog = traced_blog(tracer);
  blog.database.set_fetch(Fetch::one);
  for (int id = 1; id <= 3; ++id) {
    const Model& user = *blog.database.catalog().find("User");
    const Record one = blog.database.find("User").where(at(user, "id") == id).one().or_raise();
    for (int times = 0; times < 3; ++times) {
      CHECK(one.refresh(*user.find_relation("posts")).ok());
    }
  }
  for (int set = 0; set < 3; ++set) {
    const RecordList users = blog.database.find("User").all().or_raise();
    CHECK(users[0].many("posts").ok());
    CHECK(users[1].many("posts").ok());
  }
  CHECK(tracer.found().empty());
}

TEST_CASE("NPlusOne is silent where peers are loaded together") {
  NPlusOne tracer;
  const Opened blog = traced_blog(tracer);
  for (const Record& user : blog.database.find("User").all().or_raise()) {
    CHECK(user.many("posts").ok());
  }
  CHECK(tracer.found().empty());
}

TEST_CASE("SlowQuery tells of calls that took as long as its limit, and of no other") {
  std::vector<std::string> slow;
  SlowQuery tracer(std::chrono::milliseconds(5),
                   [&](const Event& event) { slow.emplace_back(event.statement); });
  const auto happened = [&](EventKind kind, std::int64_t duration_ns, std::string_view statement) {
    Event event;
    event.kind = kind;
    event.duration_ns = duration_ns;
    event.statement = statement;
    tracer.on(event);
  };
  happened(EventKind::rows_done, 4'999'999, "fast");
  happened(EventKind::rows_done, 5'000'000, "slow");
  happened(EventKind::failed, 6'000'000, "slow, too");
  happened(EventKind::lazy_load, 9'000'000, "no call");
  CHECK(slow == std::vector<std::string>{"slow", "slow, too"});
}

TEST_CASE("Tee hands each event to all") {
  Counter one;
  Counter two;
  Tee tee({&one, &two});
  const Opened blog = traced_blog(tee);
  CHECK(blog.database.find("User").count().ok());
  CHECK(one.all().calls == 1);
  CHECK(two.all().calls == 1);
}

}  // namespace
}  // namespace ommi
