// What Ommi makes of a lazy field, and what its own query gives beside ours.

#include "doctor/behaviour/looks.hpp"

namespace doctor {
namespace {

using namespace looks;

const std::string blog = R"(
@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)";

const std::string blog_tables = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "user_id" INTEGER, PRIMARY KEY ("id"));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 1), (2, 1), (3, 2);
)";

}  // namespace

TEST_CASE("sound models are loaded alike", "[behaviour]") {
  const Diagnosis seen = look_at({blog, blog_tables});
  CHECK(seen.sources.ommi.release == OmmiRelease::v0_2_2);
  CHECK(seen.sources.ommi.from == OmmiVersion::From::recognised);
  const OmmiComparison& author = of(seen, "Post.author");
  CHECK(numbers(author) == "3/3/0/0");
  CHECK(author.statement == R"(SELECT * FROM "User" WHERE "User"."id" = ? LIMIT 1;)");
  const OmmiComparison& posts = of(seen, "User.posts");
  CHECK(numbers(posts) == "2/2/0/0");
  CHECK(posts.statement == R"(SELECT * FROM "Post" WHERE "Post"."user_id" = ? LIMIT 100;)");
  CHECK(posts.load.direction == ommi::Direction::reverse);
}

TEST_CASE("names have no quotes before 0.2.2", "[behaviour]") {
  const Diagnosis seen = look_at({blog, blog_tables, OmmiRelease::v0_2_1});
  CHECK(seen.sources.ommi.from == OmmiVersion::From::given);
  CHECK(of(seen, "Post.author").statement == "SELECT * FROM User WHERE User.id = ? LIMIT 1;");
  CHECK(numbers(of(seen, "Post.author")) == "3/3/0/0");
}

TEST_CASE("a to-one without a row is an exception to Ommi", "[behaviour]") {
  const Diagnosis seen =
      look_at({blog, blog_tables + "INSERT INTO Post VALUES (4, 9), (5, NULL);"});
  const OmmiComparison& author = of(seen, "Post.author");
  CHECK(numbers(author) == "5/3/0/2");
  CHECK(only_error(author) == "ValueError: N`o results to return");
  REQUIRE(author.samples.size() == 1);
  CHECK(author.samples[0].path == "Post[4].author");
  CHECK(author.samples[0].due == "nothing");
  CHECK(author.samples[0].given == "raises ValueError: N`o results to return");
  const auto dangling = testing::of_rule(seen, "DAT001");
  REQUIRE(dangling.size() == 1);
  const auto& notes = dangling[0]->evidence.notes;
  CHECK(
      std::find(notes.begin(), notes.end(),
                "Ommi raises DBStatusNoResultException: DBResult.DBFailure does not wrap a result, "
                "it only contains an exception; behind it: ValueError: N`o results to return") !=
      notes.end());
}

TEST_CASE("both sides of a self reference go forward", "[behaviour]") {
  const Diagnosis seen = look_at({R"(
@ommi_model
@dataclass
class Category:
    id: Annotated[int, Key]
    parent_id: Annotated[int, ReferenceTo("Category.id")]
    parent: "LazyLoadTheRelated[Category]"
    children: "LazyLoadEveryRelated[Category]"
)",
                                  R"(
CREATE TABLE "Category"("id" INTEGER, "parent_id" INTEGER, PRIMARY KEY ("id"));
INSERT INTO Category VALUES (1, NULL), (2, 1), (3, 1), (4, 2);
)"});
  CHECK(numbers(of(seen, "Category.parent")) == "4/3/0/1");
  const OmmiComparison& children = of(seen, "Category.children");
  CHECK(children.load.direction == ommi::Direction::forward);
  CHECK(numbers(children) == "4/0/4/0");
  REQUIRE_FALSE(children.samples.empty());
  CHECK(children.samples[0].due == "2 rows: Category[2], Category[3]");
  CHECK(children.samples[0].given == "nothing");
  CHECK(children.samples[1].given == "Category[1]");
}

