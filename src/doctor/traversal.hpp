#pragma once

/// \file
/// Following relationships for real: which owners are looked at, what each lazy load gave, and the
/// tree of one path.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/evidence.hpp"
#include "doctor/sweep.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// `User`, `User.posts`, `User[1].posts.author`, `Post[status='open'].author`, `Line[7,2].order`.
struct Path {
  struct Filter {
    std::string field;  // empty: the values are the key, by position
    ommi::Value value;
  };
  const ommi::Model* model = nullptr;
  std::vector<Filter> filters;
  std::vector<const ommi::Relation*> hops;
  std::string text;
};

/// Fails with ErrorCode::model, saying what is unknown and the nearest name.
[[nodiscard]] ommi::DBResult<Path> parse_path(std::string_view text, const ommi::Catalog& catalog);

/// What the rows that `path` starts from have in common; true of every row where it has no filter.
[[nodiscard]] ommi::Expression condition_of(const Path& path);

/// "Post[17]", "Line[7,'a b']"; `Post` alone for a row without a key.
[[nodiscard]] std::string row_path(const ommi::Record& record);
[[nodiscard]] std::string row_path(const ommi::Model& model, const RowSample& sample);

class LazyInterface;

/// The application whose loads are compared with ours.
struct OmmiApplication {
  const python::Facts* facts = nullptr;
  const ommi::Schema* schema = nullptr;
  OmmiRelease release = newest_ommi;
};

/// What `statement` costs on a private copy of the database, as it is and with the index that
/// `create_index` makes; the database itself is not touched.
struct IndexTest {
  std::string statement;
  std::vector<ommi::Value> values;  // bound
  std::string create_index;
  Cost before = {}, after = {};
  std::uint64_t rows = 0;
  std::string unmeasured = {};  // why there are no numbers, or empty
};

struct TraversalOptions {
  bool all = false;
  std::uint64_t sample =
      200;  // random owners per model, beside the ones that matter; smaller tables are loaded whole
  std::uint64_t seed = 1;
  std::uint64_t limit = 5;  // rows shown of one load, and samples kept per outcome
  std::optional<unsigned> depth =
      {};  // hops followed beyond a path's end; by default 1 where it names no hop, else 0
  std::vector<const ommi::Relation*> only = {};  // empty = every relationship
  std::function<void(std::string_view)> progress = {};
  std::uint64_t database_bytes = 0;  // the database's size: a large one is loaded in smaller groups
  /// Fills in what the tests cost; called in another thread. Empty = nothing is measured.
  std::function<void(std::vector<IndexTest>&)> try_indexes = {};
  /// Called before the first load, when it is known how the database would do them all.
  std::function<void(std::span<const RelationshipObservation>)> planned = {};
  /// Whose lazy fields are looked at again, refreshed and so on; null = nobody's.
  const LazyInterface* lazy_interface = nullptr;
  /// Whose queries are run beside ours, for the same owners; nothing = nobody's.
  std::optional<OmmiApplication> as_ommi = {};
};

struct TraversalResult {
  std::vector<RelationshipObservation> relationships;
  std::vector<LazyObservation> lazy_fields;
  std::vector<OmmiComparison> as_ommi;
  std::vector<Skipped> skipped;
  bool exhaustive = true;  // every row of every model that has relationships was loaded
};

/// Loads every relationship for the owners that matter (the largest fan-outs, the first and last
/// keys, NULLs, danglings, a random sample) or, with `all`, for every row. `swept` says which rows
/// matter.
[[nodiscard]] TraversalResult traverse(const ommi::Database& database, const SweepResult& swept,
                                       const TraversalOptions& options);

/// One step of a path's tree.
struct PathStep {
  std::string path;                          // "User[1].posts"
  const ommi::Relation* relation = nullptr;  // null for the rows that the path starts from
  Outcome outcome = Outcome::loaded;
  std::string statement;
  std::vector<ommi::Value> values;  // bound
  std::string returned;             // type the driver gave back
  std::uint64_t call = 0;           // 0: no driver call was needed (cached, or NULL)
  std::uint64_t owners = 0;         // loaded by that call
  std::uint64_t rows = 0;
  std::int64_t duration_ns = 0;
  std::string boundary;  // what the boundary made of it: "DBResult<RecordList>", or the failure's
                         // code and message
  std::string value;     // "User#7", "3 rows", "null"
  std::vector<RowSample> shown;  // the rows' keys and fields, at most `limit`
  std::vector<PathStep> children;
};

/// The whole tree of one path.
[[nodiscard]] ommi::DBResult<PathStep> follow(const ommi::Database& database, const Path& path,
                                              const TraversalOptions& options);

}  // namespace doctor
