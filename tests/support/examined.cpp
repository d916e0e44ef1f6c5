#include "support/examined.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>

#include "ommi/sqlite.hpp"

namespace doctor::testing {

namespace {

Diagnosis examined_as(std::string_view sql, std::string_view models, std::string_view ending,
                      bool as_ommi = false, std::optional<OmmiRelease> release = {}) {
  ommi::Database database(ommi::sqlite::open_memory(sql));
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     fmt::format("ommi-doctor-examined-{}{}", ::getpid(), ending);
  SourceOptions options;
  options.ommi_release = release;
  if (!models.empty()) {
    std::ofstream(path) << models;
    options.models = {path.string()};
  }
  SourcedCatalog sources = read_catalog(database, options).or_raise();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  database.use(sources.catalog);
  TraversalOptions traversal;
  if (as_ommi) {
    traversal.as_ommi =
        OmmiApplication{sources.python.get(), sources.schema.get(), sources.ommi.release};
  }
  return examine(database, std::move(sources), {"sqlite", "test.db", "", ""}, traversal,
                 std::nullopt)
      .or_raise();
}

}  // namespace

Diagnosis examined(std::string_view sql, std::string_view manifest) {
  return examined_as(sql, manifest, ".json");
}

Diagnosis examined_with_python(std::string_view sql, std::string_view models) {
  return examined_as(sql, models, ".py");
}

Diagnosis examined_as_ommi(std::string_view sql, std::string_view models,
                           std::optional<OmmiRelease> release) {
  return examined_as(sql, models, ".py", true, release);
}

std::vector<const Finding*> of_rule(const Diagnosis& diagnosis, std::string_view code) {
  std::vector<const Finding*> found;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.code == code) found.push_back(&finding);
  }
  return found;
}

std::string faults_of(const Diagnosis& diagnosis) {
  std::string text;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.level == Level::info) continue;
    text += fmt::format(
        "{} {}: {}\n", finding.code,
        finding.subject.relationship.empty() ? finding.subject.model : finding.subject.relationship,
        finding.message);
  }
  return text;
}

}  // namespace doctor::testing
