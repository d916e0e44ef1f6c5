/// \file
/// All sources together: describe, read the manifest or the Python models, infer, merge, name,
/// seal.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "doctor/sources/drafts.hpp"
#include "doctor/sources/words.hpp"

namespace doctor {
namespace {

constexpr std::uintmax_t largest_manifest = 64U << 20U;

std::string read_file(const std::string& path) {
  const auto fail = [&](std::string_view why) {
    throw ommi::DatabaseError(ommi::ErrorCode::model,
                              fmt::format("{}: {}", ommi::escaped(path), why));
  };
  std::error_code error;
  if (!std::filesystem::exists(path, error)) fail("there is no such manifest");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) fail("the manifest cannot be read");
  std::string text;
  std::string block(std::size_t{1} << 16U, '\0');
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) ||
         stream.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > largest_manifest) fail("it is larger than a manifest may be (64 MiB)");
  }
  return text;
}

// The schema without its views: reading one runs the schema's own code, so they are models only
// when asked for.
ommi::Schema without_views(const ommi::Schema& schema) {
  ommi::Schema result;
  for (const ommi::Table& table : schema.tables) {
    if (table.kind != ommi::TableKind::view) result.tables.push_back(table);
  }
  return result;
}

std::vector<std::string> tables_of(const std::optional<Draft>& manifest) {
  std::vector<std::string> tables;
  if (!manifest) return tables;
  for (const ommi::ModelInfo& model : manifest->models) tables.push_back(model.table());
  return tables;
}

/// Nothing else is a manifest's: a folder, a .py file, a pattern of such.
bool is_python(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return true;
  if (std::filesystem::exists(path, error)) return path.ends_with(".py");
  return path.ends_with(".py") || path.ends_with("/") ||
         path.find_first_of("*?[") != std::string::npos;
}

/// A table's unique sets: the models say nothing of them.
void take_unique_sets(Draft& models, const Draft& database) {
  for (ommi::ModelInfo& model : models.models) {
    for (const ommi::ModelInfo& table : database.models) {
      if (!sources::same_name(table.table(), model.table())) continue;
      for (std::vector<std::string> set : table.unique_sets) {
        for (std::string& name : set) {
          const ommi::FieldInfo* const field = sources::find_field(model, name);
          name = field == nullptr ? "" : field->name;
        }
        if (std::find(set.begin(), set.end(), "") == set.end()) model.unique_sets.push_back(set);
      }
    }
  }
}

SourcedCatalog seal(Draft draft, ommi::Schema schema) {
  SourcedCatalog result;
  auto catalog = std::make_shared<ommi::Catalog>();
  for (ommi::ModelInfo& model : draft.models) catalog->add(std::move(model));
  draft.models.clear();
  result.problems = catalog->seal();
  result.catalog = std::move(catalog);
  result.schema = std::make_shared<const ommi::Schema>(std::move(schema));
  result.draft = std::move(draft);
  return result;
}

/// The models that were named, as far as no database is needed to read them.
struct Named {
  std::shared_ptr<const python::Facts> facts;
  std::optional<Draft> models;

  explicit Named(const SourceOptions& options) {
    if (options.models.empty()) return;
    const auto manifest = std::find_if_not(options.models.begin(), options.models.end(), is_python);
    if (manifest == options.models.end()) {
      facts = std::make_shared<const python::Facts>(read_python(options).or_raise());
    } else if (options.models.size() > 1) {
      throw ommi::DatabaseError(
          ommi::ErrorCode::model,
          fmt::format("{}: a manifest is given alone, without other models: it says all of them",
                      ommi::escaped(*manifest)));
    } else {
      const std::string name = std::filesystem::path(*manifest).filename().string();
      models = read_manifest(read_file(*manifest), name).or_raise();
    }
  }

  void fit_to(const ommi::Schema& schema, const SourceOptions& options) {
    if (facts) models = models_from_python(*facts, schema, options.models);
  }
};

OmmiVersion version_of(const SourceOptions& options, const python::Facts& facts,
                       const ommi::Schema& schema) {
  if (options.ommi_release) return {*options.ommi_release, OmmiVersion::From::given};
  const auto recognised = recognise_ommi(schema, facts);
  return recognised ? OmmiVersion{*recognised, OmmiVersion::From::recognised} : OmmiVersion{};
}

/// `draft` is what the database says.
SourcedCatalog combined(Named named, Draft draft, ommi::Schema schema,
                        const SourceOptions& options) {
  if (named.facts) take_unique_sets(*named.models, draft);
  if (named.models) draft = merge(std::move(*named.models), std::move(draft), schema);
  name_relationships(draft);
  SourcedCatalog sealed = seal(std::move(draft), std::move(schema));
  if (named.facts) sealed.ommi = version_of(options, *named.facts, *sealed.schema);
  sealed.python = std::move(named.facts);
  return sealed;
}

}  // namespace

ommi::DBResult<SourcedCatalog> read_catalog(const ommi::Database& database,
                                            const SourceOptions& options) {
  const ommi::ErrorPlace place{{}, "read catalog", {}, {}};
  return ommi::capture(place, [&] {
    Named named(options);
    ommi::Schema schema = database.describe().or_raise();
    named.fit_to(schema, options);
    Draft draft = sources::declared_models(options.views ? schema : without_views(schema));
    if (options.infer) {
      sources::infer_references_except(draft, schema, database, tables_of(named.models),
                                       options.memory_bytes);
    }
    return combined(std::move(named), std::move(draft), std::move(schema), options);
  });
}

ommi::DBResult<SourcedCatalog> read_catalog(const SourceOptions& options) {
  return ommi::capture({{}, "read catalog", {}, {}}, [&] {
    Named named(options);
    named.fit_to({}, options);
    return combined(std::move(named), {}, {}, options);
  });
}

}  // namespace doctor
