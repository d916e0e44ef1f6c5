#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "doctor/source.hpp"
#include "doctor/sources/python_reader.hpp"
#include "ommi/sqlite.hpp"

namespace doctor {
namespace {

namespace fs = std::filesystem;

/// A folder with sources, for as long as it is needed.
class Sources {
 public:
  Sources()
      : path_(fs::temp_directory_path() / ("ommi-doctor-python-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Sources() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  Sources& add(const std::string& name, std::string_view text) {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return *this;
  }
  Sources& add_program(const std::string& name, std::string_view text) {
    add(name, text);
    fs::permissions(path_ / name, fs::perms::owner_all);
    return *this;
  }
  [[nodiscard]] std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }

 private:
  fs::path path_;
};

constexpr std::string_view head = R"(
from dataclasses import dataclass
from typing import Annotated, Optional
from ommi import FieldType, Key, StoreAs, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import AssociateUsing, LazyLoadEveryRelated, LazyLoadTheRelated
)";

SourcedCatalog catalog_of(std::string_view models, std::string_view sql) {
  Sources sources;
  sources.add("models.py", std::string(head) + std::string(models));
  ommi::Database database(ommi::sqlite::open_memory(sql));
  SourceOptions options;
  options.models = {sources.path("models.py")};
  return read_catalog(database, options).or_raise();
}

std::string failure_of(const std::string& path, SourceOptions options = {}) {
  options.models = {path};
  const auto read = read_python(options);
  REQUIRE_FALSE(read.ok());
  CHECK(read.failure()->code() == ommi::ErrorCode::model);
  return read.failure()->message();
}

constexpr std::string_view tables = R"(
CREATE TABLE "people"("id" INTEGER, "nick" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("number" INTEGER, "user_id" INTEGER, "score" TEXT, PRIMARY KEY ("number"));
)";

constexpr std::string_view blog = R"(
@ommi_model
@dataclass
class User:
    __ommi_model_name__ = "people"
    id: int
    name: Annotated[str, StoreAs("nick")]
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    number: Annotated[int, Key]
    user_id: Annotated[int | None, FieldType(int), ReferenceTo(User.id)]
    score: Optional[float]
    author: LazyLoadTheRelated[User]
)";

TEST_CASE("Python models become models with tables, columns, keys, types and places") {
  const SourcedCatalog sources = catalog_of(blog, tables);
  CHECK(sources.problems.empty());
  const ommi::Model* const user = sources.catalog->find("User");
  REQUIRE(user != nullptr);
  CHECK(user->info.table() == "people");
  CHECK(user->fields()[1].column() == "nick");
  CHECK(user->key == std::vector<std::size_t>{0});
  CHECK(user->info.place.line == 10);
  const ommi::Model* const post = sources.catalog->find("Post");
  REQUIRE(post != nullptr);
  CHECK(post->fields()[1].type == ommi::Type::integer);
  CHECK(post->fields()[1].nullable);
  CHECK_FALSE(post->fields()[0].nullable);
  CHECK(post->fields()[2].type == ommi::Type::any);  // a TEXT column: what is in it is text
  REQUIRE(post->info.references.size() == 1);
  CHECK(post->info.references[0].origin == ommi::Origin::python);
  const ommi::Relation* const author = post->find_relation("author");
  REQUIRE(author != nullptr);
  CHECK_FALSE(author->problem);
  CHECK(author->target == user);
  CHECK(author->info.place.line == 22);
  CHECK(user->find_relation("posts")->many());
}

TEST_CASE("what a declaration means counts where Ommi does not understand it") {
  const std::string wrong = R"(
@ommi_model
@dataclass
class User:
    id: int
    posts: "LazyLoadEveryRelated['Post']"
    drafts: Optional["LazyLoadEveryRelated[Post]"] = None

@ommi_model
@dataclass
class Post:
    id: int
    user_id: Optional[Annotated[int, ReferenceTo("User")]]
)";
  const SourcedCatalog sources = catalog_of(wrong, "CREATE TABLE other (id INTEGER PRIMARY KEY)");
  const ommi::Model* const user = sources.catalog->find("User");
  REQUIRE(user != nullptr);
  CHECK(user->fields().size() == 1);
  for (const char* name : {"posts", "drafts"}) {
    INFO(name);
    REQUIRE(user->find_relation(name) != nullptr);
    CHECK_FALSE(user->find_relation(name)->problem);
  }
}

