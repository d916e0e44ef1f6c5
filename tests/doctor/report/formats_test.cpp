#include <catch2/catch.hpp>

#include "doctor/report/sample_diagnosis.hpp"

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every format leaves hostile names without effect") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  for (const doctor::ReportFormat* format : doctor::all_report_formats()) {
    for (const bool verbose : {false, true}) {
      INFO(format->name);
      const std::string text =
          testing::written(diagnosis, format->name, {.show_values = verbose, .verbose = verbose});
      CHECK(testing::harmless(text));
      CHECK(has(text, "DAT001"));
      CHECK(has(text, "Post.author"));
    }
  }
}

TEST_CASE("every format hides what is neither a key nor a reference until it is asked for") {
  const doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  for (const doctor::ReportFormat* format : doctor::all_report_formats()) {
    INFO(format->name);
    const std::string hidden = testing::written(diagnosis, format->name, {.verbose = true});
    CHECK_FALSE(has(hidden, "gout"));
    CHECK(has(hidden, "text(19)"));
    CHECK(has(hidden, "99"));
    const std::string shown =
        testing::written(diagnosis, format->name, {.show_values = true, .verbose = true});
    CHECK(has(shown, "a diagnosis of gout"));
  }
}

TEST_CASE("a format is found by its name only") {
  CHECK(doctor::find_report_format("json") != nullptr);
  CHECK(doctor::find_report_format("JSON") == nullptr);
  CHECK(doctor::find_report_format("") == nullptr);
}

TEST_CASE("every format says what was skipped") {
  doctor::Diagnosis diagnosis = testing::sample_diagnosis();
  diagnosis.skipped = {{"Post.author", "the time is up"}};
  for (const doctor::ReportFormat* format : doctor::all_report_formats()) {
    INFO(format->name);
    CHECK(has(testing::written(diagnosis, format->name, {.quiet = true}), "the time is up"));
  }
}
