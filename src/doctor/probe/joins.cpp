#include "doctor/probe/joins.hpp"

#include <fmt/format.h>

#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"
#include "doctor/sweep/comparing.hpp"

namespace doctor {

namespace {

enum class Inner : std::uint8_t { target, model };

// CROSS keeps the database from taking the tables the other way round.
std::string join_of(const ReferenceSweep& reference, Inner inner) {
  const std::string model = quoted_table(*reference.model) + " AS referring";
  const std::string target = quoted_table(*reference.target) + " AS named";
  std::string pairs;
  for (std::size_t part = 0; part < reference.fields.size(); ++part) {
    pairs += fmt::format("{}referring.{} = named.{}", part == 0 ? "" : " AND ",
                         quoted_columns(*reference.model, {reference.fields[part]}),
                         quoted_columns(*reference.target, {reference.target_fields[part]}));
  }
  return fmt::format("SELECT * FROM {} CROSS JOIN {} ON {}",
                     inner == Inner::target ? model : target,
                     inner == Inner::target ? target : model, pairs);
}

bool ask(const ommi::Database& database, const ReferenceSweep& reference, Inner inner,
         ommi::QueryPlan& plan) {
  plan.statement = join_of(reference, inner);
  const std::string alias = inner == Inner::target ? "named" : "referring";
  const ommi::Model& searched = inner == Inner::target ? *reference.target : *reference.model;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    const std::string step(row[3].view());
    plan.steps.push_back(step);
    const bool automatic = step.find(" AUTOMATIC ") != std::string::npos;
    const bool inner_scan = step == "SCAN " + alias || step.starts_with("SCAN " + alias + " ");
    if (automatic) plan.automatic_index = true;
    if (inner_scan || automatic) plan.scanned.push_back(searched.info.table());
    return true;
  });
  return database.select("EXPLAIN QUERY PLAN " + plan.statement, {}, 4, visitor).ok();
}

}  // namespace

std::vector<JoinPlans> plans_of_mismatches(const ommi::Database& database,
                                           const Evidence& evidence) {
  std::vector<JoinPlans> found;
  for (std::size_t at = 0; at < evidence.references.size(); ++at) {
    const ReferenceSweep& reference = evidence.references[at];
    bool differ = false;
    for (std::size_t part = 0; part < reference.fields.size(); ++part) {
      const auto& left = reference.model->fields()[reference.fields[part]].comparison;
      const auto& right = reference.target->fields()[reference.target_fields[part]].comparison;
      differ = differ || !same_equality(left, right);
    }
    if (!differ) continue;
    JoinPlans plans;
    plans.reference = at;
    if (ask(database, reference, Inner::target, plans.to_target) &&
        ask(database, reference, Inner::model, plans.to_model)) {
      found.push_back(std::move(plans));
    }
  }
  return found;
}

}  // namespace doctor
