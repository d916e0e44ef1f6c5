#pragma once

/// \file
/// Driver calls with their events: what Database and Finder are made of.

#include "engine/rows.hpp"
#include "engine/session.hpp"

namespace ommi::engine {

/// A driver call that gives no cursor of a model: one event when it ends, one when it fails.
template <class Work>
auto traced(Session& session, std::string_view operation, std::string_view subject,
            std::string_view returned, Work&& work) {
  Driver& driver = session.driver();
  Event event;
  event.call = session.next_call();
  event.operation = operation;
  event.model = subject;
  event.returned = returned;
  const std::int64_t started = session.tracer == nullptr ? 0 : session.now();
  const auto end = [&] {
    event.at_ns = session.now();
    event.duration_ns = event.at_ns - started;
  };
  try {
    auto result = session.ask([&] { return work(driver, event); });
    if (session.tracer != nullptr) {
      end();
      event.kind = EventKind::rows_done;
      session.emit(event);
    }
    return result;
  } catch (const DatabaseError& error) {
    if (session.tracer != nullptr) {
      end();
      event.error = &error;
      session.emit_failed(event);
    }
    throw;
  }
}

/// All rows of `query` as one group.
inline RecordList fetch_all(const std::shared_ptr<Session>& session, const Query& query) {
  auto rows = std::make_shared<Rows>(session, *query.model, session->fetch);
  session->each_row(query, {}, [&](std::span<const Cell> row) {
    rows->append(row);
    return true;
  });
  return RecordList(std::move(rows));
}

/// How many rows match `query`.
inline std::uint64_t count_rows(Session& session, const Query& query) {
  return traced(session, "count", query.model->name(), "integer",
                [&](Driver& driver, Event& event) {
                  event.rows = 1;
                  return driver.count(query);
                });
}

/// Exactly one row was due: throws ErrorCode::not_found or ErrorCode::multiple_rows.
void check_one(const Model& model, std::size_t rows);

/// A C++ type that the catalog does not have.
[[nodiscard]] DatabaseError unknown_type(std::string_view type_name);

}  // namespace ommi::engine
