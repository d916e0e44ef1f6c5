#include "doctor/model_problems.hpp"

#include "doctor/wording.hpp"

namespace doctor {

void for_each_problem(
    const Evidence& evidence, Findings& findings, ommi::Problem::What what,
    const std::function<void(Finding&, const ommi::Problem&, const ommi::Relation*)>& each) {
  for (const ommi::Problem& problem : evidence.problems) {
    if (problem.what != what) continue;
    Subject subject;
    subject.model = problem.model;
    const ommi::Model* const model =
        evidence.catalog == nullptr ? nullptr : evidence.catalog->find(problem.model);
    const ommi::Relation* const relation =
        model == nullptr ? nullptr : model->find_relation(problem.name);
    if (relation != nullptr) subject = subject_of(*relation);
    Finding& finding = findings.add(std::move(subject), ommi::escaped(problem.message));
    finding.count = 1;
    finding.place = problem.place;
    if (relation != nullptr) finding.relations = {relation};
    each(finding, problem, relation);
  }
}

}  // namespace doctor
