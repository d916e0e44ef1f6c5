#include "doctor/report_parts/locations.hpp"

#include <catch2/catch.hpp>

#include "doctor/report/examined.hpp"

using doctor::report_parts::Location;
using doctor::report_parts::Locations;
using doctor::report_parts::Snapshot;

namespace {

std::string shown(const Location& location) {
  return location.file + ":" + std::to_string(location.line);
}

}  // namespace

TEST_CASE("a manifest's lines are found however it is laid out") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  const std::string text =
      doctor::write_manifest(*diagnosis.sources.catalog, {}, "database:shop.db");
  const Snapshot snapshot(text);
  for (const ommi::Model& model : diagnosis.sources.catalog->models()) {
    INFO(model.name());
    CHECK(snapshot.line_of(model.name()) > 0);
    CHECK(snapshot.text_of(snapshot.line_of(model.name())).rfind("\"name\": ", 0) == 0);
    for (const ommi::FieldInfo& field : model.fields()) {
      const unsigned line = snapshot.line_of(model.name(), field.name);
      CHECK(line > snapshot.line_of(model.name()));
      CHECK(snapshot.text_of(line).find("\"name\": \"" + field.name + "\"") != std::string::npos);
    }
  }
  SECTION("the name may come last, and all on one line") {
    const Snapshot other(
        "{\"models\":\n[{\"fields\":[{\"type\":\"x\",\n\"name\":\"a\\\"\\nb\"}],"
        "\n\"relationships\":[],\"name\":\"M\"},{\"name\":\"N\"}]}");
    CHECK(other.line_of("M") == 4);
    CHECK(other.line_of("N") == 4);
    CHECK(other.line_of("M", "a\"\nb") == 3);
    CHECK(other.line_of("N", "a\"\nb") == 0);
  }
}

TEST_CASE("text that is no manifest has no lines and does no harm") {
  const std::string whole = doctor::write_manifest(*testing::sample_catalog(), {}, "x");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const Snapshot cut(std::string_view(whole).substr(0, size));
    CHECK(cut.line_of("no such model") == 0);
  }
  CHECK(Snapshot("]}{\"name\": \"x\"").line_of("x") == 0);
  CHECK(Snapshot("{\"other\": [{\"name\": \"x\"}]}").line_of("x") == 0);
  CHECK(Snapshot("\"\\").text_of(9).empty());
}

TEST_CASE(
    "a finding is shown at its own place, else its source's, its snapshot's, the database's") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  doctor::ReportOptions options;
  CHECK(shown(Locations(diagnosis, options).of(diagnosis.findings[0])) == "shop.db:1");
  options.snapshot_file = "db/models.json";
  options.snapshot_text = doctor::write_manifest(*diagnosis.sources.catalog, {}, "x");
  const Location snapshot = Locations(diagnosis, options).of(diagnosis.findings[0]);
  CHECK(snapshot.file == "db/models.json");
  CHECK(snapshot.text.rfind("{\"name\": \"author\"", 0) == 0);
  SECTION("a source that knows the line wins") {
    auto catalog = std::make_shared<ommi::Catalog>();
    ommi::ModelInfo post = testing::child_of_user("Post");
    post.relations[0].place = {"models.py", 31};
    catalog->add(post);
    catalog->seal();
    diagnosis.sources.catalog = catalog;
    CHECK(shown(Locations(diagnosis, options).of(diagnosis.findings[0])) == "models.py:31");
    diagnosis.findings[0].place = {"app/other.py", 7};
    CHECK(shown(Locations(diagnosis, options).of(diagnosis.findings[0])) == "app/other.py:7");
  }
  SECTION("a table of the database is no file") {
    diagnosis.findings[0].place = {"table Post", 0};
    CHECK(Locations(diagnosis, options).of(diagnosis.findings[0]).file == "db/models.json");
  }
}

TEST_CASE("a path is named from the top of the tree, and never leads out of it") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  const doctor::ReportOptions options{.folder = "/srv/app"};
  const Locations locations(diagnosis, options);
  CHECK(locations.relative("/srv/app/db/x.db") == "db/x.db");
  CHECK(locations.relative("/srv/application/x.db") == "x.db");
  CHECK(locations.relative("./db//x.db") == "db/x.db");
  CHECK(locations.relative("../../etc/x.db") == "x.db");
  CHECK(locations.relative("") == "database");
  CHECK(locations.relative("/") == "database");
}

TEST_CASE("a database that is no file is named by the last part of its address") {
  doctor::Diagnosis diagnosis = testing::empty_diagnosis();
  diagnosis.database.driver = "postgresql";
  const doctor::ReportOptions options;
  diagnosis.database.name = "postgresql://ann:***@host:5432/shop?sslmode=require";
  CHECK(Locations(diagnosis, options).of_database().file == "shop");
  diagnosis.database.name = "host=db dbname=shop";
  CHECK(Locations(diagnosis, options).of_database().file == "database");
}

TEST_CASE("a URI holds no character that means something") {
  using doctor::report_parts::uri_of;
  CHECK(uri_of("a b/c#d?e%f:g\xff.db") == "a%20b/c%23d%3Fe%25f%3Ag%FF.db");
  CHECK(uri_of("plain-._~/9") == "plain-._~/9");
}
