#include "doctor/sources/words.hpp"

#include <catch2/catch.hpp>

namespace doctor::sources {

TEST_CASE("a name becomes words") {
  const auto [name, words] =
      GENERATE(table<std::string, std::string>({{"InvoiceLine", "invoice_line"},
                                                {"invoice_line", "invoice_line"},
                                                {"Order Details", "order_details"},
                                                {"HTTPServer", "http_server"},
                                                {"USER_ID", "user_id"},
                                                {"userID", "user_id"},
                                                {"_private", "private"},
                                                {"a--b", "a_b"},
                                                {"Ärger", "Ärger"},
                                                {"", ""}}));
  CHECK(snake_case(name) == words);
}

TEST_CASE("singular and plural are each other's other way round") {
  const auto [one, many] =
      GENERATE(table<std::string, std::string>({{"post", "posts"},
                                                {"category", "categories"},
                                                {"box", "boxes"},
                                                {"batch", "batches"},
                                                {"person", "people"},
                                                {"woman", "women"},
                                                {"salesman", "salesmen"},
                                                {"child", "children"},
                                                {"status", "statuses"},
                                                {"address", "addresses"},
                                                {"analysis", "analyses"},
                                                {"course", "courses"},
                                                {"house", "houses"},
                                                {"database", "databases"},
                                                {"bus", "buses"},
                                                {"key", "keys"},
                                                {"invoice_line", "invoice_lines"},
                                                {"human", "humans"},
                                                {"movie", "movies"},
                                                {"index", "indexes"},
                                                {"size", "sizes"},
                                                {"country", "countries"},
                                                {"data", "data"},
                                                {"news", "news"},
                                                {"series", "series"},
                                                {"staff", "staff"},
                                                {"alias", "aliases"}}));
  CHECK(plural(one) == many);
  CHECK(singular(many) == one);
  CHECK(plural(many) == many);
  CHECK(singular(one) == one);
}

TEST_CASE("a column's stem is what it names") {
  const auto [column, words, suffix] = GENERATE(table<std::string, std::string, std::string>(
      {{"author_id", "author", "id"},
       {"AuthorId", "author", "id"},
       {"authorID", "author", "id"},
       {"Author_fk", "author", "fk"},
       {"billing_customer_id", "billing_customer", "id"},
       {"fk_author", "author", "id"},
       {"id", "", "id"},
       {"author", "author", ""},
       {"grid", "grid", ""}}));
  const Stem stem = stem_of(column);
  CHECK(stem.words == words);
  CHECK(stem.suffix == suffix);
}

TEST_CASE("a stem without a break is taken only when it is a known noun") {
  CHECK(unseparated_stem("authorid", {"author"}) == "author");
  CHECK(unseparated_stem("grid", {"author"}).empty());
}

TEST_CASE("a prefix that says table is no part of the name") {
  CHECK(table_words("tbl_post") == "post");
  CHECK(table_words("tblPost") == "post");
  CHECK(table_words("Post") == "post");
  CHECK(table_words("total") == "total");
}

}  // namespace doctor::sources
