#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "ommi/sqlite.hpp"
#include "schemas.hpp"

namespace doctor {
namespace {

using testing::Lines;

constexpr const char* shop =
    "CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE bill(id INTEGER PRIMARY KEY, customer_id INTEGER);"
    "CREATE VIEW big_bill AS SELECT * FROM bill;"
    "INSERT INTO customer VALUES(1, 'a'), (2, 'b'); INSERT INTO bill VALUES(1, 1), (2, 2);";

Lines names(const SourcedCatalog& catalog) {
  Lines result;
  for (const ommi::Model& model : catalog.catalog->models()) {
    result.push_back(model.name());
    for (const ommi::Relation& relation : model.relations) result.push_back(relation.name());
  }
  return result;
}

/// A manifest in a file that goes away.
class ManifestFile {
 public:
  explicit ManifestFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / fmt::format("ommi_{}.json", ::getpid())) {
    std::ofstream(path_) << text;
  }
  ~ManifestFile() { std::filesystem::remove(path_); }
  ManifestFile(const ManifestFile&) = delete;
  ManifestFile& operator=(const ManifestFile&) = delete;
  [[nodiscard]] SourceOptions options() const { return {{path_.string()}}; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a catalog comes from all sources together") {
  const ommi::Database database(ommi::sqlite::open_memory(shop));
  const SourcedCatalog catalog = read_catalog(database, {}).or_raise();
  CHECK(names(catalog) == Lines{"bill", "bill.customer", "customer", "customer.bills"});
  CHECK(catalog.draft.sources == Lines{"database", "inference"});
  CHECK(catalog.draft.models.empty());
  CHECK(catalog.problems.empty());
}

TEST_CASE("views are models only when asked for, inference runs only when asked for") {
  const ommi::Database database(ommi::sqlite::open_memory(shop));
  SourceOptions options;
  options.views = true;
  options.infer = false;
  const SourcedCatalog catalog = read_catalog(database, options).or_raise();
  CHECK(names(catalog) == Lines{"big_bill", "bill", "customer"});
  CHECK(catalog.draft.sources == Lines{"database"});
}

TEST_CASE("a manifest's table is not guessed about") {
  const ommi::Database database(ommi::sqlite::open_memory(shop));
  const ManifestFile file(R"({"models": [{"name": "Bill", "store_as": "bill", "fields":
      [{"name": "id"}, {"name": "customer_id"}]}]})");
  const SourcedCatalog catalog = read_catalog(database, file.options()).or_raise();
  CHECK(names(catalog) == Lines{"Bill", "customer"});
  CHECK(catalog.draft.accepted.empty());
}

TEST_CASE("what a catalog says as a manifest gives the same catalog") {
  const ommi::Database database(ommi::sqlite::open_memory(shop));
  const SourcedCatalog first = read_catalog(database, {}).or_raise();
  const std::string text = write_manifest(*first.catalog, first.draft.suggestions, "database:shop");
  const ManifestFile file(text);
  const SourcedCatalog second = read_catalog(database, file.options()).or_raise();
  CHECK(write_manifest(*second.catalog, second.draft.suggestions, "database:shop") == text);
}

TEST_CASE("a manifest that cannot be read is one sentence") {
  const ommi::Database database(ommi::sqlite::open_memory(shop));
  SourceOptions options;
  options.models = {"/nonexistent/models.json"};
  const auto catalog = read_catalog(database, options);
  REQUIRE_FALSE(catalog);
  CHECK(catalog.failure()->message() == "/nonexistent/models.json: there is no such manifest");
  CHECK(catalog.failure()->error().is(ommi::ErrorCode::model));
}

}  // namespace
}  // namespace doctor
