#include "ommi/error.hpp"

#include <array>
#include <cstddef>

namespace ommi {
namespace {

struct CodeCard {
  ErrorCode code;
  std::string_view name;
  ErrorCode parent;
};

constexpr std::array cards = {
    CodeCard{ErrorCode::database, "database", ErrorCode::database},
    CodeCard{ErrorCode::connection, "connection", ErrorCode::database},
    CodeCard{ErrorCode::not_a_database, "not_a_database", ErrorCode::connection},
    CodeCard{ErrorCode::timeout, "timeout", ErrorCode::connection},
    CodeCard{ErrorCode::locked, "locked", ErrorCode::connection},
    CodeCard{ErrorCode::corrupt, "corrupt", ErrorCode::database},
    CodeCard{ErrorCode::query, "query", ErrorCode::database},
    CodeCard{ErrorCode::missing_table, "missing_table", ErrorCode::query},
    CodeCard{ErrorCode::missing_column, "missing_column", ErrorCode::query},
    CodeCard{ErrorCode::missing_collation, "missing_collation", ErrorCode::query},
    CodeCard{ErrorCode::missing_function, "missing_function", ErrorCode::query},
    CodeCard{ErrorCode::unsupported, "unsupported", ErrorCode::query},
    CodeCard{ErrorCode::read_only, "read_only", ErrorCode::query},
    CodeCard{ErrorCode::constraint, "constraint", ErrorCode::database},
    CodeCard{ErrorCode::unique_violation, "unique_violation", ErrorCode::constraint},
    CodeCard{ErrorCode::foreign_key_violation, "foreign_key_violation", ErrorCode::constraint},
    CodeCard{ErrorCode::not_null_violation, "not_null_violation", ErrorCode::constraint},
    CodeCard{ErrorCode::check_violation, "check_violation", ErrorCode::constraint},
    CodeCard{ErrorCode::not_found, "not_found", ErrorCode::database},
    CodeCard{ErrorCode::dangling_reference, "dangling_reference", ErrorCode::not_found},
    CodeCard{ErrorCode::multiple_rows, "multiple_rows", ErrorCode::database},
    CodeCard{ErrorCode::decode, "decode", ErrorCode::database},
    CodeCard{ErrorCode::model, "model", ErrorCode::database},
    CodeCard{ErrorCode::detached, "detached", ErrorCode::database},
    CodeCard{ErrorCode::lazy_load_blocked, "lazy_load_blocked", ErrorCode::database},
    CodeCard{ErrorCode::reentrant_load, "reentrant_load", ErrorCode::database},
    CodeCard{ErrorCode::transaction, "transaction", ErrorCode::database},
    CodeCard{ErrorCode::in_doubt, "in_doubt", ErrorCode::transaction},
    CodeCard{ErrorCode::schema, "schema", ErrorCode::database},
    CodeCard{ErrorCode::incompatible_schema_evolution, "incompatible_schema_evolution",
             ErrorCode::schema},
    CodeCard{ErrorCode::malformed_result, "malformed_result", ErrorCode::database},
    CodeCard{ErrorCode::foreign, "foreign", ErrorCode::database},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < cards.size(); ++i) {
    if (static_cast<std::size_t>(cards[i].code) != i) return false;
  }
  return cards.size() == static_cast<std::size_t>(ErrorCode::foreign) + 1;
}
static_assert(in_order(), "the cards are looked up by the code's number");

const CodeCard& card(ErrorCode code) noexcept { return cards[static_cast<std::size_t>(code)]; }

std::string filled(const std::string& own, const std::string& other) {
  return own.empty() ? other : own;
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept { return card(code).name; }

ErrorCode parent(ErrorCode code) noexcept { return card(code).parent; }

DatabaseError::DatabaseError(ErrorCode code, std::string message, ErrorPlace place,
                             std::string statement)
    : state_(std::make_shared<const State>(State{code,
                                                 std::move(message),
                                                 std::move(place),
                                                 std::move(statement),
                                                 nullptr,
                                                 {},
                                                 nullptr})) {}

bool DatabaseError::is(ErrorCode branch) const noexcept {
  for (ErrorCode at = code();; at = parent(at)) {
    if (at == branch) return true;
    if (at == parent(at)) return false;
  }
}

bool DatabaseError::retryable() const noexcept {
  return is(ErrorCode::connection) && !is(ErrorCode::not_a_database);
}

DatabaseError DatabaseError::caused_by(DatabaseError cause) const {
  State state = *state_;
  state.cause = std::make_shared<const DatabaseError>(std::move(cause));
  return DatabaseError(std::make_shared<const State>(std::move(state)));
}

DatabaseError DatabaseError::with(std::shared_ptr<const Malformation> evidence) const {
  State state = *state_;
  state.malformation = std::move(evidence);
  return DatabaseError(std::make_shared<const State>(std::move(state)));
}

DatabaseError DatabaseError::with_note(std::string note) const {
  State state = *state_;
  state.notes.push_back(std::move(note));
  return DatabaseError(std::make_shared<const State>(std::move(state)));
}

DatabaseError DatabaseError::at(const ErrorPlace& place) const {
  State state = *state_;
  ErrorPlace& own = state.place;
  own.driver = filled(own.driver, place.driver);
  own.operation = filled(own.operation, place.operation);
  if (own.relation.empty() && !place.relation.empty()) {
    own.model = place.model;  // of the relation, whatever the statement was about
    own.relation = place.relation;
  } else {
    own.model = filled(own.model, place.model);
  }
  return DatabaseError(std::make_shared<const State>(std::move(state)));
}

}  // namespace ommi