TEST_CASE("models that refer to each other both go forward", "[behaviour]") {
  const Diagnosis seen = look_at({R"(
@ommi_model
@dataclass
class Person:
    id: Annotated[int, Key]
    department_id: Annotated[int, ReferenceTo("Department.id")]
    department: "LazyLoadTheRelated[Department]"

@ommi_model
@dataclass
class Department:
    id: Annotated[int, Key]
    head_id: Annotated[int, ReferenceTo(Person.id)]
    employees: "LazyLoadEveryRelated[Person]"
)",
                                  R"(
CREATE TABLE "Person"("id" INTEGER, "department_id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Department"("id" INTEGER, "head_id" INTEGER, PRIMARY KEY ("id"));
INSERT INTO Department VALUES (1, 10);
INSERT INTO Person VALUES (10, 1), (11, 1), (12, 1);
)"});
  const OmmiComparison& employees = of(seen, "Department.employees");
  CHECK(employees.statement == R"(SELECT * FROM "Person" WHERE "Person"."id" = ? LIMIT 100;)");
  CHECK(numbers(employees) == "1/0/1/0");
  CHECK(employees.samples[0].given == "Person[10]");
  CHECK(numbers(of(seen, "Person.department")) == "3/3/0/0");
}

TEST_CASE("several references to one model are joined by AND", "[behaviour]") {
  const Diagnosis seen = look_at({R"(
@ommi_model
@dataclass
class Address:
    id: Annotated[int, Key]
    orders: "LazyLoadEveryRelated[Order]"

@ommi_model
@dataclass
class Order:
    id: Annotated[int, Key]
    billing: Annotated[int, ReferenceTo(Address.id)]
    shipping: Annotated[int, ReferenceTo(Address.id)]
    billing_address: LazyLoadTheRelated[Address]
)",
                                  R"(
CREATE TABLE "Address"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Order"("id" INTEGER, "billing" INTEGER, "shipping" INTEGER, PRIMARY KEY ("id"));
INSERT INTO Address VALUES (1), (2);
INSERT INTO "Order" VALUES (1, 1, 1), (2, 1, 2);
)"});
  const OmmiComparison& billing = of(seen, "Order.billing_address");
  CHECK(billing.statement ==
        R"(SELECT * FROM "Address" WHERE "Address"."id" = ? AND "Address"."id" = ? LIMIT 1;)");
  CHECK(billing.raises == 1);
  const OmmiComparison& orders = of(seen, "Address.orders");
  CHECK(
      orders.statement ==
      R"(SELECT * FROM "Order" WHERE "Order"."billing" = ? AND "Order"."shipping" = ? LIMIT 100;)");
}

TEST_CASE("an association is joined over all of its references", "[behaviour]") {
  const std::string models = R"(
@ommi_model
@dataclass
class Person:
    id: Annotated[int, Key]
    friends: "LazyLoadEveryRelated[Annotated[Person, AssociateUsing(Friendship)]]"
    badges: "LazyLoadEveryRelated[Annotated[Badge, AssociateUsing(PersonBadge)]]"

@ommi_model
@dataclass
class Badge:
    id: Annotated[int, Key]

@ommi_model
@dataclass
class PersonBadge:
    person: Annotated[int, Key, ReferenceTo(Person.id)]
    badge: Annotated[int, Key, ReferenceTo(Badge.id)]

@ommi_model
@dataclass
class Friendship:
    one: Annotated[int, Key, ReferenceTo(Person.id)]
    other: Annotated[int, Key, ReferenceTo(Person.id)]
)";
  const Diagnosis seen = look_at({models, R"(
CREATE TABLE "Person"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Badge"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "PersonBadge"("person" INTEGER, "badge" INTEGER, PRIMARY KEY ("person", "badge"));
CREATE TABLE "Friendship"("one" INTEGER, "other" INTEGER, PRIMARY KEY ("one", "other"));
INSERT INTO Person VALUES (1), (2);
INSERT INTO Badge VALUES (7), (8);
INSERT INTO PersonBadge VALUES (1, 7), (1, 8), (2, 7);
INSERT INTO Friendship VALUES (1, 2);
)"});
  const OmmiComparison& badges = of(seen, "Person.badges");
  CHECK(badges.statement ==
        R"(SELECT * FROM "Badge" JOIN "PersonBadge" ON "PersonBadge"."badge" = "Badge"."id")"
        R"( WHERE "PersonBadge"."person" = ? LIMIT 100;)");
  CHECK(numbers(badges) == "2/2/0/0");
  const OmmiComparison& friends = of(seen, "Person.friends");
  CHECK(friends.load.conditions.size() == 2);
  CHECK(friends.load.links.size() == 2);
}

TEST_CASE("NULL finds NULL since 0.2.2", "[behaviour]") {
  const std::string models = R"(
@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    email: str

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_email: Annotated[str, ReferenceTo(User.email)]
    author: LazyLoadTheRelated[User]
)";
  const std::string sql = R"(
CREATE TABLE "User"("id" INTEGER, "email" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "user_email" TEXT, PRIMARY KEY ("id"));
INSERT INTO User VALUES (1, 'ada@example.org'), (2, NULL);
INSERT INTO Post VALUES (1, 'ada@example.org'), (2, NULL);
)";
  const Diagnosis seen = look_at({models, sql});
  const OmmiComparison& author = of(seen, "Post.author");
  CHECK(numbers(author) == "2/1/1/0");
  CHECK(author.samples[0].given == "User[2]");
  CHECK(author.samples[0].due == "nothing");
  const auto found = testing::of_rule(seen, "LZY006");
  REQUIRE(found.size() == 1);
  CHECK(found[0]->message ==
        "Ommi gives 1 row of Post whose user_email is NULL the 1 row of User whose email is NULL");

  const Diagnosis before = look_at({models, sql, OmmiRelease::v0_2_1});
  CHECK(numbers(of(before, "Post.author")) == "2/1/0/1");
  CHECK(testing::of_rule(before, "LZY006").empty());
}

