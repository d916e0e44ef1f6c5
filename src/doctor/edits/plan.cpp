#include <algorithm>

#include "doctor/edits.hpp"

namespace doctor {
namespace {

bool same_edit(const TextEdit& left, const TextEdit& right) {
  return left.line == right.line && left.lines == right.lines && left.text == right.text;
}

/// Whether both would change one line; what is put before it changes none.
bool collide(const TextEdit& left, const TextEdit& right) {
  const TextEdit& first = left.line <= right.line ? left : right;
  const TextEdit& second = left.line <= right.line ? right : left;
  if (left.lines == 0 && right.lines == 0) return false;
  if (first.line == second.line) return first.lines > 0 && second.lines > 0;
  return first.line + first.lines > second.line;
}

/// The edit of `planned` that `edit` would touch, or null.
const Planned* touched(const std::vector<Planned>& planned, const TextEdit& edit) {
  for (const Planned& other : planned) {
    if (!same_edit(other.edit, edit) && collide(other.edit, edit)) return &other;
  }
  return nullptr;
}

const Remedy* first_with_edits(const Finding& finding) {
  for (const Remedy& remedy : finding.remedies) {
    if (!remedy.edits.empty()) return &remedy;
  }
  return nullptr;
}

/// Takes all edits of a finding, or none.
void take(EditPlan& plan, const Finding& finding, const std::vector<TextEdit>& edits) {
  for (const TextEdit& edit : edits) {
    const Planned* const other = touched(plan.files[edit.file], edit);
    if (other == nullptr) continue;
    plan.left_out.push_back({edit.file, edit.line, finding.code,
                             "the same line is changed for " + other->finding->code});
    return;
  }
  for (const TextEdit& edit : edits) {
    std::vector<Planned>& planned = plan.files[edit.file];
    const bool there = std::any_of(planned.begin(), planned.end(),
                                   [&](const Planned& one) { return same_edit(one.edit, edit); });
    if (!there) planned.push_back({edit, &finding});
  }
}

}  // namespace

EditPlan plan_edits(const std::vector<Finding>& findings) {
  EditPlan plan;
  for (const Finding& finding : findings) {
    const Remedy* const remedy = first_with_edits(finding);
    if (remedy != nullptr && finding.standing == Standing::open) take(plan, finding, remedy->edits);
  }
  for (auto& [file, planned] : plan.files) {
    std::stable_sort(planned.begin(), planned.end(), [](const Planned& left, const Planned& right) {
      const auto place = [](const Planned& one) {
        return std::make_pair(one.edit.line, one.edit.lines > 0);
      };
      return place(left) < place(right);
    });
  }
  std::erase_if(plan.files, [](const auto& file) { return file.second.empty(); });
  return plan;
}

}  // namespace doctor
