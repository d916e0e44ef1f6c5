#include <algorithm>

#include "doctor/sweep/sweeper.hpp"

namespace doctor {

namespace {

constexpr std::string_view too_little_memory =
    "the memory does not hold even a small part of its keys; run again with more";

}  // namespace

void Sweeper::do_deferred() {
  for (KeyTarget& target : targets_) target.release();
  while (!deferred_.empty()) {
    const auto [model, check] = deferred_.front();
    deferred_.erase(deferred_.begin());
    const std::string reason = do_in_slices(*model, *check);
    check->start_over();  // it gives its memory back
    if (!reason.empty()) {
      check->fail(reason);
      note_if_short(*model, reason);
    }
    for (KeyTarget& target : targets_) target.release();
  }
}

void Sweeper::note_if_short(const ommi::Model& model, const std::string& reason) {
  if (reason != too_little_memory) return;
  result_.skipped.push_back({"table " + model.info.table(), reason});
}

/// Does a check alone, for one slice of the keys after the other; gives why it could not.
std::string Sweeper::do_in_slices(const ommi::Model& model, Check& check) {
  Work work;
  work.checks.push_back(&check);
  ScanColumns columns(model);
  check.start_over();
  if (const std::unique_ptr<Check> look = check.look_ahead(budget_)) {
    Work all;
    all.checks.push_back(look.get());
    ScanColumns seen(model);
    if (std::string reason = read(model, all, seen); !reason.empty()) return reason;
  }
  Slice slice;
  while (slice.first != Slice::last_end) {
    slice.end = Slice::last_end;
    std::string reason = fill_targets(check, slice);
    const std::uint64_t filled = slice.end;
    while (reason.empty() && slice.first != filled) {
      slice.end = filled;
      reason = do_slice(model, check, slice, columns);
      slice.first = slice.end;
    }
    if (!reason.empty()) return reason;
  }
  check.finish(columns);
  return {};
}

/// Reads the keys that a check needs, from the slice's beginning as far as the memory goes, and
/// ends the slice there.
std::string Sweeper::fill_targets(const Check& check, Slice& slice) {
  const auto wanted = check.targets();
  if (wanted.empty()) return {};
  Work work;
  const std::uint64_t most = budget_.limit() / 4 * 3 / wanted.size();
  for (KeyTarget& target : targets_) {
    if (std::find(wanted.begin(), wanted.end(), &target) == wanted.end()) continue;
    target.open({&budget_, most, WhenFull::narrow, slice});
    work.keys.push_back(&target);
  }
  const ommi::Model& model = wanted.front()->model();
  ScanColumns columns(model);
  if (std::string reason = read(model, work, columns); !reason.empty()) return reason;
  for (const KeyTarget* target : wanted) {
    if (!target->failure().empty()) return target->failure();
  }
  for (KeyTarget* target : work.keys) {
    target->finish();
    if (target->gave_up()) return std::string(too_little_memory);
    slice.end = std::min(slice.end, target->keys().slice().end);
  }
  return {};
}

/// Counts what belongs to a slice; where that is too much for the memory, the slice becomes
/// smaller.
std::string Sweeper::do_slice(const ommi::Model& model, Check& check, Slice& slice,
                              ScanColumns& columns) {
  while (true) {
    const std::unique_ptr<Check> part =
        check.for_slice({&budget_, budget_.limit() / 4, WhenFull::narrow, slice});
    Work work;
    work.checks.push_back(part.get());
    if (std::string reason = read(model, work, columns); !reason.empty()) return reason;
    if (work.checks.empty()) return missing_column(model, check.fields());
    if (part->gave_up()) return std::string(too_little_memory);
    const bool again = part->overcounted();
    slice.end = part->covered().end;
    if (again) continue;
    check.bind(columns);
    check.merge(*part);
    return {};
  }
}

}  // namespace doctor
