#include <catch2/catch.hpp>

#include "doctor/report/sample_diagnosis.hpp"

TEST_CASE("a hostile name breaks neither a Markdown table nor HTML") {
  const std::string text = testing::written(testing::sample_diagnosis(), "markdown");
  CHECK(text.find("<b>") == std::string::npos);
  CHECK(text.find("vil\\|") == std::string::npos);
  CHECK(text.find("\\|\\`&lt;b") != std::string::npos);
}

TEST_CASE("findings are sections in Markdown, root causes first") {
  const std::string text = testing::written(testing::sample_diagnosis(), "markdown");
  CHECK(text.find("## Root causes") < text.find("### error DAT001 dangling-reference"));
  CHECK(text.find("### error DAT001") < text.find("## Symptoms"));
  CHECK(text.find("| Post.author | to-one |") != std::string::npos);
}
