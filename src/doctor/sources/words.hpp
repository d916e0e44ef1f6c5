#pragma once

/// \file
/// English and identifiers: what a table or column name says, as words.

#include <string>
#include <string_view>
#include <vector>

#include "ommi/schema.hpp"

namespace doctor::sources {

/// ASCII letters in lower case; all other bytes as they are.
[[nodiscard]] std::string lower(std::string_view text);
using ommi::same_name;

/// "InvoiceLine", "invoice line" and "INVOICE_LINE" are all "invoice_line".
[[nodiscard]] std::string snake_case(std::string_view name);

/// The last word in the singular: "invoice_lines" becomes "invoice_line". Expects snake_case.
[[nodiscard]] std::string singular(std::string_view name);
/// The last word in the plural; a plural stays as it is. Expects snake_case.
[[nodiscard]] std::string plural(std::string_view name);

/// A column's name as a reference: what is left of it without the part that says "key of".
struct Stem {
  std::string words;   // "author" of "author_id", "AuthorId", "fk_author"; empty for plain "id"
  std::string suffix;  // "id", "uuid", …; empty when there was none
};
[[nodiscard]] Stem stem_of(std::string_view column);

/// "authorid" is "author" when `nouns` has it; empty when the name does not end so.
[[nodiscard]] std::string unseparated_stem(std::string_view column,
                                           const std::vector<std::string>& nouns);

/// A table's name without prefixes that say "table" ("tbl_post", "tblPost", "t_post"), in
/// snake_case.
[[nodiscard]] std::string table_words(std::string_view table);

/// Whether a table of that name holds people or their accounts: "users", "auth_user", "person".
/// Expects what table_words gives.
[[nodiscard]] bool holds_people(std::string_view table);

/// Whether a column's stem is a part that people play: "author", "last_editor", "created_by".
[[nodiscard]] bool is_role(std::string_view stem);

/// Whether it is a part that one of them plays for others of the same table: "manager".
[[nodiscard]] bool is_superior(std::string_view stem);

/// A word that makes a self reference point upwards.
[[nodiscard]] bool parent_like(std::string_view stem);

}  // namespace doctor::sources
