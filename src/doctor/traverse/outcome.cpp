#include "doctor/traverse/outcome.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/traversal.hpp"
#include "doctor/traverse/owners.hpp"

namespace doctor {
namespace {

bool null_reference(const ommi::Record& owner, const ommi::Relation& relation) {
  return std::any_of(relation.owner_fields.begin(), relation.owner_fields.end(),
                     [&](std::size_t field) { return owner.cell(field).is_null(); });
}

Outcome failed_outcome(const ommi::Record& owner, const ommi::Relation& relation,
                       const ommi::DatabaseError& error) {
  if (error.code() == ommi::ErrorCode::dangling_reference) {
    return null_reference(owner, relation) ? Outcome::null : Outcome::dangling;
  }
  if (error.code() == ommi::ErrorCode::decode && owner.fault()) return Outcome::unreadable;
  return Outcome::failed;
}

}  // namespace

LoadResult load_once(const ommi::Record& owner, const ommi::Relation& relation) {
  const ommi::DBResult<ommi::RecordList> loaded = owner.related(relation);
  if (const ommi::Failure* failed = loaded.failure()) {
    return {failed_outcome(owner, relation, failed->error()), 0, failed->error(), {}};
  }
  LoadResult result{Outcome::loaded, loaded.value().size(), {}, loaded.value()};
  if (owner.missing_targets(relation) > 0) {
    result.outcome = Outcome::partial;
  } else if (result.rows == 0) {
    result.outcome = null_reference(owner, relation) ? Outcome::null : Outcome::empty;
  }
  return result;
}

HopSample hop_sample(const ommi::Record& owner, const ommi::Relation& relation,
                     const LoadResult& loaded) {
  HopSample sample;
  sample.path = fmt::format("{}.{}", row_path(owner), ommi::escaped(relation.info.name));
  sample.owner.key = key_sample(owner);
  for (const std::size_t field : relation.owner_fields) {
    sample.owner.value.push_back(
        {owner.model().fields()[field].name, ommi::Value(owner.cell(field))});
  }
  sample.outcome = loaded.outcome;
  sample.rows = loaded.rows;
  if (loaded.error) {
    sample.code = loaded.error->code();
    sample.message = loaded.error->message();
  } else if (loaded.outcome == Outcome::partial) {
    const std::uint32_t missing = owner.missing_targets(relation);
    sample.message = fmt::format("{} link{} lead{} to no {}", missing, missing == 1 ? "" : "s",
                                 missing == 1 ? "s" : "", ommi::escaped(relation.target->name()));
  }
  return sample;
}

}  // namespace doctor
