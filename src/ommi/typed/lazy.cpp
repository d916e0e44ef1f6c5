#include "ommi/lazy.hpp"

#include <fmt/format.h>

#include "engine/answer.hpp"
#include "engine/session.hpp"

namespace ommi {
namespace {

const Relation& relation_of(const engine::Answer& answer, std::uint32_t relation) {
  return answer.model().relations[relation];
}

}  // namespace

void LazyField::hold() const noexcept { answer_->pin(1); }
void LazyField::let_go() const noexcept { answer_->unpin(); }

LazyState LazyField::state() const noexcept {
  return answer_ ? answer_->state(row_, relation_of(*answer_, relation_)) : LazyState::not_loaded;
}

void LazyField::expire() const noexcept {
  if (answer_) answer_->expire(row_, relation_of(*answer_, relation_));
}

LazyField::Found LazyField::look(Look how) const {
  if (!answer_) {
    throw DatabaseError(
        ErrorCode::detached,
        "a lazy field of an object that no database knows: attach the object, or add it",
        {.operation = "load"});
  }
  const Relation& relation = relation_of(*answer_, relation_);
  const engine::Found found =
      how == Look::cached ? answer_->related(row_, relation) : answer_->refresh(row_, relation);
  const auto side = [&](const engine::Brought& brought) {
    return engine::RelatedObjects{brought.objects, brought.order, found.begin, found.end};
  };
  return {side(found.batch->targets), side(found.batch->links)};
}

DatabaseError LazyField::no_row() const {
  const Relation& relation = relation_of(*answer_, relation_);
  return {ErrorCode::not_found,
          fmt::format("{}.{}: no {} refers to it, and one is promised", answer_->name_of(row_),
                      escaped(relation.info.name), escaped(relation.target->name())),
          {.operation = "load", .model = answer_->model().name(), .relation = relation.info.name}};
}

std::shared_ptr<const FallbackWitness> LazyField::witness() const {
  if (!answer_) return nullptr;
  return answer_->witness(relation_of(*answer_, relation_));
}

}  // namespace ommi
