#include "doctor/edits.hpp"

#include <catch2/catch.hpp>

namespace doctor {
namespace {

Finding finding(std::string code, std::vector<TextEdit> edits) {
  Finding made;
  made.code = std::move(code);
  made.remedies = {{Safety::manual, "write it so", {}, std::move(edits)}};
  return made;
}

TextEdit edit(unsigned line, unsigned lines, std::string text, std::string old = {}) {
  return {"models.py", line, lines, std::move(text), std::move(old)};
}

constexpr std::string_view numbers = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";

std::string changed(std::string_view text, const std::vector<Finding>& findings) {
  const EditPlan plan = plan_edits(findings);
  const auto& edits = plan.files.at("models.py");
  REQUIRE(misfits(text, edits).empty());
  return edited(text, edits);
}

std::string patch(std::string_view text, const std::vector<Finding>& findings,
                  std::string_view name = "models.py") {
  return patch_of(name, text, plan_edits(findings).files.at("models.py"));
}

}  // namespace

TEST_CASE("edits are sorted, and each file has its own") {
  TextEdit other = edit(1, 1, "y", "x");
  other.file = "other.py";
  const std::vector<Finding> findings = {finding("MOD001", {edit(9, 1, "b", "9")}),
                                         finding("MOD002", {edit(2, 1, "a", "2"), other})};
  const EditPlan plan = plan_edits(findings);
  CHECK(plan.left_out.empty());
  REQUIRE(plan.files.at("models.py").size() == 2);
  CHECK(plan.files.at("models.py")[0].edit.line == 2);
  CHECK(plan.files.at("models.py")[0].finding == &findings[1]);
  CHECK(plan.files.at("other.py").size() == 1);
}

TEST_CASE("of two changes of a line the first is made, and of the other finding none") {
  const std::vector<Finding> findings = {
      finding("MOD001", {edit(3, 2, "x", "3\n4")}),
      finding("MOD003", {edit(8, 1, "y", "8"), edit(4, 1, "z", "4")}),
      finding("MOD005", {edit(5, 1, "w", "5")})};
  const EditPlan plan = plan_edits(findings);
  REQUIRE(plan.left_out.size() == 1);
  CHECK(plan.left_out[0].code == "MOD003");
  CHECK(plan.left_out[0].line == 4);
  CHECK(plan.left_out[0].why == "the same line is changed for MOD001");
  CHECK(plan.files.at("models.py").size() == 2);
}

TEST_CASE("two findings may want the same change") {
  const EditPlan plan = plan_edits(
      {finding("MOD001", {edit(3, 1, "x", "3")}), finding("MOD003", {edit(3, 1, "x", "3")})});
  CHECK(plan.left_out.empty());
  CHECK(plan.files.at("models.py").size() == 1);
}

TEST_CASE("what is known already changes nothing") {
  Finding known = finding("MOD001", {edit(3, 1, "x", "3")});
  known.standing = Standing::suppressed;
  CHECK(plan_edits({known}).files.empty());
}

TEST_CASE("only the first remedy with a change is taken") {
  Finding two = finding("MOD001", {edit(3, 1, "x", "3")});
  two.remedies.insert(two.remedies.begin(), {Safety::manual, "think", {}, {}});
  two.remedies.push_back({Safety::manual, "or", {}, {edit(3, 1, "y", "3")}});
  CHECK(changed(numbers, {two}).starts_with("1\n2\nx\n4\n"));
}

TEST_CASE("lines are replaced and put in") {
  CHECK(changed("a\nb\nc\n", {finding("A", {edit(2, 1, "x\ny", "b")})}) == "a\nx\ny\nc\n");
  CHECK(changed("a\nb\nc\n", {finding("A", {edit(1, 2, "x", "a\nb")})}) == "x\nc\n");
  CHECK(changed("a\nb\n", {finding("A", {edit(1, 0, "import x")})}) == "import x\na\nb\n");
  CHECK(changed("a\nb\n", {finding("A", {edit(3, 0, "x")})}) == "a\nb\nx\n");
}

TEST_CASE("line ends stay what they are") {
  CHECK(changed("a\r\nb\r\nc\r\n", {finding("A", {edit(2, 1, "x\ny", "b")})}) ==
        "a\r\nx\r\ny\r\nc\r\n");
  CHECK(changed("a\nb", {finding("A", {edit(2, 1, "x\ny", "b")})}) == "a\nx\ny");
  CHECK(changed("a\r\nb", {finding("A", {edit(2, 1, "x\ny", "b")})}) == "a\r\nx\r\ny");
  CHECK(changed("b", {finding("A", {edit(1, 1, "x", "b")})}) == "x");
  CHECK(changed("a\nb", {finding("A", {edit(1, 1, "x", "a")})}) == "x\nb");
}

TEST_CASE("lines that are not what was read do not fit") {
  const auto fits = [](std::string_view text, const TextEdit& one) {
    const std::vector<Finding> findings = {finding("A", {one})};
    return misfits(text, plan_edits(findings).files.at("models.py")).empty();
  };
  CHECK(fits("a\nb\n", edit(2, 1, "x", "b")));
  CHECK(fits("a\r\nb\r\n", edit(1, 2, "x", "a\nb")));
  CHECK_FALSE(fits("a\nc\n", edit(2, 1, "x", "b")));
  CHECK_FALSE(fits("a\n", edit(2, 1, "x", "b")));
  CHECK_FALSE(fits("a\nb\n", edit(1, 2, "x", "a")));
  CHECK_FALSE(fits("a\nb\n", edit(0, 1, "x", "a")));
  CHECK_FALSE(fits("a\nb\n", edit(4, 0, "x")));
  CHECK_FALSE(fits("a\nb", edit(3, 0, "x")));
  CHECK_FALSE(fits("a\rb\nc\n", edit(2, 1, "x", "c")));
  CHECK_FALSE(fits("", edit(1, 1, "x", "a")));
}

TEST_CASE("a patch has three lines around each change, and near ones in one hunk") {
  const std::vector<Finding> findings = {finding("A", {edit(2, 1, "two", "2")}),
                                         finding("B", {edit(6, 1, "six\nmore", "6")}),
                                         finding("C", {edit(16, 1, "last", "16")})};
  CHECK(patch(numbers, findings) ==
        "diff --git a/models.py b/models.py\n--- a/models.py\n+++ b/models.py\n"
        "@@ -1,9 +1,10 @@\n 1\n-2\n+two\n 3\n 4\n 5\n-6\n+six\n+more\n 7\n 8\n 9\n"
        "@@ -13,4 +14,4 @@\n 13\n 14\n 15\n-16\n+last\n");
}

TEST_CASE("a patch says where a file ends without a line end") {
  CHECK(patch("a\nb", {finding("A", {edit(2, 1, "x", "b")})})
            .ends_with("@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+x\n\\ No newline "
                       "at end of file\n"));
}

TEST_CASE("a patch keeps carriage returns") {
  CHECK(patch("a\r\nb\r\n", {finding("A", {edit(2, 1, "x", "b")})})
            .ends_with("@@ -1,2 +1,2 @@\n a\r\n-b\r\n+x\r\n"));
}

TEST_CASE("names with what a patch cannot have are in quotes") {
  const std::vector<Finding> findings = {finding("A", {edit(1, 1, "x", "a")})};
  CHECK(patch("a\n", findings, "my app/models.py")
            .starts_with("diff --git a/my app/models.py b/my app/models.py\n"
                         "--- a/my app/models.py\t\n+++ b/my app/models.py\t\n"));
  CHECK(patch("a\n", findings, "caf\xc3\xa9\n.py")
            .starts_with("diff --git \"a/caf\\303\\251\\012.py\" \"b/caf\\303\\251\\012.py\"\n"));
}

}  // namespace doctor
