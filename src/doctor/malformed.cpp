#include "doctor/malformed.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/wording.hpp"

namespace doctor {

namespace {

std::string_view phrase(ommi::Malformed what) {
  switch (what) {
    case ommi::Malformed::none:
      return "rows";
    case ommi::Malformed::empty_wrapper:
      return "a success that wraps nothing";
    case ommi::Malformed::uninitialised_wrapper:
      return "a result that holds neither rows nor an error";
    case ommi::Malformed::wrapped_success:
      return "rows inside a result, where bare rows were due";
    case ommi::Malformed::wrapped_failure:
      return "an error inside a result, where it was to be raised";
    case ommi::Malformed::double_wrapped:
      return "a result inside a result";
    case ommi::Malformed::both_sides:
      return "a result that holds rows and an error";
    case ommi::Malformed::failure_without_error:
      return "a failure that names no error";
    case ommi::Malformed::not_rows:
      return "something that is no rows";
    case ommi::Malformed::wrong_width:
      return "rows with another number of columns";
    case ommi::Malformed::wrong_cell:
      return "values that are not of their fields' types";
    case ommi::Malformed::foreign_rows:
      return "rows that were not asked for";
    case ommi::Malformed::wrong_count:
      return "more or fewer rows than were asked for";
    case ommi::Malformed::unawaited:
      return "an object that was never awaited";
    case ommi::Malformed::truncated:
      return "a part of the rows, cut off";
  }
  return "rows";
}

void add(const RelationshipObservation& seen, const ommi::Malformation& what, std::uint64_t loads,
         const std::string& statement, const std::string& path, std::string_view remedy,
         Findings& findings) {
  const ommi::Relation& relation = *seen.relation;
  Finding& finding = findings.add(subject_of(relation),
                                  fmt::format("loading {}, the driver returned {}",
                                              ommi::escaped(relation.name()), phrase(what.what)));
  finding.count = loads;
  finding.scope = loads == 0 ? "no owner could be read"
                             : fmt::format("{} of {}", loads, counted(seen.loads, "load"));
  finding.relations = {&relation};
  finding.place = relation.info.place;
  finding.discriminator = ommi::to_string(what.what);
  finding.evidence.sql = statement;
  finding.evidence.returned = ommi::printable(what.got);
  finding.evidence.notes.push_back(fmt::format("due: {}", ommi::printable(what.expected)));
  if (!path.empty()) finding.evidence.notes.push_back(fmt::format("first at {}", path));
  finding.remedies = {{Safety::manual, std::string(remedy), {}}};
}

}  // namespace

void find_malformed(const Evidence& evidence, std::span<const ommi::Malformed> kinds,
                    std::string_view remedy, Findings& findings) {
  const auto wanted = [&](const ommi::Malformation& what) {
    return std::find(kinds.begin(), kinds.end(), what.what) != kinds.end();
  };
  for (const RelationshipObservation& seen : evidence.relationships) {
    for (const MalformedLoad& load : seen.malformed) {
      if (!wanted(load.what)) continue;
      add(seen, load.what, load.loads, load.statement, load.path, remedy, findings);
    }
    const ommi::Malformation* owners = seen.error ? seen.error->malformation() : nullptr;
    if (owners != nullptr && wanted(*owners)) {
      add(seen, *owners, 0, seen.error->statement(), {}, remedy, findings);
    }
  }
}

}  // namespace doctor