TEST_CASE("the key is the marked one, the table's, or Ommi's guess") {
  const auto key = [](std::string_view fields, std::string_view sql) {
    const auto text =
        std::string("\n@ommi_model\n@dataclass\nclass Thing:\n") + std::string(fields);
    const SourcedCatalog sources = catalog_of(text, sql);
    const ommi::Model* const model = sources.catalog->find("Thing");
    REQUIRE(model != nullptr);
    std::string names;
    for (const std::size_t at : model->key) names += model->fields()[at].name + " ";
    return names;
  };
  constexpr std::string_view none = "CREATE TABLE other (id INTEGER PRIMARY KEY)";
  CHECK(key("    a: str\n    id: int\n", none) == "id ");
  CHECK(key("    a: str\n    b: int\n    c: int\n", none) == "b ");
  CHECK(key("    a: str\n    b: float\n", none) == "a ");
  CHECK(key("    id: int\n    b: Annotated[int, Key]\n    c: Annotated[int, Key]\n", none) ==
        "b c ");
  CHECK(key("    a: int\n    b: Annotated[str, StoreAs('_id')]\n", none) == "b ");
  CHECK(key("    a: int\n    b: int\n",
            "CREATE TABLE Thing (a INTEGER, b INTEGER, PRIMARY KEY (a, b))") == "a b ");
}

TEST_CASE("models of one name are told apart by their modules") {
  Sources sources;
  const auto text = std::string(head) + "\n@ommi_model\n@dataclass\nclass User:\n    id: int\n";
  sources.add("a.py", text).add("b.py", text);
  ommi::Database database(ommi::sqlite::open_memory("CREATE TABLE User (id INTEGER PRIMARY KEY)"));
  SourceOptions options;
  options.models = {sources.path()};
  const SourcedCatalog read = read_catalog(database, options).or_raise();
  CHECK(read.problems.empty());
  CHECK(read.catalog->find("User") != nullptr);
  CHECK(read.catalog->find("b_User") != nullptr);
  CHECK(read.draft.notes.size() == 1);
}

TEST_CASE("a file that cannot be read is told, and the others are used") {
  Sources sources;
  sources.add("good.py", std::string(head) + std::string(blog)).add("bad.py", "class X(:\n");
  const auto facts = read_python({.models = {sources.path()}});
  REQUIRE(facts.ok());
  CHECK(facts.value().models.size() == 2);
  REQUIRE(facts.value().problems.size() == 1);
  CHECK(facts.value().problems[0].kind == "syntax");
  CHECK(facts.value().problems[0].line == 1);
}

TEST_CASE("where no models are, one sentence says so") {
  Sources sources;
  CHECK(failure_of(sources.path()).ends_with(": no Python files"));
  sources.add("a.py", "import os\n");
  CHECK(failure_of(sources.path()).ends_with(": no Ommi models in this file"));
  sources.add("b.py", "x = 1\n");
  CHECK(failure_of(sources.path()).ends_with(": no Ommi models in 2 files"));
  CHECK(failure_of(sources.path("none.py")).find("no such file") != std::string::npos);
}

TEST_CASE("models may be in several folders and files, and one that is named twice is read once") {
  Sources sources;
  const auto text = std::string(head) + "\n@ommi_model\n@dataclass\nclass ";
  sources.add("app/users.py", text + "User:\n    id: int\n")
      .add("more/tags.py", text + "Tag:\n    id: int\n")
      .add("one.py", text + "Note:\n    id: int\n");
  const ommi::Database database(ommi::sqlite::open_memory("CREATE TABLE Tag (id INTEGER)"));
  const SourcedCatalog read =
      read_catalog(database, {.models = {sources.path("app"), sources.path("more/*.py"),
                                         sources.path("one.py"), sources.path("app/users.py")},
                              .infer = false})
          .or_raise();
  CHECK(read.catalog->models().size() == 3);
  for (const char* name : {"User", "Tag", "Note"}) CHECK(read.catalog->find(name) != nullptr);
  CHECK(read.draft.notes.empty());
  CHECK(read.draft.sources.size() == 5);
}

TEST_CASE("a manifest is given alone") {
  Sources sources;
  sources.add("models.py", std::string(head) + std::string(blog)).add("models.json", "{}");
  const auto read =
      read_catalog({.models = {sources.path("models.py"), sources.path("models.json")}});
  REQUIRE_FALSE(read.ok());
  CHECK(read.failure()->message() ==
        sources.path("models.json") +
            ": a manifest is given alone, without other models: it says all of them");
}

