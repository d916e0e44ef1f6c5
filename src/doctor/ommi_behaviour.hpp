#pragma once

/// \file
/// What Ommi does with a declaration: which rows a lazy field asks for, by which statement, and
/// which exception hides behind its failure. Found by reading Ommi's sources of each release and by
/// running it; pure functions of what the Python sources say.
///
///     const OmmiLoad load = load_by_ommi(facts, catalog, *post.find_relation("author"), release);
///     load.end == OmmiEnd::query;  statement_of(load, release);  // SELECT * FROM "User" WHERE …
///
/// The SQLite driver is described; others are asked for the same rows.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/ommi_release.hpp"
#include "doctor/python_facts.hpp"
#include "ommi/model.hpp"
#include "ommi/value.hpp"

namespace doctor {

/// How far Ommi gets with a lazy field.
enum class OmmiEnd : std::uint8_t {
  query,     // a statement is run
  failure,   // every load fails, before any statement or by a statement that cannot run
  instance,  // no instance of the owner can be made, and so no row of it can be fetched
  module,    // the module cannot be imported
  column,    // the field is an ordinary column to Ommi
  unknown,   // what the declaration means depends on sources that were not given
};

/// Two fields that Ommi's query compares.
struct OmmiCondition {
  std::size_t field = 0;        // of the model that is asked, or the association
  std::size_t owner_field = 0;  // of the instance; of the target in OmmiLoad::links
};

/// What Ommi makes of a lazy field.
struct OmmiLoad {
  OmmiEnd end = OmmiEnd::unknown;
  std::string error;  // "AttributeError: …": what a failure hides, or why there is no instance
  bool many = false;
  ommi::Direction direction = ommi::Direction::forward;  // by which references it asks
  const ommi::Model* owner = nullptr;
  const ommi::Model* target = nullptr;
  const ommi::Model* via = nullptr;
  std::vector<OmmiCondition> conditions = {};  // all of them must hold
  std::vector<OmmiCondition> links = {};       // association and target
  const python::Model* owner_class = nullptr;
  const python::Model* target_class = nullptr;
};

/// What release `release` does with `relation`, which comes from the Python sources of `facts`.
[[nodiscard]] OmmiLoad load_by_ommi(const python::Facts& facts, const ommi::Catalog& catalog,
                                    const ommi::Relation& relation, OmmiRelease release);

/// The class that a model of the catalog was made from, or null.
[[nodiscard]] const python::Model* class_of(const python::Facts& facts, const ommi::Model& model);

/// A statement, and what is bound in it.
struct OmmiStatement {
  std::string text;
  std::vector<ommi::Value> values;
};

/// The statement of the SQLite driver for an owner with these values, one for each of
/// `load.conditions`. A to-many asks for a hundred rows at a time; `whole` asks for all of them.
[[nodiscard]] OmmiStatement statement_of(const OmmiLoad& load,
                                         const std::vector<ommi::Value>& values,
                                         OmmiRelease release, bool whole = false);
/// The same for any owner, for people to read.
[[nodiscard]] std::string statement_of(const OmmiLoad& load, OmmiRelease release);

/// Whether a text that is a key is pasted into the statement, where a value is due.
[[nodiscard]] bool is_pasted(std::string_view text, OmmiRelease release) noexcept;
/// Whether NULL is asked for as `IS NULL`, and so finds the rows of nobody.
[[nodiscard]] bool null_matches_null(OmmiRelease release) noexcept;

/// The fields of a class that are columns to Ommi, in their order: rows are read by position.
[[nodiscard]] std::vector<const python::Field*> ommi_columns(const python::Model& model);

/// Why a row cannot be made an instance: the exception, or empty. `cells` are the row's values in
/// the order of the table.
[[nodiscard]] std::string row_error(const python::Model& model, std::span<const ommi::Cell> cells,
                                    OmmiRelease release);
/// The value that the instance holds for what is stored.
[[nodiscard]] ommi::Value value_as_read(const python::Field& field, const ommi::Cell& stored,
                                        OmmiRelease release);

/// Why no instance of a class can be made, of those reasons that its shape shows.
enum class ShapeFault : std::uint8_t { none, inner_decorator, frozen, plain, no_init };
[[nodiscard]] ShapeFault shape_fault(const python::Model& model);
/// The exception.
[[nodiscard]] std::string_view error_of(ShapeFault fault) noexcept;
/// Why the constructor does not take what Ommi gives it for this column, or empty.
[[nodiscard]] std::string why_not_taken(const python::Model& model, const python::Field& field);
/// The exception of the first reason why no instance can be made, or empty.
[[nodiscard]] std::string instance_error(const python::Model& model);

/// What is wrong with a reference when Ommi resolves it.
struct ReferenceFault {
  std::string error;       // the exception
  bool at_import = false;  // it comes when the module is imported
  bool too_late = false;   // the class is not there yet when the annotation is evaluated
};
[[nodiscard]] std::optional<ReferenceFault> fault_of_reference(const python::Facts& facts,
                                                               const python::Model& model,
                                                               const python::Field& field);

/// What an application sees whenever a lazy field cannot be loaded; the cause is hidden in it.
[[nodiscard]] std::string_view seen_by_application(OmmiRelease release) noexcept;
/// The hidden exception of a to-one that finds no row.
[[nodiscard]] std::string_view nothing_found(OmmiRelease release) noexcept;

}  // namespace doctor
