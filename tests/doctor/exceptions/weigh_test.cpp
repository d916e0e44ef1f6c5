#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "doctor/exceptions.hpp"
#include "doctor/ommi_code_examples.hpp"
#include "doctor/rule.hpp"
#include "support/examined.hpp"

namespace doctor::exceptions {
namespace {

constexpr std::string_view tables =
    "CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE Post (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER);"
    "CREATE TABLE Note (id INTEGER PRIMARY KEY, user_id INTEGER);"
    "INSERT INTO User VALUES (1, 'Ada');"
    "INSERT INTO Post VALUES (1, 'a', 1);"
    "INSERT INTO Note VALUES (1, 1);";

/// Post refers to a class, Note does not.
constexpr std::string_view models = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User)]
    author: LazyLoadTheRelated[User]

@ommi_model
@dataclass
class Note:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    writer: LazyLoadTheRelated[User]
)py";

constexpr std::string_view seen = "DBStatusNoResultException: DBResult does not wrap a result";

std::string traceback(std::string_view code, std::string_view last = seen) {
  return fmt::format(
      "Traceback (most recent call last):\n  File \"app.py\", line 3, in f\n    {}\n{}\n", code,
      last);
}

const Cause& cause_of(const std::vector<Cause>& causes, std::string_view code) {
  const auto found = std::find_if(causes.begin(), causes.end(),
                                  [&](const Cause& cause) { return cause.candidate.code == code; });
  REQUIRE(found != causes.end());
  return *found;
}

Certainty certainty_of(std::string_view text, const Diagnosis& diagnosis, std::string_view code) {
  return cause_of(weigh(explain(text), {&diagnosis, true}), code).certainty;
}

/// The text of a models.py without any database.
Diagnosis examined_alone(std::string_view text, const std::vector<std::string>& rules) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("ommi-doctor-alone-{}.py", ::getpid());
  std::ofstream(path) << text;
  SourceOptions options;
  options.models = {path.string()};
  SourcedCatalog sources = read_catalog(options).or_raise();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return examine_models(std::move(sources), "models", rules);
}

std::vector<std::string> all_codes() {
  std::vector<std::string> codes;
  for (const Rule* rule : all_rules()) codes.emplace_back(rule->code);
  return codes;
}

}  // namespace

TEST_CASE("without models and database each cause is possible, and says what it needs") {
  const std::vector<Cause> causes = weigh(explain(seen), {});
  for (const Cause& cause : causes) {
    CHECK(cause.certainty == Certainty::possible);
    CHECK_FALSE(cause.why.empty());
  }
  CHECK(cause_of(causes, "MOD001").why == "needs the Python models: --models PATH");
  CHECK(cause_of(causes, "SCH001").why == "needs the database that the program opens");
}

TEST_CASE("a cause is confirmed where its rule finds it, and ruled out where it finds nothing") {
  const Diagnosis diagnosis = testing::examined_with_python(tables, models);
  const std::vector<Cause> causes = weigh(explain(seen), {&diagnosis, true});
  CHECK(causes.front().candidate.code == "MOD001");
  CHECK(causes.front().certainty == Certainty::confirmed);
  REQUIRE(causes.front().found.size() == 1);
  CHECK(causes.front().found[0]->place.line == 19);
  CHECK(cause_of(causes, "MOD003").certainty == Certainty::ruled_out);
  CHECK(cause_of(causes, "SCH001").certainty == Certainty::ruled_out);
}

TEST_CASE("a traceback narrows its causes to the lazy field that it shows") {
  const Diagnosis diagnosis = testing::examined_with_python(tables, models);
  const auto certainty = [&](std::string_view text) {
    return certainty_of(text, diagnosis, "MOD001");
  };
  CHECK(certainty(traceback("author = await post.author")) == Certainty::confirmed);
  CHECK(certainty(traceback("print(await note.writer)")) == Certainty::elsewhere);
  // What is called, and what no model has, points nowhere.
  CHECK(certainty(traceback("await self.writer(1)")) == Certainty::confirmed);
  CHECK(certainty(traceback("await app.run")) == Certainty::confirmed);
}

TEST_CASE("a message narrows its causes to the models that it names") {
  const Diagnosis diagnosis = testing::examined_with_python(tables, models);
  const auto of = [&](std::string_view model) {
    return certainty_of(fmt::format("TypeError: Unexpected value for reference: <class "
                                    "'ommi.models.models.OmmiModel_{}'>",
                                    model),
                        diagnosis, "MOD001");
  };
  CHECK(of("User") == Certainty::confirmed);
  CHECK(of("Tag") == Certainty::elsewhere);
}

TEST_CASE("a traceback narrows its causes to the class whose line it shows") {
  const Diagnosis diagnosis = testing::examined_with_python(tables, models);
  const std::string file = diagnosis.evidence.python->models.at(0).file;
  const auto at = [&](unsigned line) {
    return certainty_of(
        fmt::format("Traceback (most recent call last):\n  File \"{}\", line {}, in <module>\n    "
                    "x\n{}\n",
                    file, line, seen),
        diagnosis, "MOD001");
  };
  CHECK(at(19) == Certainty::confirmed);
  CHECK(at(27) == Certainty::elsewhere);
  CHECK(at(500) == Certainty::confirmed);
}

