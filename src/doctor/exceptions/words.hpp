#pragma once

/// \file
/// Words that all formats of an explanation share. All texts are on one line and printable.

#include <string>
#include <vector>

#include "doctor/exceptions.hpp"

namespace doctor::exceptions {

/// "sqlite3.OperationalError: no such table: Post", cut where it is very long.
[[nodiscard]] std::string said(const Exception& exception);
[[nodiscard]] std::string link_text(Link link);
/// "app.py:10", the innermost line that it shows; empty where it shows none.
[[nodiscard]] std::string place_of(const Exception& exception);
/// Code that shows the exception which the text hides; empty where it hides none, or
/// where tracebacks show it.
[[nodiscard]] std::string way_to_hidden(const Explanation& explanation);
/// Exceptions of tracebacks that no pattern knows.
[[nodiscard]] std::vector<const Exception*> strangers_of(const Explanation& explanation);
/// "MOD001 reference-to-class: a ReferenceTo names a class …".
[[nodiscard]] std::string head_of(const Candidate& candidate);
/// "models.py:31 Post.user_id refers to the class User …".
[[nodiscard]] std::string found_text(const Finding& finding);
/// What the database has of the tables that messages name: "shop.db has no table Tag; …".
[[nodiscard]] std::vector<std::string> tables_named(const Explanation& explanation,
                                                    const Looked& looked);
/// "14 causes, 1 confirmed, 3 ruled out".
[[nodiscard]] std::string summary_of(const std::vector<Cause>& causes);

}  // namespace doctor::exceptions
