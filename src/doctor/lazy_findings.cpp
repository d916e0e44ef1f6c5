#include "doctor/lazy_findings.hpp"

#include <fmt/format.h>

#include "doctor/wording.hpp"

namespace doctor {

std::string given(const LazyLook& look) {
  switch (look.gave) {
    case Gave::nothing:
      return "nothing";
    case Gave::rows:
      return counted(look.rows, "row");
    case Gave::failure:
      return fmt::format("an error ({})", ommi::to_string(look.code));
    case Gave::fallback:
      return "the default";
    case Gave::wrapped_rows:
      return "a result object around " + counted(look.rows, "row");
    case Gave::wrapped_failure:
      return fmt::format("a result object around an error ({})", ommi::to_string(look.code));
  }
  return "nothing";
}

Finding& add_lazy(const LazyObservation& seen, const LazyLook& look, std::string message,
                  std::string_view remedy, Findings& findings) {
  const ommi::Relation& relation = *seen.relation;
  Finding& finding = findings.add(subject_of(relation), std::move(message));
  finding.count = 1;
  finding.scope = "1 owner was looked at";
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.evidence.sql = look.statement;
  finding.evidence.returned = given(look);
  if (!seen.owner.empty())
    finding.evidence.notes.push_back(fmt::format("looked at {}", seen.owner));
  finding.remedies = {{Safety::manual, std::string(remedy), {}}};
  return finding;
}

}  // namespace doctor
