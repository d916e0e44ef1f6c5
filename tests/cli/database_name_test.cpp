#include "cli/database_name.hpp"

#include <catch2/catch.hpp>

#include "cli/captured.hpp"

TEST_CASE("a database is a path, sqlite:PATH, or a PostgreSQL connection") {
  CHECK(cli::parse_database_name("a b.db").path == "a b.db");
  CHECK(cli::parse_database_name("sqlite:dir/a.db").path == "dir/a.db");
  CHECK(cli::parse_database_name("SQLITE:a.db").path == "a.db");
  CHECK(cli::parse_database_name("C:odd=name.db").kind == cli::DatabaseKind::sqlite);
  CHECK(cli::parse_database_name("postgresql://localhost/x").kind == cli::DatabaseKind::postgres);
  CHECK(cli::parse_database_name("postgres://localhost/x").kind == cli::DatabaseKind::postgres);
  CHECK(cli::parse_database_name("host=localhost dbname=x").kind == cli::DatabaseKind::postgres);
  CHECK(cli::parse_database_name("mysql://localhost/x").kind == cli::DatabaseKind::unknown);
}

TEST_CASE("passwords are masked wherever they stand") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"postgresql://ann:secret@host/db", "postgresql://ann:***@host/db"},
      {"postgresql://ann:s@cr/et@host/db", "postgresql://ann:***@host/db"},
      {"postgresql://ann@host/db", "postgresql://ann@host/db"},
      {"postgresql://host/db?user=ann&password=secret&x=1",
       "postgresql://host/db?user=ann&password=***&x=1"},
      {"host=h password=secret user=ann", "host=h password=*** user=ann"},
      {"host=h password = 'se cr\\'et' user=ann", "host=h password = *** user=ann"},
      {"host=h PASSWORD=secret", "host=h PASSWORD=***"},
      {"host=h sslpassword=secret", "host=h sslpassword=***"},
  }));
  CHECK(cli::masked(text) == expected);
}

TEST_CASE("a PostgreSQL database is not in this version, and its password is nowhere") {
  const auto seen = testing::run({"trace", "postgresql://ann:secret@localhost/blog"});
  CHECK(seen.code == 2);
  CHECK(seen.out.empty());
  CHECK(seen.err.find("PostgreSQL is not in this version") != std::string::npos);
  CHECK(seen.err.find("secret") == std::string::npos);
}
