#include "engine/session.hpp"

#include <fmt/format.h>

namespace ommi::engine {
namespace {

class TracerWitness final : public FallbackWitness {
 public:
  TracerWitness(const std::shared_ptr<Session>& session, ErrorPlace place)
      : session_(session), place_(std::move(place)) {}

  void fell_back(const DatabaseError& cause) const override {
    const std::shared_ptr<Session> session = session_.lock();
    if (!session || session->tracer == nullptr) return;
    const ErrorPlace& place = place_.model.empty() ? cause.place() : place_;
    Event event;
    event.kind = EventKind::fallback;
    event.operation = place.operation;
    event.model = place.model;
    event.relation = place.relation;
    event.error = &cause;
    session->emit(event);
  }

 private:
  std::weak_ptr<Session> session_;
  ErrorPlace place_;
};

}  // namespace

std::shared_ptr<const FallbackWitness> witness_of(const std::shared_ptr<Session>& session,
                                                  ErrorPlace place) {
  return std::make_shared<const TracerWitness>(session, std::move(place));
}

Session::Session(std::unique_ptr<Driver> driver)
    : driver_(std::move(driver)),
      capabilities_(driver_->capabilities()),
      catalog_(std::make_shared<const Catalog>()) {}

Driver& Session::driver() {
  if (!driver_)
    throw DatabaseError(ErrorCode::detached, "the database is closed",
                        {.driver = capabilities_.name});
  return *driver_;
}

void Session::close() noexcept {
  if (driver_) transactions_.abandon();
  driver_.reset();
}

void Session::use(std::shared_ptr<const Catalog> catalog) {
  catalog_ = std::move(catalog);
  scans_.clear();
  cursor_types_.clear();
}

bool Session::scans(const Relation& relation) {
  const auto known = scans_.find(&relation);
  if (known != scans_.end()) return known->second;
  const std::vector<Value> key(relation.owner_fields.size(), Value(1));
  std::vector<Cell> cells;
  for (const Value& part : key) cells.push_back(part.cell());
  bool whole = false;
  try {
    const QueryPlan plan = driver().explain(lazy_query(relation, cells, capabilities_));
    whole = !plan.scanned.empty() || plan.automatic_index;
  } catch (const DatabaseError& error) {
    if (error.code() != ErrorCode::unsupported) throw;  // a driver need not be able to say
  }
  return scans_.emplace(&relation, whole).first->second;
}

std::int64_t Session::now() const noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() -
                                                              opened_)
      .count();
}

std::string_view Session::cursor_type(const Model& model) {
  const auto known = cursor_types_.find(&model);
  if (known != cursor_types_.end()) return known->second;
  return cursor_types_.emplace(&model, "Cursor<" + model.name() + ">").first->second;
}

void Session::send(Event& event) {
  event.driver = capabilities_.name;
  if (event.at_ns == 0) event.at_ns = now();
  tracer->on(event);
}

void Session::begin_call(const Cursor& cursor, const Query& query, const Purpose& purpose,
                         Event& event) {
  event.kind = EventKind::query;
  event.load = purpose.load;
  event.operation = purpose.operation;
  event.model = query.model->name();
  if (purpose.relation != nullptr) event.relation = purpose.relation->info.name;
  event.owners = purpose.owners;
  event.statement = cursor.statement();
  if (query.keys) event.values = query.keys->cells;
  send(event);
}

void Session::end_call(const Model& model, Event& event, std::int64_t started, std::uint64_t rows) {
  event.kind = EventKind::rows_done;
  event.rows = rows;
  event.returned = cursor_type(model);
  event.at_ns = now();
  event.duration_ns = event.at_ns - started;
  event.values = {};
  send(event);
}

void Session::fail_call(const DatabaseError& error, const Query& query, const Purpose& purpose,
                        std::uint64_t call, std::int64_t started) {
  if (tracer == nullptr) return;
  Event event;
  event.call = call;
  event.load = purpose.load;
  event.operation = purpose.operation;
  event.model = query.model->name();
  if (purpose.relation != nullptr) event.relation = purpose.relation->info.name;
  event.owners = purpose.owners;
  event.statement = error.statement();
  event.error = &error;
  event.at_ns = now();
  event.duration_ns = event.at_ns - started;
  emit_failed(event);
}

void Session::emit_failed(Event& event) {
  if (tracer == nullptr) return;
  if (event.error->code() == ErrorCode::malformed_result) {
    Event evidence = event;
    evidence.kind = EventKind::malformed;
    evidence.duration_ns = 0;  // of the call, which ends with the event that follows
    send(evidence);
  }
  event.kind = EventKind::failed;
  send(event);
}

Query lazy_query(const Relation& relation, std::span<const Cell> keys,
                 const Capabilities& capabilities) {
  Query query;
  query.model = relation.target;
  query.order = relation.order;
  if (relation.direction == Direction::association) {
    query.keys = KeyBatch{relation.via_owner_fields, keys};
    query.through = Through{relation.via, relation.via_target_fields, relation.target_fields,
                            relation.info.linked};
  } else {
    query.keys = KeyBatch{relation.target_fields, keys};
  }
  if (relation.info.limit == 0) return query;
  // Links without a target do not count, and only the window knows that.
  if (query.keys->count() == 1 && !query.through) {
    query.limit = relation.info.limit;
  } else if (capabilities.windows) {
    query.limit_per_key = relation.info.limit;
  }
  return query;
}

}  // namespace ommi::engine
