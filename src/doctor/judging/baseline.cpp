#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/judging.hpp"

namespace doctor {
namespace {

using nlohmann::ordered_json;
using ommi::DatabaseError;
using ommi::ErrorCode;

constexpr int schema_version = 1;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw DatabaseError(ErrorCode::model, fmt::format("{}: {}", ommi::escaped(file), why));
}

template <class T>
T member(const ordered_json& object, const char* name, const std::string& file) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (found == object.end()) refuse(file, fmt::format("is no baseline: '{}' is not there", name));
  try {
    return found->get<T>();
  } catch (const nlohmann::json::exception&) {
    refuse(file, fmt::format("is no baseline: '{}' is of the wrong kind", name));
  }
}

KnownFinding known_from(const ordered_json& json, const std::string& file) {
  return {member<std::string>(json, "fingerprint", file), member<std::string>(json, "code", file),
          member<std::string>(json, "name", file), member<std::string>(json, "subject", file),
          member<std::uint64_t>(json, "count", file)};
}

/// Open findings and those that are in a baseline, by fingerprint; two of one count together.
std::map<std::string, KnownFinding> seen_in(const Diagnosis& diagnosis) {
  std::map<std::string, KnownFinding> seen;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.standing == Standing::suppressed) continue;
    KnownFinding& known = seen[finding.fingerprint];
    known.fingerprint = finding.fingerprint;
    known.code = finding.code;
    known.name = finding.name;
    known.subject = subject_name(finding.subject);
    known.count += finding.count;
  }
  return seen;
}

}  // namespace

ommi::DBResult<Baseline> read_baseline(std::string_view text, const std::string& file,
                                       const std::string& database) {
  return ommi::capture({.operation = "baseline"}, [&] {
    const ordered_json json = ordered_json::parse(text, nullptr, false);
    if (json.is_discarded()) refuse(file, "is no baseline: not JSON");
    if (member<int>(json, "schema_version", file) != schema_version)
      refuse(file, "was written by another version; write it again with --update-baseline");
    Baseline baseline{member<std::string>(json, "database", file), {}};
    if (baseline.database != database) {
      refuse(file, fmt::format("is the baseline of {}, and not of {}",
                               ommi::escaped(baseline.database), ommi::escaped(database)));
    }
    for (const ordered_json& one : member<ordered_json>(json, "findings", file))
      baseline.findings.push_back(known_from(one, file));
    return baseline;
  });
}

std::string write_baseline(const Baseline& baseline) {
  ordered_json findings = ordered_json::array();
  for (const KnownFinding& known : baseline.findings) {
    findings.push_back({{"fingerprint", known.fingerprint},
                        {"code", known.code},
                        {"name", known.name},
                        {"subject", known.subject},
                        {"count", known.count}});
  }
  const ordered_json json = {{"schema_version", schema_version},
                             {"database", baseline.database},
                             {"findings", std::move(findings)}};
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

void apply_baseline(Diagnosis& diagnosis, const Baseline& baseline, const RuleSelection& rules) {
  const auto seen = seen_in(diagnosis);
  std::map<std::string, std::uint64_t> known;
  std::size_t gone = 0;
  for (const KnownFinding& finding : baseline.findings) {
    known[finding.fingerprint] += finding.count;
    const bool looked_for = diagnosis.complete() && rules.selects(finding.code, finding.name);
    if (seen.count(finding.fingerprint) != 0 || !looked_for) continue;
    ++gone;
    diagnosis.notes.push_back(fmt::format("the baseline's {} {} is there no longer",
                                          ommi::escaped(finding.code),
                                          ommi::escaped(finding.subject)));
  }
  if (gone > 0) diagnosis.notes.emplace_back("--update-baseline takes what is gone out of it");
  for (Finding& finding : diagnosis.findings) {
    const auto found = known.find(finding.fingerprint);
    if (finding.standing != Standing::open || found == known.end()) continue;
    const std::uint64_t now = seen.at(finding.fingerprint).count;
    if (now <= found->second) {
      finding.standing = Standing::baselined;
    } else {
      finding.evidence.notes.push_back(
          fmt::format("the baseline knows {} of them, and now there are {}", found->second, now));
    }
  }
}

Baseline first_baseline(const Diagnosis& diagnosis, const std::string& database) {
  Baseline baseline{database, {}};
  for (auto& [fingerprint, known] : seen_in(diagnosis)) baseline.findings.push_back(known);
  return baseline;
}

Baseline next_baseline(const Diagnosis& diagnosis, const Baseline& baseline,
                       const RuleSelection& rules) {
  const auto seen = seen_in(diagnosis);
  Baseline next{baseline.database, {}};
  for (KnownFinding known : baseline.findings) {
    const auto found = seen.find(known.fingerprint);
    const bool looked_for = rules.selects(known.code, known.name);
    if (found == seen.end() && looked_for) continue;
    if (found != seen.end()) known.count = std::min(known.count, found->second.count);
    next.findings.push_back(std::move(known));
  }
  return next;
}

}  // namespace doctor
