// How Ommi fails before it asks the database, and what the application sees of it.

#include "doctor/behaviour/looks.hpp"

namespace doctor {
namespace {

using namespace looks;

}  // namespace

TEST_CASE("what fails before a query says why", "[behaviour]") {
  struct Form {
    std::string reference;  // of Post to User
    std::string lazy;       // the author
    OmmiEnd end;
    std::string error;
    OmmiRelease release = newest_ommi;
  };
  const std::string ref = "ReferenceTo(User.id)";
  const std::string lazy = "LazyLoadTheRelated[User]";
  const Form forms[] = {
      {ref, lazy, OmmiEnd::query, ""},
      {"ReferenceTo(User)", lazy, OmmiEnd::failure, "TypeError: Unexpected value for reference"},
      {"ReferenceTo(\"User\")", lazy, OmmiEnd::failure,
       "AttributeError: type object 'OmmiModel_User' has no attribute 'model'"},
      {"ReferenceTo(\"User.nick\")", lazy, OmmiEnd::failure,
       "AttributeError: type object 'OmmiModel_User' has no attribute 'nick'"},
      {"ReferenceTo(\"Usr.id\")", lazy, OmmiEnd::failure, "NameError: name 'Usr' is not defined"},
      {"ReferenceTo(User.nick)", lazy, OmmiEnd::module,
       "AttributeError: type object 'OmmiModel_User' has no attribute 'nick'"},
      {"Key", lazy, OmmiEnd::failure,
       "RuntimeError: No reference found between models <class "
       "'ommi.models.models.OmmiModel_Post'> and <class 'ommi.models.models.OmmiModel_User'>"},
      {ref, "LazyLoadTheRelated[\"User\"]", OmmiEnd::failure,
       "AttributeError: 'ForwardRef' object has no attribute '__ommi__'"},
      {ref, "LazyLoadTheRelated[\"User\"]", OmmiEnd::query, "", OmmiRelease::v0_1_8},
      {ref, "\"LazyLoadTheRelated[Usr]\"", OmmiEnd::failure,
       "AttributeError: type object 'ForwardReferenceTo_Usr' has no attribute '__ommi__'"},
      {ref, "LazyLoadTheRelated[Optional[User]]", OmmiEnd::failure,
       "AttributeError: … has no attribute '__ommi__'"},
      {ref, "Optional[LazyLoadTheRelated[User]]", OmmiEnd::column, ""},
  };
  for (const Form& form : forms) {
    INFO(form.reference << " " << form.lazy);
    const Diagnosis seen = look_at({fmt::format(R"(
@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    user_id: Annotated[int, {}]
    author: {}
)",
                                                form.reference, form.lazy),
                                    R"(
CREATE TABLE User(id INTEGER PRIMARY KEY);
CREATE TABLE Post(id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO User VALUES (1);
INSERT INTO Post VALUES (1, 1), (2, 1);
)",
                                    form.release});
    const OmmiComparison& author = of(seen, "Post.author");
    CHECK(author.load.end == form.end);
    CHECK(author.load.error == form.error);
    CHECK(author.statement.empty() == (form.end != OmmiEnd::query));
    // The rules about the models name the same exception.
    if (form.end == OmmiEnd::failure || form.end == OmmiEnd::module) {
      bool said = false;
      for (const Finding& finding : seen.findings) {
        for (const std::string& note : finding.evidence.notes)
          said = said || note.find(form.error) != std::string::npos;
      }
      const bool has_rule = form.reference != "Key";
      CHECK(said == has_rule);
      CHECK(author.raises == 2);
    }
  }
}

TEST_CASE("no instance, no row", "[behaviour]") {
  struct Form {
    std::string decorators;
    std::string error;
  };
  const Form forms[] = {
      {"@dataclass\n@ommi_model", "TypeError: object.__init__() takes exactly one argument"},
      {"@ommi_model", "TypeError: object.__init__() takes exactly one argument"},
      {"@ommi_model\n@dataclass(frozen=True)", "FrozenInstanceError"},
      {"@ommi_model\n@dataclass(init=False)",
       "TypeError: object.__init__() takes exactly one argument"},
  };
  for (const Form& form : forms) {
    INFO(form.decorators);
    const Diagnosis seen = look_at({fmt::format(R"(
@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    posts: "LazyLoadEveryRelated[Post]"

{}
class Post:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)",
                                                form.decorators),
                                    R"(
CREATE TABLE "User"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "user_id" INTEGER, PRIMARY KEY ("id"));
INSERT INTO User VALUES (1), (2);
INSERT INTO Post VALUES (1, 1);
)"});
    const OmmiComparison& author = of(seen, "Post.author");
    CHECK(author.load.end == OmmiEnd::instance);
    CHECK(author.load.error == form.error);
    // A list of such rows cannot be made either; an empty one can.
    const OmmiComparison& posts = of(seen, "User.posts");
    CHECK(numbers(posts) == "2/1/0/1");
    CHECK(only_error(posts) == form.error);
  }
}

TEST_CASE("an association that lacks a side fails in its own way", "[behaviour]") {
  const auto with = [](std::string_view link) {
    return look_at({fmt::format(R"(
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    tags: "LazyLoadEveryRelated[Annotated[Tag, AssociateUsing(PostTag)]]"

@ommi_model
@dataclass
class Tag:
    id: Annotated[int, Key]

@ommi_model
@dataclass
class PostTag:
{}
)",
                                link),
                    R"(
CREATE TABLE "Post"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Tag"("id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "PostTag"("post_id" INTEGER, "tag_id" INTEGER, PRIMARY KEY ("post_id", "tag_id"));
INSERT INTO Post VALUES (1);
)"});
  };
  const Diagnosis no_owner = with(
      "    post_id: Annotated[int, Key]\n    tag_id: Annotated[int, Key, ReferenceTo(Tag.id)]");
  CHECK(of(no_owner, "Post.tags").load.error == "TypeError: 'NoneType' object is not iterable");
  const Diagnosis no_target = with(
      "    post_id: Annotated[int, Key, ReferenceTo(Post.id)]\n    tag_id: Annotated[int, Key]");
  CHECK(of(no_target, "Post.tags").load.error ==
        "sqlite3.OperationalError: near \"WHERE\": syntax error");
}

TEST_CASE("what an application sees depends on its release", "[behaviour]") {
  CHECK(seen_by_application(OmmiRelease::v0_1_9) ==
        "RuntimeError: Cannot access value of a failed result");
  CHECK(seen_by_application(OmmiRelease::v0_2_0) ==
        "DBStatusNoResultException: DBResult does not wrap a result");
  CHECK(seen_by_application(OmmiRelease::v0_2_1) == seen_by_application(OmmiRelease::v0_2_0));
  CHECK(seen_by_application(OmmiRelease::v0_2_2) != seen_by_application(OmmiRelease::v0_2_1));
}

}  // namespace doctor