TEST_CASE("words of SQL are pasted into the statement since 0.2.2", "[behaviour]") {
  const std::string models = R"(
@ommi_model
@dataclass
class Country:
    code: Annotated[str, Key]

@ommi_model
@dataclass
class City:
    id: Annotated[int, Key]
    country_code: Annotated[str, ReferenceTo(Country.code)]
    country: LazyLoadTheRelated[Country]
)";
  const std::string sql = R"(
CREATE TABLE "Country"("code" TEXT, PRIMARY KEY ("code"));
CREATE TABLE "City"("id" INTEGER, "country_code" TEXT, PRIMARY KEY ("id"));
INSERT INTO Country VALUES ('DE'), ('NULL'), ('IS'), ('null');
INSERT INTO City VALUES (1, 'DE'), (2, 'NULL'), (3, 'IS'), (4, 'null');
)";
  const Diagnosis seen = look_at({models, sql});
  const OmmiComparison& country = of(seen, "City.country");
  CHECK(numbers(country) == "4/2/0/2");
  CHECK(country.errors.count("ValueError: N`o results to return") == 1);
  const auto found = testing::of_rule(seen, "DRV006");
  REQUIRE(found.size() == 1);
  CHECK(found[0]->count == 2);
  CHECK(found[0]->samples.size() == 2);

  const Diagnosis before = look_at({models, sql, OmmiRelease::v0_2_1});
  CHECK(numbers(of(before, "City.country")) == "4/4/0/0");
  CHECK(testing::of_rule(before, "DRV006").empty());
}

TEST_CASE("one row that cannot be converted fails its load", "[behaviour]") {
  const Diagnosis seen = look_at({R"(
@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    score: int
)",
                                  R"(
CREATE TABLE "User"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "user_id" INTEGER, "score" INTEGER, PRIMARY KEY ("id"));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1, 5), (2, 1, 'many'), (3, 2, 7);
)"});
  const OmmiComparison& posts = of(seen, "User.posts");
  CHECK(posts.raises == 1);
  CHECK(only_error(posts) == "ValueError: invalid literal for int() with base 10");
}

TEST_CASE("rows are read by position", "[behaviour]") {
  const Diagnosis seen = look_at({blog, R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("user_id" INTEGER, "id" INTEGER, PRIMARY KEY ("id"));
INSERT INTO User VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO Post VALUES (1, 10), (2, 11);
)"});
  // The id of a post stands where its user's is expected.
  CHECK(numbers(of(seen, "Post.author")) == "2/0/0/2");
  const OmmiComparison& posts = of(seen, "User.posts");
  CHECK(numbers(posts) == "2/0/2/0");
  CHECK(posts.samples[0].due == "Post[10]");
  CHECK(posts.samples[0].given == "Post[1]");
}

}  // namespace doctor
