#include "doctor/probe/normal_form.hpp"

#include <catch2/catch.hpp>

namespace doctor {
namespace {

std::string between(const ommi::Value& left, const ommi::Value& right) {
  const ommi::Cell one = left.cell();
  const ommi::Cell other = right.cell();
  const auto steps = steps_between({&one, 1}, {&other, 1});
  return steps ? names_of(*steps) : "nothing";
}

TEST_CASE("the fewest steps that make two keys one are named") {
  const auto [left, right, steps] = GENERATE(table<ommi::Value, ommi::Value, std::string>({
      {"a", "a", "text and number"},
      {7, "7", "text and number"},
      {7.0, 7, "text and number"},
      {"1 ", "1", "blanks"},
      {"\t1\n", "1", "blanks"},
      {"1\xC2\xA0", "1", "blanks"},  // no-break space
      {"\xEF\xBB\xBF"
       "1",
       "1", "blanks"},  // byte order mark
      {"DE", "de", "letter case"},
      {"\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9", "letter case"},
      {"\xD0\x96", "\xD0\xB6", "letter case"},
      {"007", 7, "leading zeros"},
      {"000", 0, "leading zeros"},
      {"caf\xC3\xA9", "cafe\xCC\x81", "Unicode form"},
      {"\xE2\x84\xAB", "A\xCC\x8A", "Unicode form"},  // the sign of the ångström
      {"\xEA\xB0\x81", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "Unicode form"},  // hangul
      {"a\xCC\x81\xCC\xA3", "a\xCC\xA3\xCC\x81", "Unicode form"},  // accents in either order
      {" DE", "de", "blanks, letter case"},
      {"\xC3\x89", "e\xCC\x81", "Unicode form, letter case"},
      {"a", "b", "nothing"},
      {"a b", "ab", "nothing"},
      {"0a", "a", "nothing"},
      {"1.0", 1, "nothing"},
      {nullptr, nullptr, "nothing"},
      {ommi::Blob{"a"}, "a", "nothing"},
      {"\xFF", "\xFF", "nothing"},
      {"\xED\xA0\x80", "a", "nothing"},
  }));
  INFO(ommi::to_display(left.cell()) << " " << ommi::to_display(right.cell()));
  CHECK(between(left, right) == steps);
  CHECK(between(right, left) == steps);
}

TEST_CASE("what the database puts aside by itself is no reason") {
  const ommi::Cell left = ommi::Cell::text("dk ");
  const ommi::Cell right = ommi::Cell::text("DK");
  CHECK(names_of(steps_between({&left, 1}, {&right, 1}, letter_case).value()) == "blanks");
  const ommi::Cell upper = ommi::Cell::text("\xC3\x84");
  const ommi::Cell lower = ommi::Cell::text("\xC3\xA4");
  CHECK(names_of(steps_between({&upper, 1}, {&lower, 1}, letter_case).value()) == "letter case");
}

TEST_CASE("a key of several parts is one with another if all parts are, by the same steps") {
  const ommi::Cell left[] = {ommi::Cell::text("A"), ommi::Cell::of(std::int64_t{1})};
  const ommi::Cell right[] = {ommi::Cell::text("a"), ommi::Cell::text("01")};
  CHECK(names_of(steps_between(left, right).value()) == "letter case, leading zeros");
  CHECK_FALSE(steps_between(left, {right, 1}));
}

}  // namespace
}  // namespace doctor
