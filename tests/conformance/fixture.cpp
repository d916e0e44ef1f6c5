#include "conformance/fixture.hpp"

#include <cstdlib>
#include <filesystem>

#include <sqlite3.h>

#include "ommi/evolution.hpp"
#include "ommi/memory.hpp"
#include "ommi/sqlite.hpp"

namespace conformance {
namespace {

/// A folder of its own, removed in the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ommi-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Driver> wrapped(std::unique_ptr<Driver> driver, const Wrap& wrap) {
  return wrap ? wrap(std::move(driver)) : std::move(driver);
}

Opened with_tables(Opened opened, std::shared_ptr<const Catalog> catalog) {
  opened.database.use(std::move(catalog));
  must(apply_schema(opened.database));
  return opened;
}

// Runs statements in a file before the driver sees it.
void prepare(const std::string& file, std::string_view statements) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  const std::string text(statements);
  CHECK(sqlite3_exec(handle, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(handle) == SQLITE_OK);
}

Opened open_file(const std::shared_ptr<const Catalog>& catalog, const Wrap& wrap,
                 std::string_view prepared) {
  const auto folder = std::make_shared<Folder>();
  const std::string file = folder->file("conformance.db");
  if (!prepared.empty()) prepare(file, prepared);
  Opened opened{folder, Database(wrapped(sqlite::open_writable(file), wrap))};
  opened.again = [file, catalog] {
    Database other(sqlite::open_writable(file, {.lock_timeout = std::chrono::milliseconds(1)}));
    other.use(catalog);
    return other;
  };
  return with_tables(std::move(opened), catalog);
}

Opened open_in_memory(const std::shared_ptr<const Catalog>& catalog, const Wrap& wrap,
                      std::string_view prepared) {
  return with_tables({nullptr, Database(wrapped(sqlite::open_memory(prepared), wrap))}, catalog);
}

Opened open_store(const std::shared_ptr<const Catalog>& catalog, const Wrap& wrap,
                  std::string_view prepared) {
  REQUIRE(prepared.empty());  // it has no language
  const std::shared_ptr<memory::Store> store = memory::make_store();
  Opened opened{nullptr, Database(wrapped(memory::open(store), wrap))};
  opened.again = [store, catalog] {
    Database other(memory::open(store));
    other.use(catalog);
    return other;
  };
  return with_tables(std::move(opened), catalog);
}

}  // namespace

Opened Fixture::open_faulty(std::shared_ptr<const Catalog> catalog,
                            std::shared_ptr<faulty::Script> script) const {
  const Wrap lying = [script = std::move(script)](std::unique_ptr<Driver> inner) {
    return faulty::wrap(std::move(inner), script);
  };
  return opened(std::move(catalog), lying, {});
}

const std::vector<Fixture>& fixtures() {
  static const std::vector<Fixture> all = {
      {.name = "sqlite, a file", .opened = open_file},
      {.name = "sqlite, in memory", .opened = open_in_memory},
      {.name = "memory", .opened = open_store, .indexed = false},
  };
  return all;
}

std::optional<Database> another(const Opened& opened) {
  const bool shared = opened.database.capabilities().shared;
  REQUIRE(static_cast<bool>(opened.again) == shared);
  if (shared) return opened.again();
  state_incapable(opened.database, "second connection");
  return std::nullopt;
}

void state_incapable(const Database& database, std::string_view what) {
  WARN("stated: " << database.capabilities().name << " has no " << what);
}

FieldInfo field(std::string name, Type type) {
  FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  return info;
}

FieldInfo required(std::string name, Type type) {
  FieldInfo info = field(std::move(name), type);
  info.nullable = false;
  return info;
}

FieldInfo key(std::string name, Type type) {
  FieldInfo info = required(std::move(name), type);
  info.key = true;
  return info;
}

FieldInfo automatic_key(std::string name) {
  FieldInfo info = key(std::move(name));
  info.automatic = true;
  return info;
}

Reference reference(std::vector<std::string> fields, std::string model,
                    std::vector<std::string> target_fields) {
  Reference made;
  made.fields = std::move(fields);
  made.model = std::move(model);
  made.target_fields = std::move(target_fields);
  return made;
}

