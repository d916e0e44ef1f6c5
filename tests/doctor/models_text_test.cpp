#include <catch2/catch.hpp>

#include "doctor/model_report.hpp"
#include "doctor/report/sample_diagnosis.hpp"

namespace {

doctor::SourcedCatalog sample_sources() {
  doctor::SourcedCatalog sources;
  sources.catalog = testing::sample_catalog();
  sources.draft.sources = {"database", "inference"};
  sources.draft.suggestions = {{"Post",
                                {{"title"}, "User", {"name"}, ommi::Origin::inferred, 0.4},
                                10,
                                4,
                                {"nobody"},
                                "4 of 10 values are names of User"}};
  return sources;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("models are shown with keys, references and relationships") {
  const std::string text = doctor::models_as_text(sample_sources(), {});
  for (const std::string_view part :
       {"3 models, 3 relationships, from database and inference", "User.id (inferred 0.97)", "key",
        "Post.user_id = User.id", "posts", "to-many"}) {
    INFO(part);
    CHECK(has(text, part));
  }
  CHECK(testing::harmless(text));
}

TEST_CASE("a suggestion comes with what speaks against it") {
  const std::string text = doctor::models_as_text(sample_sources(), {});
  CHECK(has(text, "Post.title may name User.name"));
  CHECK(has(text, "4 of 10 values"));
  CHECK(has(text, "'nobody'"));
}

TEST_CASE("a Mermaid diagram names odd models by identifiers and labels") {
  const std::string text = doctor::models_as_mermaid(sample_sources());
  CHECK(text.rfind("erDiagram\n", 0) == 0);
  CHECK(has(text, "    User {\n        integer id PK\n        text name\n    }\n"));
  CHECK(has(text, "integer user_id FK"));
  CHECK(has(text, "User |o..o{ Post : \"user_id\""));
  CHECK(has(text, "[\"E\\x1b[31m\\nvil"));
  CHECK(testing::harmless(text));
}

TEST_CASE("models whose names become one identifier stay apart in Mermaid") {
  auto catalog = std::make_shared<ommi::Catalog>();
  for (const char* name : {"a b", "a-b", "a\"b", "", "1"}) {
    ommi::ModelInfo model;
    model.name = name;
    model.fields = {testing::field("id", ommi::Type::integer, true)};
    catalog->add(model);
  }
  catalog->seal();
  doctor::SourcedCatalog sources;
  sources.catalog = catalog;
  const std::string text = doctor::models_as_mermaid(sources);
  CHECK(has(text, "    a_b[\"a b\"] {"));
  CHECK(has(text, "    a_b_[\"a-b\"] {"));
  CHECK(has(text, "    a_b__[\"a'b\"] {"));
  CHECK(has(text, "    model[\"\"] {"));
  CHECK(has(text, "    model_1[\"1\"] {"));
}
