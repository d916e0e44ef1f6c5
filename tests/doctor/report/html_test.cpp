#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "doctor/report/examined.hpp"
#include "support/folders.hpp"

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string html(const doctor::Diagnosis& diagnosis, const doctor::ReportOptions& options = {}) {
  return testing::written(diagnosis, "html", options);
}

// A row of models, each of which refers to the one before it.
doctor::Diagnosis chain(std::size_t models) {
  doctor::Diagnosis diagnosis = testing::empty_diagnosis();
  auto catalog = std::make_shared<ommi::Catalog>();
  for (std::size_t at = 0; at < models; ++at) {
    ommi::ModelInfo model;
    model.name = fmt::format("M{}", at);
    model.fields = {testing::field("id", ommi::Type::integer, true),
                    testing::field("next", ommi::Type::integer)};
    if (at > 0) {
      const std::string target = fmt::format("M{}", at - 1);
      model.references = {{.fields = {"next"}, .model = target, .target_fields = {"id"}}};
      model.relations = {{.name = "before", .target = target, .join = {{"next", "id"}}}};
    }
    catalog->add(model);
  }
  catalog->seal();
  diagnosis.sources.catalog = catalog;
  doctor::Finding finding = testing::dangling();
  finding.subject = {"M5.before", "M5", "next", "M5", "next"};
  diagnosis.findings = {finding};
  return diagnosis;
}

}  // namespace

TEST_CASE("a name in the page is text and never markup") {
  const std::string page = html(testing::nasty_diagnosis());
  CHECK_FALSE(has(page, "</script>"));
  CHECK(has(page, "&lt;/script&gt;"));
  CHECK_FALSE(has(page, "<b>\xff"));
  CHECK_FALSE(has(page, "\uFFFF"));
}

TEST_CASE("the page has a fold for each finding, which the diagram leads to") {
  const std::string page =
      html(testing::examined(ommi::Database(ommi::sqlite::open_memory(testing::text_of_file(
                                 folders::source() + "/sample-dbs/blog-broken.sql"))),
                             "blog.db"));
  CHECK(has(page, "id=\"finding-1\"><details open>"));
  CHECK(has(page, "<svg "));
  CHECK(has(page, "<a href=\"#finding-1\"><g class=\"edge failing\">"));
  CHECK(has(page, "<title>Post: 1 error"));
  CHECK(has(page, "id=\"rule-DAT001\""));
}

TEST_CASE("findings can be hidden by level, and known ones as well") {
  const std::string page = html(testing::known_diagnosis());
  CHECK(has(page, "<label class=\"failing\" for=\"show-error\">1 error</label>"));
  CHECK(has(page, "<label class=\"remark\" for=\"show-info\">1 remark</label>"));
  CHECK(has(page, "<label class=\"unchecked\" for=\"show-known\">2 known already</label>"));
  CHECK(has(page, "suppressed: rows of the old importer"));
  CHECK(page.find("id=\"finding-4\"") < page.find("id=\"finding-2\""));
  doctor::Diagnosis all_known = testing::known_diagnosis();
  all_known.findings = {all_known.findings[1], all_known.findings[2]};
  CHECK(has(html(all_known), "<title>Post: 2 known already</title>"));
}

TEST_CASE("of many models those with findings and their neighbours are drawn, and it says so") {
  const std::string few = html(chain(60));
  CHECK(has(few, "<title>M59: no findings</title>"));
  CHECK_FALSE(has(few, "models are drawn"));
  const std::string many = html(chain(61));
  CHECK(has(many, "3 of the 61 models are drawn: those with findings, and their neighbours."));
  CHECK(has(many, "<title>M4: no findings</title>"));
  CHECK(has(many, "<title>M5: 1 error</title>"));
  CHECK(has(many, "<title>M6: no findings</title>"));
  CHECK_FALSE(has(many, "<title>M7: no findings</title>"));
}

TEST_CASE("an incomplete run says so before anything else") {
  const std::string page = html(testing::incomplete_diagnosis());
  CHECK(page.find("<h2>Incomplete</h2>") < page.find("<h2>Findings</h2>"));
  CHECK(has(page, "<b>the table Tag</b>: it cannot be read"));
}

TEST_CASE("a path is a tree in the page") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  doctor::PathStep root;
  root.path = "User";
  root.value = "1 row";
  doctor::PathStep posts;
  posts.path = "User[1].posts";
  posts.relation = diagnosis.sources.catalog->find("User")->find_relation("posts");
  posts.statement = "SELECT 1";
  posts.shown = {{{{"id", 5}}, {{"id", 5}, {"title", "secret text"}}}};
  posts.rows = 1;
  root.children = {posts};
  diagnosis.path = root;
  const std::string page = html(diagnosis);
  CHECK(has(page, "<b>User[1].posts</b>"));
  CHECK(has(page, "<code>id = 5, title: text(11)</code>"));
}