RelationInfo to_one(std::string name, std::string target, std::vector<FieldPair> join) {
  RelationInfo relation;
  relation.name = std::move(name);
  relation.target = std::move(target);
  relation.join = std::move(join);
  return relation;
}

RelationInfo to_many(std::string name, std::string target, std::vector<FieldPair> join) {
  RelationInfo relation = to_one(std::move(name), std::move(target), std::move(join));
  relation.cardinality = Cardinality::many;
  return relation;
}

RelationInfo through(std::string name, std::string target, std::string via) {
  RelationInfo relation = to_many(std::move(name), std::move(target));
  relation.via = std::move(via);
  return relation;
}

std::shared_ptr<const Catalog> sealed(std::vector<ModelInfo> models) {
  Catalog catalog;
  for (ModelInfo& model : models) catalog.add(std::move(model));
  return sealed(std::move(catalog));
}

std::shared_ptr<const Catalog> sealed(Catalog catalog) {
  for (const Problem& problem : catalog.seal()) {
    FAIL(problem.model << "." << problem.name << ": " << problem.message);
  }
  return std::make_shared<const Catalog>(std::move(catalog));
}

std::shared_ptr<const Catalog> blog_models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {automatic_key(), required("name", Type::text), field("boss_id", Type::integer)};
  user.references = {reference({"boss_id"}, "User", {"id"})};
  user.relations = {to_many("posts", "Post"), to_one("boss", "User", {{"boss_id", "id"}}),
                    to_many("reports", "User", {{"id", "boss_id"}})};
  ModelInfo post;
  post.name = "Post";
  post.fields = {automatic_key(), required("title", Type::text), field("author_id", Type::integer)};
  post.references = {reference({"author_id"}, "User", {"id"})};
  post.relations = {to_one("author", "User"), through("tags", "Tag", "PostTag")};
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {automatic_key(), required("word", Type::text)};
  tag.relations = {through("posts", "Post", "PostTag")};
  ModelInfo link;
  link.name = "PostTag";
  link.fields = {key("post_id"), key("tag_id"), field("weight", Type::integer)};
  link.references = {reference({"post_id"}, "Post", {"id"}), reference({"tag_id"}, "Tag", {"id"})};
  link.relations = {to_one("tag", "Tag"), to_one("post", "Post")};
  return sealed({user, post, tag, link});
}

void fill_blog(const Database& database) {
  must(database.add("User", std::vector<NewRow>{{{"id", 1}, {"name", "Ann"}, {"boss_id", Value()}},
                                                {{"id", 2}, {"name", "Bob"}, {"boss_id", 1}},
                                                {{"id", 3}, {"name", "Cyd"}, {"boss_id", 2}}}));
  must(
      database.add("Post", std::vector<NewRow>{{{"id", 1}, {"title", "first"}, {"author_id", 1}},
                                               {{"id", 2}, {"title", "second"}, {"author_id", 1}},
                                               {{"id", 3}, {"title", "third"}, {"author_id", 2}}}));
  must(database.add("Tag", std::vector<NewRow>{{{"id", 1}, {"word", "red"}},
                                               {{"id", 2}, {"word", "blue"}},
                                               {{"id", 3}, {"word", "none"}}}));
  must(
      database.add("PostTag", std::vector<NewRow>{{{"post_id", 1}, {"tag_id", 1}, {"weight", 5}},
                                                  {{"post_id", 1}, {"tag_id", 2}, {"weight", 1}},
                                                  {{"post_id", 3}, {"tag_id", 2}, {"weight", 9}}}));
}

std::vector<std::int64_t> numbers(const RecordList& rows, std::string_view name) {
  std::vector<std::int64_t> found;
  for (const Record& row : rows) {
    REQUIRE(row[name].kind == Kind::integer);
    found.push_back(row[name].integer);
  }
  return found;
}

std::vector<std::string> texts(const RecordList& rows, std::string_view name) {
  std::vector<std::string> found;
  for (const Record& row : rows) found.emplace_back(row[name].view());
  return found;
}

}  // namespace conformance
