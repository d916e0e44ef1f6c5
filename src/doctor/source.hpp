#pragma once

/// \file
/// Where a catalog comes from: the database itself, inference over its values, a manifest, an
/// application's Python models.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/ommi_release.hpp"
#include "doctor/python_facts.hpp"
#include "ommi/database.hpp"
#include "ommi/model.hpp"
#include "ommi/schema.hpp"

namespace doctor {

/// A reference that could be, with the evidence for and against.
struct Suggestion {
  std::string model;
  ommi::Reference reference;    // with its confidence
  std::uint64_t values = 0;     // rows with a value
  std::uint64_t contained = 0;  // of those, how many name a target row
  std::vector<ommi::Value> counter_examples;
  std::string why;  // "column user_id names User; 392 of 400 values are keys of User"
};

/// Models before they are sealed, and what was learnt on the way.
struct Draft {
  std::vector<ommi::ModelInfo> models;
  std::vector<Suggestion> accepted;     // inferred references that are in the models
  std::vector<Suggestion> suggestions;  // below the threshold: shown, not judged
  std::vector<std::string> sources;     // "database", "inference", "manifest:shop.json"
  std::vector<std::string> notes;       // what was left out and why, one sentence each
  /// Models whose relationships are complete as they are: name_relationships adds none to them.
  std::vector<std::string> closed = {};
};

/// Models from what the schema declares: keys, unique sets, foreign keys, association tables; both
/// directions become relationships, named as a person would.
[[nodiscard]] Draft models_from_schema(const ommi::Schema& schema);

/// Adds the references that nobody declared: names × types × measured containment of values. Reads
/// the columns in question. Throws nothing; a table that cannot be read is a note.
void infer_references(Draft& draft, const ommi::Schema& schema, const ommi::Database& database);

/// A reference counts from this confidence on; below it is a suggestion.
inline constexpr double inference_threshold = 0.8;

/// Adds the relationships, both directions, that the references of `draft` give and that are not
/// there yet; recognises associations.
void name_relationships(Draft& draft);

/// Models from a manifest's text. `file` is for messages. Fails with ErrorCode::model and a message
/// with line (of a syntax error) or JSON pointer (of what does not fit docs/models.schema.json).
[[nodiscard]] ommi::DBResult<Draft> read_manifest(std::string_view text, const std::string& file);

/// A catalog as a manifest: what read_manifest reads.
[[nodiscard]] std::string write_manifest(const ommi::Catalog& catalog,
                                         const std::vector<Suggestion>& suggestions,
                                         std::string_view source);

/// The models of `manifest` win over those of `database` for the same table; tables that it does
/// not mention stay. Columns' comparisons and declared types are taken from the schema, and the key
/// where the manifest marks none. The database's models lose their relationships: those get their
/// names, by name_relationships, when all references are known.
[[nodiscard]] Draft merge(Draft manifest, Draft database, const ommi::Schema& schema);

/// A catalog ready for use.
struct SourcedCatalog {
  std::shared_ptr<const ommi::Catalog> catalog;
  std::vector<ommi::Problem> problems;
  std::shared_ptr<const ommi::Schema> schema;
  Draft draft;                                       // without its models
  std::shared_ptr<const python::Facts> python = {};  // where the models are Python
  OmmiVersion ommi = {};                             // that those are for
};

struct SourceOptions {
  /// A manifest alone; or Python: folders, .py files and patterns of such.
  std::vector<std::string> models = {};
  std::string python = {};  // the interpreter; empty: the one that find_python finds
  std::chrono::milliseconds python_deadline = std::chrono::seconds(60);
  std::optional<OmmiRelease> ommi_release = {};  // else it is told from the tables
  bool infer = true;
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;  // what inference may take for keys
  bool views = false;  // whether views are models too; reading one runs the schema's own code
};

/// What the Python sources that `options.models` names say. They are read by `options.python`, not
/// run. Fails with ErrorCode::model and one sentence: no interpreter, too late, no models.
[[nodiscard]] ommi::DBResult<python::Facts> read_python(const SourceOptions& options);

/// Models from what Python sources declare, as libommi means it: also where a declaration is
/// written in a way that Ommi does not understand, if it is plain what it should be. Of `schema`
/// only what a type must be that Ommi and the database see differently is taken.
[[nodiscard]] Draft models_from_python(const python::Facts& facts, const ommi::Schema& schema,
                                       const std::vector<std::string>& paths);

/// Describes `database`, combines the sources and seals.
[[nodiscard]] ommi::DBResult<SourcedCatalog> read_catalog(const ommi::Database& database,
                                                          const SourceOptions& options);
/// Without a database: the models that `options` names, and a schema without tables.
[[nodiscard]] ommi::DBResult<SourcedCatalog> read_catalog(const SourceOptions& options);

}  // namespace doctor
