#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "doctor/sweep/sweeper.hpp"

namespace doctor {

namespace {

using ommi::ErrorCode;
using ommi::Model;

class NoRows final : public ommi::RowVisitor {
 public:
  bool row(Row) override { return false; }
};

}  // namespace

bool Sweeper::waits(const Check& check) {
  const auto targets = check.targets();
  return std::any_of(targets.begin(), targets.end(),
                     [](const KeyTarget* target) { return !target->ready(); });
}

/// Whether a check of these rows needs keys that are not there yet.
bool Sweeper::waits(const Work& work) {
  return std::any_of(work.checks.begin(), work.checks.end(),
                     [](const Check* check) { return waits(*check); });
}

// A cycle or a self reference is cut at a table whose references run ahead of their target.
void Sweeper::scan_all() {
  const auto& models = database_.catalog().models();
  while (true) {
    const auto next = std::find_if(models.begin(), models.end(), [&](const Model& model) {
      return !work_[model.index].empty() && !waits(work_[model.index]);
    });
    if (next != models.end()) {
      scan(*next, std::exchange(work_[next->index], {}));
    } else {
      const auto cut = std::find_if(models.begin(), models.end(), [&](const Model& model) {
        return !work_[model.index].keys.empty();
      });
      if (cut == models.end()) return;
      scan(*cut, take_some(*cut));
    }
    settle();
    release_keys();
  }
}

/// The keys of a table, and the checks of it that can be done now.
Work Sweeper::take_some(const Model& model) {
  Work& all = work_[model.index];
  Work taken;
  taken.keys = std::exchange(all.keys, {});
  std::erase_if(all.checks, [&](Check* check) {
    if (waits(*check)) {
      const auto found = std::find_if(references_.begin(), references_.end(),
                                      [&](const auto& known) { return &known == check; });
      if (found == references_.end() || !found->can_run_ahead()) return false;
      found->run_ahead();
      ahead_.push_back(&*found);
    }
    taken.checks.push_back(check);
    return true;
  });
  return taken;
}

/// References that ran ahead of a target that is known now: what they did not find must be there,
/// or else their rows are read again.
void Sweeper::settle() {
  std::erase_if(ahead_, [&](ReferenceCheck* check) {
    if (waits(*check)) return false;
    const KeyTarget& target = *check->targets().front();
    if (!target.failure().empty()) {
      check->fail(target.failure());
    } else if (target.gave_up() || check->gave_up() || !check->settled()) {
      check->start_over();
      work_[check->model().index].checks.push_back(check);
    } else {
      check->forget_missed();
    }
    return true;
  });
}

void Sweeper::release_keys() {
  std::vector<const KeyTarget*> needed;
  const auto need = [&](const Check& check) {
    const auto targets = check.targets();
    needed.insert(needed.end(), targets.begin(), targets.end());
  };
  for (const Work& work : work_) {
    for (const Check* check : work.checks) need(*check);
  }
  for (const ReferenceCheck* check : ahead_) need(*check);
  for (KeyTarget& target : targets_) {
    if (!target.ready()) continue;
    if (std::find(needed.begin(), needed.end(), &target) == needed.end()) target.release();
  }
}

/// Takes out the checks whose target could not be read, or did not fit.
void Sweeper::drop_unready(const Model& model, Work& work) {
  std::erase_if(work.checks, [&](Check* check) {
    const auto targets = check->targets();
    for (const KeyTarget* target : targets) {
      if (target->failure().empty()) continue;
      check->fail(target->failure());
      return true;
    }
    if (std::none_of(targets.begin(), targets.end(),
                     [](const KeyTarget* target) { return target->gave_up(); })) {
      return false;
    }
    deferred_.emplace_back(&model, check);
    return true;
  });
}

void Sweeper::scan(const Model& model, Work work) {
  drop_unready(model, work);
  ScanColumns columns(model);
  if (!read(model, work, columns).empty()) return;
  for (KeyTarget* target : work.keys) target->finish();
  for (Check* check : work.checks) {
    if (!check->gave_up()) {
      check->finish(columns);
    } else if (std::find(ahead_.begin(), ahead_.end(), check) == ahead_.end()) {
      check->start_over();
      deferred_.emplace_back(&model, check);
    }
  }
}

/// Reads the table until it is done or has failed; then all of the work has, which is noted.
std::string Sweeper::read(const Model& model, Work& work, ScanColumns& columns) {
  const std::string& table = model.info.table();
  while (true) {
    drop_unusable(model, work);
    columns = ScanColumns(model);
    work.bind(columns);
    if (columns.fields().empty()) return {};
    if (!work.checks.empty()) columns.add_naming_fields(usable(model));
    const auto scanned = scanner_.scan(table, columns, work);
    if (scanned) {
      note_rows(model, scanned.value(), !work.checks.empty());
      return {};
    }
    const ommi::Failure& failure = *scanned.failure();
    if (failure.code() == ErrorCode::missing_column && find_missing_columns(model)) continue;
    for (KeyTarget* target : work.keys) target->fail(failure.message());
    for (Check* check : work.checks) fail(*check, failure.message());
    // A missing table or column is a finding, not a part of the run left undone.
    if (failure.code() != ErrorCode::missing_table && failure.code() != ErrorCode::missing_column) {
      result_.skipped.push_back({"table " + table, failure.message()});
    }
    return failure.message();
  }
}

void Sweeper::fail(Check& check, const std::string& reason) {
  check.fail(reason);
  std::erase_if(ahead_, [&](const ReferenceCheck* ahead) { return ahead == &check; });
}

void Sweeper::note_rows(const Model& model, std::uint64_t rows, bool checked) {
  scanner_.progress().unexpect(expected_[model.index]);
  scanner_.progress().expect(rows);
  expected_[model.index] = 0;
  if (!checked || swept_[model.index]) return;
  swept_[model.index] = true;
  result_.rows_swept += rows;
}

std::vector<bool> Sweeper::usable(const Model& model) const {
  std::vector<bool> usable(model.fields().size(), true);
  for (const auto& [field, reason] : missing_[model.index]) usable[field] = false;
  return usable;
}

/// Finds the fields without a column; false if there are no more.
bool Sweeper::find_missing_columns(const Model& model) {
  auto& missing = missing_[model.index];
  const std::size_t known = missing.size();
  for (std::size_t field = 0; field < model.fields().size(); ++field) {
    if (missing.count(field) != 0) continue;
    NoRows nothing;
    const auto probed =
        database_.scan({model.info.table(), {model.fields()[field].column()}}, nothing);
    if (probed || probed.failure()->code() != ErrorCode::missing_column) continue;
    missing[field] = probed.failure()->message();
    for (ReferenceCheck& check : references_) {
      if (&check.model() == &model) check.tell_nothing_with(field);
    }
  }
  return missing.size() > known;
}

std::string Sweeper::missing_column(const Model& model, const Fields& fields) const {
  const auto& missing = missing_[model.index];
  for (const std::size_t field : fields) {
    if (const auto found = missing.find(field); found != missing.end()) return found->second;
  }
  return {};
}

/// Fails what reads fields that have no column.
void Sweeper::drop_unusable(const Model& model, Work& work) {
  if (missing_[model.index].empty()) return;
  std::erase_if(work.keys, [&](KeyTarget* target) {
    const std::string reason = missing_column(model, target->fields());
    if (!reason.empty()) target->fail(reason);
    return !reason.empty();
  });
  std::erase_if(work.checks, [&](Check* check) {
    const std::string reason = missing_column(model, check->fields());
    if (!reason.empty()) fail(*check, reason);
    return !reason.empty();
  });
}

}  // namespace doctor
