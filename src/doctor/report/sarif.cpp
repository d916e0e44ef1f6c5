#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/report.hpp"
#include "doctor/report_parts/json_parts.hpp"
#include "doctor/report_parts/sarif_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report {
namespace {

using nlohmann::ordered_json;
using report_parts::SarifContext;

ordered_json artifacts(const SarifContext& context) {
  ordered_json database = {
      {"location", {{"uri", report_parts::uri_of(context.locations.of_database().file)}}},
      {"roles", ordered_json::array({"analysisTarget"})},
      {"mimeType", context.diagnosis.database.driver == "sqlite" ? "application/vnd.sqlite3"
                                                                 : "application/octet-stream"}};
  const std::string& hash = context.diagnosis.database.sha256_before;
  if (!hash.empty()) database["hashes"] = {{"sha-256", hash}};
  return ordered_json::array({std::move(database)});
}

ordered_json statistics(const Diagnosis& diagnosis) {
  return {{"rowsSwept", diagnosis.rows_swept},
          {"driverCalls", diagnosis.driver_calls},
          {"exhaustive", diagnosis.exhaustive},
          {"summary", report_parts::json_summary(diagnosis)}};
}

ordered_json driver_json(const SarifContext& context) {
  return {{"name", "ommi-doctor"},
          {"fullName", "ommi-doctor " OMMI_DOCTOR_VERSION},
          {"version", OMMI_DOCTOR_VERSION},
          {"semanticVersion", OMMI_DOCTOR_VERSION},
          {"shortDescription",
           {{"text", "Finds why lazily loaded relationships of a database break."}}},
          {"language", "en"},
          {"notifications", report_parts::sarif_notification_rules()},
          {"rules", context.rules.json()}};
}

std::string write(const Diagnosis& diagnosis, const ReportOptions& options) {
  const SarifContext context{
      diagnosis, options, report_parts::Locations(diagnosis, options),
      report_parts::Disclosure(diagnosis.sources.catalog.get(), options.show_values),
      report_parts::SarifRules(diagnosis)};
  // GitHub takes what is before the last slash as the category: reports on several databases of one
  // commit stand side by side.
  const std::string category = report_parts::uri_of(context.locations.of_database().file);
  const ordered_json run = {
      {"tool", {{"driver", driver_json(context)}}},
      {"automationDetails",
       {{"id", fmt::format("ommi-doctor/{}/", category)},
        {"description", {{"text", report_parts::stopped(report_parts::heading_text(diagnosis))}}}}},
      {"invocations", ordered_json::array({report_parts::sarif_invocation(context)})},
      {"artifacts", artifacts(context)},
      {"columnKind", "unicodeCodePoints"},
      {"results", report_parts::sarif_results(context)},
      {"properties", statistics(diagnosis)}};
  const ordered_json log = {{"$schema",
                             "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                             "sarif-schema-2.1.0.json"},
                            {"version", "2.1.0"},
                            {"runs", ordered_json::array({run})}};
  return report_parts::json_text(log, 2) + '\n';
}

}  // namespace

extern constinit const ReportFormat sarif = {
    .name = "sarif", .summary = "SARIF 2.1.0, for code scanning", .write = write};

}  // namespace doctor::report