TEST_CASE("a table that is missing confirms what is said of it") {
  const std::string without_note = std::string(tables) + "DROP TABLE Note;";
  const Diagnosis diagnosis = testing::examined_with_python(without_note, models);
  CHECK(certainty_of("sqlite3.OperationalError: no such table: Note", diagnosis, "SCH001") ==
        Certainty::confirmed);
  CHECK(certainty_of("sqlite3.OperationalError: no such table: Tag", diagnosis, "SCH001") ==
        Certainty::elsewhere);
}

TEST_CASE("what could not be looked at rules nothing out") {
  Diagnosis diagnosis = testing::examined_with_python(tables, models);
  diagnosis.skipped.push_back({"Post", "took too long"});
  const std::vector<Cause> causes = weigh(explain(seen), {&diagnosis, true});
  CHECK(cause_of(causes, "SCH001").certainty == Certainty::possible);
  CHECK(cause_of(causes, "MOD001").certainty == Certainty::confirmed);
}

TEST_CASE("a database alone says nothing of the models") {
  const Diagnosis diagnosis = testing::examined(tables);
  const std::vector<Cause> causes = weigh(explain(seen), {&diagnosis, true});
  CHECK(cause_of(causes, "MOD001").certainty == Certainty::possible);
  CHECK(cause_of(causes, "REL001").certainty == Certainty::possible);
  CHECK(cause_of(causes, "SCH001").certainty == Certainty::possible);
  CHECK(cause_of(causes, "DAT001").certainty == Certainty::ruled_out);
}

TEST_CASE("it is said whether the database has the table that a message names") {
  const Diagnosis diagnosis = testing::examined(tables);
  const auto facts = [&](std::string_view text, bool database = true) {
    const Explanation explanation = explain(text);
    const Looked looked{&diagnosis, database};
    const std::vector<Cause> causes = weigh(explanation, looked);
    return nlohmann::json::parse(as_json({explanation, causes, looked}))["facts"];
  };
  CHECK(facts("no such table: Posts") ==
        nlohmann::json::array({"test.db has no table Posts; the nearest is Post"}));
  CHECK(facts("no such table: main.Post")[0].get<std::string>().starts_with(
      "test.db has a table Post: the program opened another file"));
  CHECK(facts("no such table: Post", false).empty());
  CHECK(facts("no such column: x").empty());
}

TEST_CASE("models alone are judged by what they say themselves") {
  const Diagnosis diagnosis = examined_alone(models, all_codes());
  REQUIRE(diagnosis.findings.size() == 1);
  CHECK(diagnosis.findings[0].code == "MOD001");
  const std::vector<Cause> causes = weigh(explain(seen), {&diagnosis, false});
  CHECK(cause_of(causes, "MOD001").certainty == Certainty::confirmed);
  CHECK(cause_of(causes, "MOD003").certainty == Certainty::ruled_out);
  CHECK(cause_of(causes, "SCH001").certainty == Certainty::possible);
}

TEST_CASE(
    "without a database the rules of the sources find their examples, and nothing in sound ones") {
  const std::vector<std::string> codes = all_codes();
  CHECK(examined_alone(examples::sound_models, codes).findings.empty());
  for (const Rule* rule : all_rules()) {
    if (rule->failing.python.empty() || !needs_only_models(rule->code)) continue;
    INFO(rule->code);
    const Diagnosis failing = examined_alone(rule->failing.python, {std::string(rule->code)});
    CHECK_FALSE(testing::of_rule(failing, rule->code).empty());
    const Diagnosis fixed = examined_alone(rule->fixed.python, {std::string(rule->code)});
    CHECK(testing::of_rule(fixed, rule->code).empty());
  }
}

TEST_CASE("an explanation is a JSON document") {
  const Diagnosis diagnosis = testing::examined_with_python(tables, models);
  const Explanation explanation = explain(traceback("author = await post.author"));
  const Looked looked{&diagnosis, true};
  const std::vector<Cause> causes = weigh(explanation, looked);
  const auto json = nlohmann::json::parse(as_json({explanation, causes, looked}));
  CHECK(json["schema_version"] == 1);
  CHECK(json["recognised"][0]["name"] == "failed-load-0.2.0");
  CHECK(json["recognised"][0]["hides"] == true);
  CHECK(json["awaited"] == "post.author");
  CHECK(json["shows_hidden"] == "(await post.author.get_result()).exception_or(None)");
  CHECK(json["causes"][0]["certainty"] == "confirmed");
  CHECK(json["causes"][0]["code"] == "MOD001");
  CHECK(json["causes"][0]["findings"][0]["place"]["line"] == 19);
  CHECK(json["skipped"].empty());
}

}  // namespace doctor::exceptions