TEST_CASE("an interpreter beside any of the models is taken") {
  Sources sources;
  sources.add("a/models.py", "").add("b/models.py", "").add_program("b/.venv/bin/python3", "");
  const char* const before = std::getenv("OMMI_DOCTOR_PYTHON");
  const std::string kept = before == nullptr ? "" : before;
  ::unsetenv("OMMI_DOCTOR_PYTHON");
  CHECK(doctor::sources::find_python("", {sources.path("a"), sources.path("b")}) ==
        sources.path("b/.venv/bin/python3"));
  if (!kept.empty()) ::setenv("OMMI_DOCTOR_PYTHON", kept.c_str(), 1);
}

TEST_CASE("nothing of what is read is run") {
  Sources sources;
  const std::string trap = sources.path("trap");
  sources.add("models.py", std::string(head) + std::string(blog) + "\nopen('" + trap +
                               "', 'w').close()\nimport sys\nsys.exit(3)\n");
  CHECK(read_python({.models = {sources.path()}}).ok());
  CHECK_FALSE(fs::exists(trap));
}

TEST_CASE("the interpreter is the one that is named, else that beside the models, else python3") {
  Sources sources;
  sources.add("app/models.py", "").add_program(".venv/bin/python", "#!/bin/sh\n");
  const char* const before = std::getenv("OMMI_DOCTOR_PYTHON");
  const std::string kept = before == nullptr ? "" : before;
  ::unsetenv("OMMI_DOCTOR_PYTHON");
  using sources::find_python;
  const std::string beside = fs::weakly_canonical(sources.path(".venv/bin/python")).string();
  for (const char* models : {"app", "app/", "app/models.py", "app/*.py", ""}) {
    INFO(models);
    CHECK(fs::weakly_canonical(doctor::sources::find_python("", {sources.path(models)})).string() ==
          beside);
  }
  ::setenv("OMMI_DOCTOR_PYTHON", "/opt/python", 1);
  CHECK(doctor::sources::find_python("", {sources.path("app")}) == "/opt/python");
  CHECK(doctor::sources::find_python("/usr/bin/other", {sources.path("app")}) == "/usr/bin/other");
  ::unsetenv("OMMI_DOCTOR_PYTHON");
  fs::remove_all(sources.path(".venv"));
  CHECK(doctor::sources::find_python("", {sources.path("app")}) == "python3");
  if (!kept.empty()) ::setenv("OMMI_DOCTOR_PYTHON", kept.c_str(), 1);
}

TEST_CASE("an interpreter that fails, hangs, says too much or nonsense is one sentence") {
  Sources sources;
  SourceOptions options;
  const auto failure = [&](std::string_view script) {
    options.python = sources.add_program("python", script).path("python");
    const std::string message = failure_of(sources.path(), options);
    CHECK(message.find('\n') == std::string::npos);
    return message;
  };
  options.python = sources.path("nothing");
  CHECK(failure_of(sources.path(), options).find("cannot be started") != std::string::npos);
  CHECK(failure("#!/bin/sh\necho first >&2\nprintf 'last \\033[31m\\n' >&2\nexit 7\n")
            .ends_with("gave up with 7: last \\x1b[31m"));
  CHECK(failure("#!/bin/sh\nkill -9 $$\n").find("ended by signal 9") != std::string::npos);
  CHECK(failure("#!/bin/sh\necho hello\n").find("is not understood") != std::string::npos);
  CHECK(failure("#!/bin/sh\necho '{\"schema_version\": 2}'\n").find("another kind") !=
        std::string::npos);
  CHECK(failure("#!/bin/sh\necho '{\"schema_version\": 1, \"models\": [{\"name\": 1}]}'\n")
            .find("is not understood") != std::string::npos);
  options.python_deadline = std::chrono::milliseconds(200);
  const auto started = std::chrono::steady_clock::now();
  CHECK(failure("#!/bin/sh\nexec sleep 30\n").find("within 0.2 s") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(10));
}

TEST_CASE("a program's output is bounded, and its input may be longer than it reads") {
  using doctor::sources::run_process;
  const std::string input(std::size_t{4} << 20U, 'x');
  const auto ended = run_process({{"sh", "-c", "yes"}, input, std::chrono::seconds(30), 100'000});
  CHECK(ended.too_much);
  CHECK(ended.output.size() == 100'000);
  const auto echoed = run_process({{"cat"}, input, std::chrono::seconds(30), input.size()});
  CHECK(echoed.output == input);
  CHECK(echoed.exit_code == 0);
}

}  // namespace
}  // namespace doctor
