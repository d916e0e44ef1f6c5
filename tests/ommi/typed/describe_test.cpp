#include <catch2/catch.hpp>

#include "ommi/typed/typed_blog.hpp"

namespace typed_blog {
namespace {

struct Message {
  std::int64_t id{};
  std::int64_t sender_id{};
  std::optional<std::int64_t> receiver_id;
  LazyLoadTheRelated<User> sender;
  LazyLoadTheRelated<User> receiver;
  static void describe(Describe<Message>& model) {
    model.name("Message")
        .store_as("mail")
        .field<&Message::id>("id", Key, Auto)
        .field<&Message::sender_id>("sender_id", ReferenceTo{"User.id"})
        .field<&Message::receiver_id>("receiver_id", ReferenceTo{"User.id"})
        .lazy<&Message::sender>("sender")
        .lazy<&Message::receiver>("receiver", Via{"receiver_id"})
        .unique({"sender_id", "receiver_id"});
  }
};

struct Wrong {
  std::int64_t id{};
  std::int64_t user_id{};
  LazyLoadTheRelated<User> user;
  LazyLoadEveryRelated<Tag> tags;
  static void describe(Describe<Wrong>& model) {
    model.field<&Wrong::id>("id", Key)
        .field<&Wrong::user_id>("user_id", ReferenceTo{"Usr.id"})
        .lazy<&Wrong::user>("user", Via{"usr_id"})
        .lazy<&Wrong::tags>("tags");
  }
};

struct Friendship;
struct Person {
  std::int64_t id{};
  LazyLoadEveryRelated<Person> friends;
  LazyLoadEveryRelated<Person> followers;
  static void describe(Describe<Person>& model) {
    model.field<&Person::id>("id", Key)
        .lazy<&Person::friends>("friends", AssociateUsing<Friendship>{}, Via{"person_id"},
                                ViaTarget{"friend_id"})
        .lazy<&Person::followers>("followers", AssociateUsing<Friendship>{}, Via{"friend_id"});
  }
};
struct Friendship {
  std::int64_t person_id{};
  std::int64_t friend_id{};
  static void describe(Describe<Friendship>& model) {
    model.field<&Friendship::person_id>("person_id", ReferenceTo{"Person.id"})
        .field<&Friendship::friend_id>("friend_id", ReferenceTo{"Person.id"});
  }
};

std::string problems_of(ommi::Catalog& catalog) {
  std::string text;
  for (const ommi::Problem& problem : catalog.seal()) {
    text += std::string(to_string(problem.what)) + " " + problem.model + "." + problem.name + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a description is an ordinary model: names, columns, marks, references") {
  ommi::Catalog catalog;
  catalog.add<User, Post, Profile, Tag, PostTag>();
  REQUIRE(catalog.seal().empty());
  const ommi::Model& post = *catalog.find("Post");
  CHECK(post.fields()[1].column() == "headline");
  CHECK(post.fields()[0].key);
  CHECK(post.fields()[0].automatic);
  CHECK_FALSE(post.fields()[2].nullable);
  CHECK(post.fields()[3].nullable);
  CHECK(post.relations[0].target == catalog.find("User"));
  CHECK(post.relations[2].via == catalog.find("PostTag"));
  CHECK(post.relations[2].direction == ommi::Direction::association);
  CHECK(catalog.find("Profile")->unique({1}));
  CHECK(catalog.find_type(&ommi::type_tag<Tag>) == catalog.find("Tag"));
  CHECK(catalog.find_type(&ommi::type_tag<Message>) == nullptr);
}

TEST_CASE("several references need a via, and a promise needs a reference that is not NULL") {
  ommi::Catalog catalog;
  catalog.add<User, Post, Profile, Tag, PostTag, Message>();
  CHECK(problems_of(catalog) ==
        "ambiguous_reference Message.sender\nnullable_reference Message.receiver\n");
  const ommi::Model& message = *catalog.find("Message");
  CHECK(message.info.table() == "mail");
  CHECK(message.unique({1, 2}));
}

TEST_CASE("what does not hold together is said by seal, all of it") {
  ommi::Catalog catalog;
  catalog.add<Wrong, User, Post, Profile, PostTag>();
  CHECK(problems_of(catalog) ==
        "unknown_model Wrong.user_id\n"
        "unknown_model PostTag.tag_id\n"
        "no_reference Wrong.user\n"
        "unknown_model Wrong.tags\n"
        "unknown_model Post.tags\n");
  const ommi::Relation& tags = *catalog.find("Post")->find_relation("tags");
  CHECK(tags.problem->message ==
        "Post.tags leads to the type Tag, which was not added to the models");
}

TEST_CASE("a self association needs both sides named") {
  ommi::Catalog catalog;
  catalog.add<Person, Friendship>();
  CHECK(problems_of(catalog) == "association_ambiguous_side Person.followers\n");
  ommi::Database database(ommi::sqlite::open_memory(
      "CREATE TABLE Person(id INTEGER PRIMARY KEY); INSERT INTO Person VALUES (1), (2), (3);"
      "CREATE TABLE Friendship(person_id INTEGER, friend_id INTEGER);"
      "INSERT INTO Friendship VALUES (1, 2), (1, 3), (2, 1);"));
  database.use(std::make_shared<const ommi::Catalog>(std::move(catalog)));
  const std::vector<Person> people =
      database.find<Person>().order_by(ommi::at<&Person::id>()).all().or_raise();
  CHECK(people[0].friends.get().size() == 2);
  CHECK(people[1].friends.get()[0].id == 1);
  CHECK(people[2].friends.get().empty());
  CHECK(people[0].followers.get_result().failure()->code() == ommi::ErrorCode::model);
}

TEST_CASE("lazy fields are small plain values") {
  CHECK(sizeof(LazyLoadTheRelated<User>) == 16);
  CHECK(sizeof(LazyLoadTheRelated<std::optional<User>>) == 16);
  CHECK(sizeof(LazyLoadEveryRelated<Tag>) == 16);
  CHECK(std::is_nothrow_move_constructible_v<Post>);
}

}  // namespace typed_blog
