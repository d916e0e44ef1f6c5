#include "doctor/judging.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace doctor {
namespace {

Finding finding_of(const std::string& code, const std::string& name, Level level,
                   const std::string& relationship, std::uint64_t count) {
  Finding finding;
  finding.code = code;
  finding.name = name;
  finding.level = level;
  finding.subject = {relationship, "Post", "user_id", "posts", "user_id"};
  finding.count = count;
  finding.fingerprint = code + relationship;
  return finding;
}

Diagnosis two_findings() {
  Diagnosis diagnosis;
  diagnosis.findings = {
      finding_of("DAT001", "dangling-reference", Level::error, "Post.author", 3),
      finding_of("SCH004", "reference-not-indexed", Level::warning, "User.posts", 1)};
  return diagnosis;
}

Suppression accepting(const std::string& rule, const std::string& object) {
  return {rule, object, "known", {}, {"ommi-doctor.toml", 4}};
}

bool says(const Diagnosis& diagnosis, std::string_view text) {
  return std::any_of(diagnosis.notes.begin(), diagnosis.notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

constexpr Day monday{2026, 11, 23};

TEST_CASE("a suppression marks what it names and nothing else") {
  for (const char* object : {"Post.author", "post.AUTHOR", "Post.*", "*.author", "Post.user_id",
                             "Post", "posts", "posts.user_id", "*"}) {
    INFO(object);
    Diagnosis diagnosis = two_findings();
    suppress(diagnosis, {accepting("DAT001", object)}, RuleSelection(), monday);
    CHECK(diagnosis.findings[0].standing == Standing::suppressed);
    CHECK(diagnosis.findings[0].standing_reason == "known");
    CHECK(diagnosis.findings[1].standing == Standing::open);
    CHECK(diagnosis.count(Level::error) == 0);
    CHECK(diagnosis.count(Standing::suppressed) == 1);
  }
  for (const char* object : {"Post.authors", "ost.author", "Comment.*", ""}) {
    INFO(object);
    Diagnosis diagnosis = two_findings();
    suppress(diagnosis, {accepting("DAT001", object)}, RuleSelection(), monday);
    CHECK(diagnosis.count(Standing::suppressed) == 0);
    CHECK(says(diagnosis, "ommi-doctor.toml:4: the suppression of DAT001"));
  }
}

TEST_CASE("a suppression ends after its last day") {
  Suppression until = accepting("DAT001", "*");
  until.expires = monday;
  Diagnosis last_day = two_findings();
  suppress(last_day, {until}, RuleSelection(), monday);
  CHECK(last_day.count(Standing::suppressed) == 1);
  Diagnosis next_day = two_findings();
  suppress(next_day, {until}, RuleSelection(), {2026, 11, 24});
  CHECK(next_day.count(Standing::suppressed) == 0);
  CHECK(says(next_day, "has expired on 2026-11-23"));
}

TEST_CASE("nothing is said of a suppression whose rule was not run, or of an incomplete run") {
  Diagnosis diagnosis = two_findings();
  const RuleSelection only_schema({{"SCH"}, {}, {}});
  suppress(diagnosis, {accepting("DAT005", "*")}, only_schema, monday);
  CHECK(diagnosis.notes.empty());
  diagnosis.skipped.push_back({"Post", "timeout"});
  suppress(diagnosis, {accepting("DAT005", "*")}, RuleSelection(), monday);
  CHECK(diagnosis.notes.empty());
}

TEST_CASE("a baseline marks what was known, and counts only go down") {
  Diagnosis before = two_findings();
  const Baseline first = first_baseline(before, "shop.db");
  const Baseline read = read_baseline(write_baseline(first), "known.json", "shop.db").or_raise();
  REQUIRE(read.findings.size() == 2);

  Diagnosis same = two_findings();
  apply_baseline(same, read, RuleSelection());
  CHECK(same.count(Standing::baselined) == 2);
  CHECK(!fails(same, {}));

  Diagnosis more = two_findings();
  more.findings[0].count = 4;
  apply_baseline(more, read, RuleSelection());
  CHECK(more.findings[0].standing == Standing::open);
  CHECK(fails(more, {}));
  CHECK(next_baseline(more, read, RuleSelection()).findings[0].count == 3);

  Diagnosis fewer = two_findings();
  fewer.findings[0].count = 1;
  fewer.findings.pop_back();
  fewer.findings.push_back(finding_of("DAT003", "x", Level::warning, "Post.editor", 1));
  apply_baseline(fewer, read, RuleSelection());
  CHECK(says(fewer, "SCH004 User.posts is there no longer"));
  const Baseline next = next_baseline(fewer, read, RuleSelection());
  REQUIRE(next.findings.size() == 1);
  CHECK(next.findings[0].count == 1);
}

TEST_CASE("a baseline keeps what was not looked for") {
  Diagnosis diagnosis = two_findings();
  const Baseline baseline = first_baseline(diagnosis, "shop.db");
  diagnosis.findings.pop_back();
  const RuleSelection only_data({{"DAT"}, {}, {}});
  apply_baseline(diagnosis, baseline, only_data);
  CHECK(diagnosis.notes.empty());
  CHECK(next_baseline(diagnosis, baseline, only_data).findings.size() == 2);
}

TEST_CASE("a file that is no baseline, or another database's, is refused") {
  const auto refusal = [](std::string_view text) {
    const auto read = read_baseline(text, "known.json", "shop.db");
    return read ? std::string() : std::string(read.failure()->message());
  };
  CHECK(refusal("{").find("not JSON") != std::string::npos);
  CHECK(refusal("[]").find("'schema_version' is not there") != std::string::npos);
  CHECK(refusal(R"({"schema_version": "1"})").find("wrong kind") != std::string::npos);
  CHECK(refusal(R"({"schema_version": 9})").find("another version") != std::string::npos);
  CHECK(refusal(R"({"schema_version": 1, "database": "x.db", "findings": []})") ==
        "known.json: is the baseline of x.db, and not of shop.db");
  CHECK(refusal(R"({"schema_version": 1, "database": "shop.db", "findings": [1]})") != "");
}

TEST_CASE("the gate is a level, and a number of warnings") {
  Diagnosis warning = two_findings();
  warning.findings.erase(warning.findings.begin());
  CHECK(fails(warning, {}));
  CHECK(!fails(warning, {"error", {}}));
  CHECK(!fails(warning, {"never", {}}));
  CHECK(!fails(warning, {"warning", 1}));
  CHECK(fails(warning, {"warning", 0}));
  CHECK(fails(warning, {"never", 0}));
  const Diagnosis error = two_findings();
  CHECK(fails(error, {"error", {}}));
  CHECK(fails(error, {"warning", 5}));
  CHECK(!fails(error, {"never", {}}));
  Diagnosis info;
  info.findings = {finding_of("SCH009", "x", Level::info, "Post.author", 1)};
  CHECK(!fails(info, {}));
  CHECK(fails(info, {"info", {}}));
}

TEST_CASE("reports mark as failing what fails the run, and not the warnings that are tolerated") {
  Diagnosis warning = two_findings();
  warning.findings.erase(warning.findings.begin());
  CHECK(failing_level(warning, {}) == Level::warning);
  CHECK(failing_level(warning, {"warning", 1}) == Level::error);
  CHECK(failing_level(warning, {"warning", 0}) == Level::warning);
  CHECK(failing_level(warning, {"error", 0}) == Level::warning);
  CHECK(failing_level(warning, {"never", 0}) == Level::warning);
  CHECK(failing_level(warning, {"never", 1}) == std::nullopt);
  CHECK(failing_level(warning, {"info", 1}) == Level::error);
  CHECK(failing_level(warning, {"info", 0}) == Level::info);
  CHECK(failing_level(warning, {"info", {}}) == Level::info);
}

}  // namespace
}  // namespace doctor
