#include "engine/answer.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/session.hpp"

namespace ommi::engine {

Answer::Answer(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch)
    : session_(session),
      rollbacks_(session->rollbacks()),
      catalog_(session->catalog()),
      model_(&model),
      fetch_(fetch) {}

const Fault* Answer::fault(std::uint32_t row) const noexcept {
  if (faults_.empty()) return nullptr;
  const auto found =
      std::lower_bound(faults_.begin(), faults_.end(), row,
                       [](const Fault& fault, std::uint32_t number) { return fault.row < number; });
  return found != faults_.end() && found->row == row ? &*found : nullptr;
}

std::string row_name(const Model& model, const std::function<Cell(std::size_t)>& cell_of) {
  std::string name = escaped(model.name());
  if (model.key.empty()) return name;
  name += '[';
  for (std::size_t i = 0; i < model.key.size(); ++i) {
    if (i > 0) name += ',';
    name += to_display(cell_of(model.key[i]), 40);
  }
  return name + ']';
}

std::string Answer::name_of(std::uint32_t row) const {
  return row_name(*model_, [&](std::size_t field) { return key_cell(row, field); });
}

LazyGroup& Answer::group(const Relation& relation) {
  if (groups_.empty()) groups_.resize(model_->relations.size());
  std::unique_ptr<LazyGroup>& place = groups_[relation.index];
  if (!place) place = std::make_unique<LazyGroup>();
  place->slots.resize(size_);  // rows may have been added since the last look
  if (place->rollbacks_seen != rollbacks_->version()) forget_stale(*place);
  return *place;
}

bool Answer::stale(const LazyGroup& lazies, const Slot& slot) const noexcept {
  const bool filled = slot.state == LazyState::loaded || slot.state == LazyState::failed;
  return filled && slot.batch < lazies.batches.size() &&
         rollbacks_->holds(lazies.batches[slot.batch].load);
}

void Answer::forget_stale(LazyGroup& lazies) const {
  for (std::uint32_t row = 0; row < lazies.slots.size(); ++row) {
    if (!stale(lazies, lazies.slots[row])) continue;
    lazies.slots[row] = Slot{};
    lazies.errors.erase(row);
  }
  lazies.rollbacks_seen = rollbacks_->version();
}

const Slot* Answer::find_slot(std::uint32_t row, const Relation& relation) const noexcept {
  const LazyGroup* lazies = find_group(relation);
  if (lazies == nullptr || row >= lazies->slots.size()) return nullptr;
  const Slot& slot = lazies->slots[row];
  return stale(*lazies, slot) ? nullptr : &slot;
}

const LazyGroup* Answer::find_group(const Relation& relation) const noexcept {
  return relation.index < groups_.size() ? groups_[relation.index].get() : nullptr;
}

std::shared_ptr<const FallbackWitness> Answer::witness(const Relation& relation) const {
  return witness_of(session(),
                    {.operation = "load", .model = model_->name(), .relation = relation.info.name});
}

LazyState Answer::state(std::uint32_t row, const Relation& relation) const noexcept {
  const Slot* found = find_slot(row, relation);
  return found != nullptr ? found->state : LazyState::not_loaded;
}

std::uint32_t Answer::missing_targets(std::uint32_t row, const Relation& relation) const noexcept {
  const Slot* found = find_slot(row, relation);
  return found != nullptr ? found->missing : 0;
}

void Answer::expire(std::uint32_t row, const Relation& relation) noexcept {
  if (relation.index >= groups_.size() || !groups_[relation.index]) return;
  LazyGroup& lazies = *groups_[relation.index];
  if (row >= lazies.slots.size()) return;
  lazies.slots[row] = Slot{};
  lazies.errors.erase(row);
}

std::shared_ptr<Session> Answer::open_session(const Relation& relation) const {
  std::shared_ptr<Session> session = session_.lock();
  if (session && session->open()) return session;
  throw DatabaseError(
      ErrorCode::detached,
      fmt::format("{} is not loaded, and the database is closed", escaped(relation.name())),
      {.operation = "load", .model = model_->name(), .relation = relation.info.name});
}

DatabaseError Answer::blocked(const Relation& relation) const {
  const DatabaseError error(
      ErrorCode::lazy_load_blocked,
      fmt::format("{} is not loaded, and loading it lazily is not allowed here; load it with the "
                  "query that fetched its owner",
                  escaped(relation.name())),
      {.operation = "load", .model = model_->name(), .relation = relation.info.name});
  if (const auto session = session_.lock(); session && session->tracer != nullptr) {
    Event event;
    event.kind = EventKind::blocked;
    event.operation = "load";
    event.model = model_->name();
    event.relation = relation.info.name;
    event.error = &error;
    session->emit(event);
  }
  return error;
}

void Answer::load(const Relation& relation, LazyGroup& lazies, std::uint32_t row, Fetch fetch) {
  if (fetch == Fetch::raise) throw blocked(relation);
  const std::shared_ptr<Session> session = open_session(relation);
  std::vector<std::uint32_t> wanted;
  if (fetch == Fetch::one) {
    wanted.push_back(row);
  } else {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (lazies.slots[i].state == LazyState::not_loaded) wanted.push_back(i);
    }
  }
  static_cast<void>(load_slots(*session, *this, relation, lazies, wanted));
}

void Answer::load_now(const Relation& relation, std::span<const std::uint32_t> rows) {
  LazyGroup& lazies = group(relation);
  std::vector<std::uint32_t> wanted;
  for (const std::uint32_t row : rows) {
    if (lazies.slots[row].state == LazyState::not_loaded) wanted.push_back(row);
  }
  if (!wanted.empty()) {
    const auto failed = load_slots(*open_session(relation), *this, relation, lazies, wanted);
    if (failed) throw *failed;
  }
}

void Answer::load_now(const Relation& relation) {
  std::vector<std::uint32_t> rows(size_);
  std::iota(rows.begin(), rows.end(), 0U);
  load_now(relation, rows);
}

void Answer::forget_rows() noexcept {
  size_ = 0;
  faults_.clear();
  groups_.clear();
}

Found Answer::answer(const LazyGroup& lazies, std::uint32_t row) const {
  const Slot& slot = lazies.slots[row];
  if (slot.state == LazyState::failed) throw lazies.errors.at(row);
  return {&lazies.batches[slot.batch], slot.begin, slot.end};
}

Found Answer::related(std::uint32_t row, const Relation& relation) {
  LazyGroup& lazies = group(relation);
  Slot& slot = lazies.slots[row];
  if (slot.state == LazyState::loading) {
    throw DatabaseError(
        ErrorCode::reentrant_load,
        fmt::format("{} was asked for while it was being loaded", escaped(relation.name())),
        {.operation = "load", .model = model_->name(), .relation = relation.info.name});
  }
  if (slot.state == LazyState::not_loaded) {
    load(relation, lazies, row, fetch_);
  } else if (slot.seen) {
    if (const auto session = session_.lock(); session && session->tracer != nullptr) {
      Event event;
      event.kind = EventKind::cache_hit;
      event.model = model_->name();
      event.relation = relation.info.name;
      session->emit(event);
    }
  }
  slot.seen = true;
  return answer(lazies, row);
}

Found Answer::refresh(std::uint32_t row, const Relation& relation) {
  expire(row, relation);
  LazyGroup& lazies = group(relation);
  load(relation, lazies, row, fetch_ == Fetch::raise ? Fetch::raise : Fetch::one);
  lazies.slots[row].seen = true;
  return answer(lazies, row);
}

}  // namespace ommi::engine
