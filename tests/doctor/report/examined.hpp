#pragma once

/// \file
/// Diagnoses for every format to write: of the project's sample databases, of databases by others
/// where those are here, and some that no sound database gives.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "doctor/report/sample_diagnosis.hpp"
#include "ommi/sqlite.hpp"
#include "support/folders.hpp"

namespace testing {

using NamedDiagnosis = std::pair<std::string, doctor::Diagnosis>;

inline doctor::Diagnosis examined(ommi::Database database, const std::string& name) {
  auto catalog = doctor::read_catalog(database, {}).or_raise();
  database.use(catalog.catalog);
  doctor::TraversalOptions options;
  options.sample = 20;
  return doctor::examine(database, std::move(catalog), {"sqlite", name, "", ""}, options, {})
      .or_raise();
}

inline std::string text_of_file(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// What every kind of quoting has to survive: a newline, both quotes, the ends of CDATA and of a
/// script, a control character, a right-to-left mark, a byte that is no UTF-8, a character that XML
/// forbids, words of workflow commands, a placeholder and a link of SARIF.
inline const std::string nasty =
    "\"q' ]]></script><!-- \n::error::x ##[error]%0A\x01\u202E\uFFFF {0} [a](b) \\ \xfe";

inline doctor::Diagnosis nasty_diagnosis() {
  doctor::Diagnosis diagnosis = sample_diagnosis();
  auto catalog = std::make_shared<ommi::Catalog>();
  ommi::ModelInfo target;
  target.name = nasty;
  target.fields = {field("id", ommi::Type::integer, true)};
  ommi::ModelInfo model = target;
  model.name = nasty + "2";
  model.fields.push_back(field(nasty, ommi::Type::integer));
  model.references = {{.fields = {nasty}, .model = nasty, .target_fields = {"id"}}};
  model.relations = {{.name = nasty, .target = nasty, .join = {{nasty, "id"}}}};
  catalog->add(target).add(model);
  catalog->seal();
  diagnosis.database.name = nasty;
  diagnosis.notes = {nasty};
  diagnosis.skipped = {{nasty, nasty}};
  doctor::Finding& finding = diagnosis.findings[0];
  const ommi::Relation& relation = *catalog->find(model.name)->find_relation(nasty);
  finding.subject = {relation.name(), model.name, nasty, model.name, nasty};
  finding.relations = {&relation};
  finding.message = nasty;
  finding.explains = {nasty};
  finding.samples = {{{{nasty, nasty}}, {{nasty, nasty}}}};
  finding.evidence = {nasty, {nasty}, nasty, {nasty}};
  finding.place = {nasty, 3};
  finding.remedies = {{doctor::Safety::manual, nasty, {nasty}, {{nasty, 3, 1, nasty}}}};
  diagnosis.findings[1] = finding;
  diagnosis.findings[1].standing = doctor::Standing::suppressed;
  diagnosis.findings[1].standing_reason = nasty;
  doctor::RelationshipObservation seen = observed(relation);
  seen.error = ommi::DatabaseError(ommi::ErrorCode::database, nasty);
  diagnosis.evidence.relationships = {seen};
  diagnosis.verdicts = {doctor::Verdict::unchecked};
  diagnosis.sources.catalog = catalog;
  diagnosis.evidence.catalog = catalog.get();
  return diagnosis;
}

/// One finding of each standing and level, of one rule.
inline doctor::Diagnosis known_diagnosis() {
  doctor::Diagnosis diagnosis = sample_diagnosis();
  diagnosis.findings = {dangling(), dangling(), dangling(), dangling()};
  diagnosis.findings[1].standing = doctor::Standing::baselined;
  diagnosis.findings[2].standing = doctor::Standing::suppressed;
  diagnosis.findings[2].standing_reason = "rows of the old importer";
  diagnosis.findings[3].level = doctor::Level::info;
  for (std::size_t at = 0; at < diagnosis.findings.size(); ++at) {
    diagnosis.findings[at].fingerprint = "f00d" + std::to_string(at);
  }
  return diagnosis;
}

inline doctor::Diagnosis incomplete_diagnosis() {
  doctor::Diagnosis diagnosis = sample_diagnosis();
  diagnosis.findings.clear();
  diagnosis.skipped = {{"Post.author", "the time is up"}, {"the table Tag", "it cannot be read"}};
  diagnosis.verdicts[1] = doctor::Verdict::unchecked;
  return diagnosis;
}

inline doctor::Diagnosis empty_diagnosis() {
  doctor::Diagnosis diagnosis;
  diagnosis.database = {"sqlite", "empty.db", "", ""};
  return diagnosis;
}

inline std::vector<NamedDiagnosis> examine_all() {
  std::vector<NamedDiagnosis> all;
  all.emplace_back("sample", sample_diagnosis());
  all.emplace_back("nasty", nasty_diagnosis());
  all.emplace_back("known", known_diagnosis());
  all.emplace_back("incomplete", incomplete_diagnosis());
  all.emplace_back("empty", empty_diagnosis());
  for (const auto& entry : std::filesystem::directory_iterator(folders::source() + "/sample-dbs")) {
    if (entry.path().extension() != ".sql") continue;
    const std::string name = entry.path().stem().string();
    all.emplace_back(name,
                     examined(ommi::Database(ommi::sqlite::open_memory(text_of_file(entry.path()))),
                              name + ".db"));
  }
  for (const std::string_view name :
       {"sakila/sakila.db", "northwind/northwind.db", "ommi/blog/broken.db",
        "ommi/blog/broken_missing_table.db", "odd/odd_names.db", "odd/invalid_utf8.db"}) {
    const auto file = std::filesystem::path(folders::shared_data()) / name;
    if (!std::filesystem::exists(file)) continue;
    all.emplace_back(file.stem().string(),
                     examined(ommi::Database(ommi::sqlite::open(file.string())), file.string()));
  }
  return all;
}

inline const std::vector<NamedDiagnosis>& all_diagnoses() {
  static const std::vector<NamedDiagnosis> all = examine_all();
  return all;
}

}  // namespace testing
