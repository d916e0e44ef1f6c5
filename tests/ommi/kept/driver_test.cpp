#include <catch2/catch.hpp>

#include "ommi/database.hpp"
#include "ommi/kept.hpp"
#include "ommi/small_models.hpp"

namespace ommi {
namespace {

using testing::field;
using testing::Mark;
using testing::sealed;

ModelInfo user() {
  ModelInfo model;
  model.name = "User";
  model.fields = {field("id", Type::integer, Mark::key), field("name", Type::text)};
  return model;
}

class Kept {
 public:
  Kept() {
    rows->of(*catalog->find("User")) = {{1, "Ann"}, {2, "Ben"}};
    database.use(catalog);
  }
  std::shared_ptr<const Catalog> catalog = sealed({user()});
  std::shared_ptr<KeptRows> rows = std::make_shared<KeptRows>();
  Database database{open_kept(rows)};
};

TEST_CASE("kept rows are what is found, until they fail") {
  const Kept kept;
  CHECK(kept.database.find("User").all().or_raise().size() == 2);
  CHECK(kept.database.find("User").limit(1, 0).all().or_raise()[0]["name"].view() == "Ann");
  CHECK(kept.database.find("User").count().or_raise() == 2);

  kept.rows->error = DatabaseError(ErrorCode::query, "not now");
  CHECK(kept.database.find("User").all().failure()->code() == ErrorCode::query);
  kept.rows->error.reset();
  CHECK(kept.database.find("User").all().ok());
}

TEST_CASE("kept rows are neither searched nor changed") {
  const Kept kept;
  Finder found = kept.database.find("User");
  found.where(at(*kept.catalog->find("User"), "id") == 1);
  CHECK(found.all().failure()->code() == ErrorCode::unsupported);
  CHECK_FALSE(kept.database.add("User", NewRow{{"id", 3}}).ok());
  CHECK(kept.database.describe().failure()->code() == ErrorCode::unsupported);
}

TEST_CASE("a kept row that is not as wide as it should be is an error") {
  const Kept kept;
  kept.rows->of(*kept.catalog->find("User")) = {{1}};
  CHECK(kept.database.find("User").all().failure()->code() == ErrorCode::query);
}

}  // namespace
}  // namespace ommi
