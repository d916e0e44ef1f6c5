#include "ommi/record.hpp"

#include <fmt/format.h>

#include "engine/rows.hpp"
#include "engine/session.hpp"

namespace ommi {

namespace engine {

const Relation& relation_named(const Model& model, std::string_view name) {
  if (const Relation* found = model.find_relation(name)) return *found;
  std::vector<std::string> names;
  for (const Relation& relation : model.relations) names.push_back(relation.info.name);
  std::string message =
      fmt::format("{} has no relationship '{}'", escaped(model.name()), escaped(name));
  if (const std::string near = nearest(name, names); !near.empty()) {
    message += fmt::format("; did you mean '{}'?", escaped(near));
  }
  throw DatabaseError(ErrorCode::model, std::move(message), {.model = model.name()});
}

}  // namespace engine

namespace {

using engine::relation_named;

ErrorPlace place_of(const Model& model, std::string_view relation) {
  return {.operation = "load", .model = model.name(), .relation = std::string(relation)};
}

RecordList as_list(const engine::Found& found) {
  const engine::Batch& batch = *found.batch;
  return {std::static_pointer_cast<engine::Rows>(batch.targets.rows),
          batch.targets.order,
          found.begin,
          found.end,
          std::static_pointer_cast<engine::Rows>(batch.links.rows),
          batch.links.order};
}

/// The boundary for what is done with `relation` of `rows`.
template <class Work>
auto at_boundary(const engine::Rows& rows, const Relation& relation, Work&& work) {
  return capture(ErrorPlace{}, std::forward<Work>(work), [&] { return rows.witness(relation); });
}

DBResult<const Relation*> find_relation(const engine::Rows& rows, std::string_view name) {
  const ErrorPlace place = place_of(rows.model(), name);
  return capture(
      place, [&] { return &relation_named(rows.model(), name); },
      [&] { return engine::witness_of(rows.session(), place); });
}

[[noreturn]] void wrong_cardinality(const Relation& relation) {
  throw DatabaseError(
      ErrorCode::model,
      fmt::format("{} is to-{}: ask for it with {}()", escaped(relation.name()),
                  relation.many() ? "many" : "one", relation.many() ? "many" : "one"),
      place_of(*relation.owner, relation.info.name));
}

}  // namespace

const Model& Record::model() const noexcept { return rows_->model(); }

Cell Record::operator[](std::string_view field) const { return cell(at(model(), field).field()); }

Cell Record::cell(std::size_t field) const noexcept { return rows_->cell(row_, field); }

std::vector<Value> Record::key() const {
  std::vector<Value> values;
  for (const std::size_t field : model().key) values.emplace_back(cell(field));
  return values;
}

std::optional<DatabaseError> Record::fault() const {
  const Fault* found = rows_->fault(row_);
  if (found == nullptr) return std::nullopt;
  return rows_->error_of(*found);
}

DBResult<RecordList> Record::related(const Relation& relation) const {
  return at_boundary(*rows_, relation, [&] { return as_list(rows_->related(row_, relation)); });
}

DBResult<std::optional<Record>> Record::one(const Relation& relation) const {
  return at_boundary(*rows_, relation, [&]() -> std::optional<Record> {
    if (relation.many()) wrong_cardinality(relation);
    const RecordList found = as_list(rows_->related(row_, relation));
    if (found.empty()) return std::nullopt;
    return found[0];
  });
}

DBResult<std::optional<Record>> Record::one(std::string_view relation) const {
  const auto found = find_relation(*rows_, relation);
  if (const Failure* failed = found.failure()) return *failed;
  return one(*found.value());
}

DBResult<RecordList> Record::many(const Relation& relation) const {
  return at_boundary(*rows_, relation, [&] {
    if (!relation.many()) wrong_cardinality(relation);
    return as_list(rows_->related(row_, relation));
  });
}

DBResult<RecordList> Record::many(std::string_view relation) const {
  const auto found = find_relation(*rows_, relation);
  if (const Failure* failed = found.failure()) return *failed;
  return many(*found.value());
}

LazyState Record::state(const Relation& relation) const { return rows_->state(row_, relation); }

DBResult<RecordList> Record::refresh(const Relation& relation) const {
  return at_boundary(*rows_, relation, [&] { return as_list(rows_->refresh(row_, relation)); });
}

DBResult<RecordList> Record::refresh_if_needed(const Relation& relation) const {
  return state(relation) == LazyState::loaded ? related(relation) : refresh(relation);
}

void Record::expire(const Relation& relation) const { rows_->expire(row_, relation); }

std::uint32_t Record::missing_targets(const Relation& relation) const {
  return rows_->missing_targets(row_, relation);
}

RecordList::RecordList(std::shared_ptr<engine::Rows> rows)
    : rows_(std::move(rows)), end_(rows_->size()) {}

RecordList::RecordList(std::shared_ptr<engine::Rows> rows,
                       std::shared_ptr<const std::vector<std::uint32_t>> order, std::uint32_t begin,
                       std::uint32_t end, std::shared_ptr<engine::Rows> links,
                       std::shared_ptr<const std::vector<std::uint32_t>> link_order)
    : rows_(std::move(rows)),
      order_(std::move(order)),
      begin_(begin),
      end_(end),
      links_(std::move(links)),
      link_order_(std::move(link_order)) {}

RecordList RecordList::links() const {
  if (!links_) {
    throw DatabaseError(
        ErrorCode::model,
        fmt::format("these rows of {} came without the rows that link them; declare the "
                    "relationship as linked",
                    escaped(model().name())),
        {.model = model().name()});
  }
  return {links_, link_order_, begin_, end_};
}

Record RecordList::operator[](std::size_t index) const {
  const std::size_t at = begin_ + index;
  return {rows_, order_ ? (*order_)[at] : static_cast<std::uint32_t>(at)};
}

DBResult<Done> RecordList::load(const Relation& relation) const {
  return at_boundary(*rows_, relation, [&] {
    std::vector<std::uint32_t> wanted;
    wanted.reserve(size());
    for (std::uint32_t i = begin_; i < end_; ++i) wanted.push_back(order_ ? (*order_)[i] : i);
    rows_->load_now(relation, wanted);
    return Done{};
  });
}

const Model& RecordList::model() const noexcept { return rows_->model(); }

}  // namespace ommi
