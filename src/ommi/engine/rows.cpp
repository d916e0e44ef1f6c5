#include "engine/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/session.hpp"

namespace ommi::engine {

Rows::Rows(const std::shared_ptr<Session>& session, const Model& model, Fetch fetch)
    : session_(session),
      rollbacks_(session->rollbacks()),
      catalog_(session->catalog()),
      model_(&model),
      fetch_(fetch),
      width_(model.fields().size()) {
  for (const FieldInfo& field : model.fields()) {
    std::uint16_t kinds = 0;
    for (unsigned kind = 0; kind < 5; ++kind) {
      if (accepts(field.type, static_cast<Kind>(kind)))
        kinds = static_cast<std::uint16_t>(kinds | (1U << kind));
    }
    accepted_.push_back(kinds);
  }
}

std::uint32_t Rows::append(std::span<const Cell> cells) {
  const std::size_t start = cells_.size();
  cells_.insert(cells_.end(), cells.begin(), cells.end());
  for (std::size_t i = 0; i < width_; ++i) {
    Cell& cell = cells_[start + i];
    if (cell.kind >= Kind::text) cell.data = arena_.keep({cell.data, cell.size});
    if ((unsigned{accepted_[i]} >> static_cast<unsigned>(cell.kind) & 1U) == 0) {
      faults_.push_back({size_, static_cast<std::uint32_t>(i)});
    }
  }
  return size_++;
}

const Fault* Rows::fault(std::uint32_t row) const noexcept {
  if (faults_.empty()) return nullptr;
  const auto found =
      std::lower_bound(faults_.begin(), faults_.end(), row,
                       [](const Fault& fault, std::uint32_t number) { return fault.row < number; });
  return found != faults_.end() && found->row == row ? &*found : nullptr;
}

DatabaseError Rows::error_of(const Fault& fault) const {
  const FieldInfo& field = model_->fields()[fault.field];
  const Cell found = cell(fault.row, fault.field);
  return {ErrorCode::decode,
          fmt::format("{}.{} is declared {} and holds the {} {}", name_of(fault.row),
                      escaped(field.name), to_string(field.type), to_string(found.kind),
                      to_display(found, 40)),
          {.model = model_->name()}};
}

std::string Rows::name_of(std::uint32_t row) const {
  std::string name = escaped(model_->name());
  if (model_->key.empty()) return name;
  name += '[';
  for (std::size_t i = 0; i < model_->key.size(); ++i) {
    if (i > 0) name += ',';
    name += to_display(cell(row, model_->key[i]), 40);
  }
  return name + ']';
}

LazyGroup& Rows::group(const Relation& relation) {
  if (groups_.empty()) groups_.resize(model_->relations.size());
  std::unique_ptr<LazyGroup>& place = groups_[relation.index];
  if (!place) place = std::make_unique<LazyGroup>();
  place->slots.resize(size_);  // rows may have been added since the last look
  if (place->rollbacks_seen != rollbacks_->version()) forget_stale(*place);
  return *place;
}

bool Rows::stale(const LazyGroup& lazies, const Slot& slot) const noexcept {
  const bool filled = slot.state == LazyState::loaded || slot.state == LazyState::failed;
  return filled && slot.batch < lazies.batches.size() &&
         rollbacks_->holds(lazies.batches[slot.batch].load);
}

void Rows::forget_stale(LazyGroup& lazies) const {
  for (std::uint32_t row = 0; row < lazies.slots.size(); ++row) {
    if (!stale(lazies, lazies.slots[row])) continue;
    lazies.slots[row] = Slot{};
    lazies.errors.erase(row);
  }
  lazies.rollbacks_seen = rollbacks_->version();
}

const Slot* Rows::find_slot(std::uint32_t row, const Relation& relation) const noexcept {
  const LazyGroup* lazies = find_group(relation);
  if (lazies == nullptr || row >= lazies->slots.size()) return nullptr;
  const Slot& slot = lazies->slots[row];
  return stale(*lazies, slot) ? nullptr : &slot;
}

const LazyGroup* Rows::find_group(const Relation& relation) const noexcept {
  return relation.index < groups_.size() ? groups_[relation.index].get() : nullptr;
}

LazyState Rows::state(std::uint32_t row, const Relation& relation) const noexcept {
  const Slot* found = find_slot(row, relation);
  return found != nullptr ? found->state : LazyState::not_loaded;
}

std::uint32_t Rows::missing_targets(std::uint32_t row, const Relation& relation) const noexcept {
  const Slot* found = find_slot(row, relation);
  return found != nullptr ? found->missing : 0;
}

void Rows::expire(std::uint32_t row, const Relation& relation) noexcept {
  if (relation.index >= groups_.size() || !groups_[relation.index]) return;
  LazyGroup& lazies = *groups_[relation.index];
  if (row >= lazies.slots.size()) return;
  lazies.slots[row] = Slot{};
  lazies.errors.erase(row);
}

void Rows::load(const Relation& relation, LazyGroup& lazies, std::uint32_t row, Fetch fetch) {
  const ErrorPlace place{
      .operation = "load", .model = model_->name(), .relation = relation.info.name};
  if (fetch == Fetch::raise) {
    throw DatabaseError(
        ErrorCode::lazy_load_blocked,
        fmt::format("{} is not loaded, and loading it lazily is not allowed here; load it with the "
                    "query that fetched its owner",
                    escaped(relation.name())),
        place);
  }
  const std::shared_ptr<Session> session = session_.lock();
  if (!session || !session->open()) {
    throw DatabaseError(
        ErrorCode::detached,
        fmt::format("{} is not loaded, and the database is closed", escaped(relation.name())),
        place);
  }
  std::vector<std::uint32_t> wanted;
  if (fetch == Fetch::one) {
    wanted.push_back(row);
  } else {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (lazies.slots[i].state == LazyState::not_loaded) wanted.push_back(i);
    }
  }
  load_slots(*session, *this, relation, lazies, wanted);
}

RecordList Rows::answer(const LazyGroup& lazies, std::uint32_t row) const {
  const Slot& slot = lazies.slots[row];
  if (slot.state == LazyState::failed) throw lazies.errors.at(row);
  const Batch& batch = lazies.batches[slot.batch];
  return {batch.rows, batch.order, slot.begin, slot.end};
}

RecordList Rows::related(std::uint32_t row, const Relation& relation) {
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

RecordList Rows::refresh(std::uint32_t row, const Relation& relation) {
  expire(row, relation);
  LazyGroup& lazies = group(relation);
  load(relation, lazies, row, fetch_ == Fetch::raise ? Fetch::raise : Fetch::one);
  lazies.slots[row].seen = true;
  return answer(lazies, row);
}

}  // namespace ommi::engine
