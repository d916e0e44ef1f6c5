#pragma once

/// \file
/// What was seen: by set-based sweeps over all rows, and by real lazy loads. Rules read this and
/// nothing else.
///
/// Numbers are exact unless `unchecked` or `complete` says otherwise. Models and relations are
/// borrowed from the catalog, which outlives the evidence.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "doctor/finding.hpp"
#include "doctor/ommi_behaviour.hpp"
#include "ommi/driver.hpp"
#include "ommi/error.hpp"
#include "ommi/malformation.hpp"
#include "ommi/model.hpp"
#include "ommi/schema.hpp"

namespace doctor {

/// A reference that would name a row if both were written alike.
struct NearMiss {
  std::vector<ommi::Value> value;  // that dangles
  std::vector<ommi::Value> key;    // that is meant
  std::string rule;                // that joins them: "blanks, letter case"
  std::uint64_t rows = 0;          // with that value
  bool ambiguous = false;          // other keys would be joined as well
};

/// What the dangling rows of a reference are. Rows that are neither are simply missing theirs.
struct DanglingKinds {
  std::uint64_t sentinel = 0;  // hold 0, -1, '' or a zero UUID, which stand for none
  std::uint64_t near_miss = 0;
  std::uint64_t distinct_missing = 0;  // of those that are neither
  std::vector<ommi::Value> sentinels;  // the distinct ones
  std::vector<NearMiss> pairs;         // the first few
  std::uint64_t distinct_near_miss = 0;
  std::vector<RowSample> sentinel_samples, near_miss_samples, missing_samples;
  std::string unchecked;  // why near misses were not looked for, or not all
};

/// Every row of a model held against one of its references.
struct ReferenceSweep {
  const ommi::Model* model = nullptr;
  const ommi::Model* target = nullptr;
  std::vector<std::size_t> fields;
  std::vector<std::size_t> target_fields;
  ommi::Origin origin = ommi::Origin::declared;
  std::vector<const ommi::Relation*>
      relations;  // that follow it, in either direction, or through it
  std::uint64_t rows = 0;
  std::uint64_t nulls = 0;  // rows in which any part is NULL
  std::uint64_t dangling =
      0;  // all parts set, and no target row under the look-up's own comparison
  std::uint64_t distinct_dangling = 0;
  std::vector<RowSample> null_samples;
  std::vector<RowSample> dangling_samples;  // the first few and the last
  /// Rows that the look-up by key resolves and a JOIN of the two columns does not, or the other way
  /// round: the two compare by different rules when affinities or collations differ.
  std::uint64_t join_differs = 0;
  std::vector<RowSample> join_samples;
  std::string unchecked;  // why there are no numbers, or empty
  DanglingKinds kinds = {};

  /// Dangling rows whose value is neither a stand-in for none nor a misspelt key.
  [[nodiscard]] std::uint64_t missing() const noexcept {
    return dangling - kinds.sentinel - kinds.near_miss;
  }
};

/// Every row of the many side of a one-to-one.
struct OneToOneSweep {
  const ommi::Relation* relation = nullptr;  // the to-one that should find a single row
  std::uint64_t rows = 0;
  std::uint64_t repeated = 0;  // owners' keys that several rows name
  std::uint64_t surplus = 0;   // rows beyond the first of each
  std::vector<RowSample> samples;
  std::string unchecked;
};

/// Every row of an association.
struct AssociationSweep {
  const ommi::Relation* relation = nullptr;  // one of those that go through it
  std::uint64_t rows = 0;
  std::uint64_t null_part = 0;
  std::uint64_t missing_owner = 0;  // set, and no such row
  std::uint64_t missing_target = 0;
  std::uint64_t repeated_pairs = 0;  // distinct pairs that occur more than once
  std::uint64_t surplus = 0;         // rows beyond the first of each pair
  std::vector<RowSample> null_samples, missing_owner_samples, missing_target_samples,
      repeated_samples;
  std::string unchecked;
};

/// Every row's value of one field, by how it is stored.
struct FieldSweep {
  const ommi::Model* model = nullptr;
  std::size_t field = 0;
  std::uint64_t rows = 0;
  std::uint64_t by_kind[5] = {};   // indexed by ommi::Kind
  std::uint64_t unacceptable = 0;  // values that are not of the declared type
  std::vector<RowSample> samples;
  std::vector<RowSample> mixed_samples = {};  // rows of the rarer classes of a mixed field
};

/// Fields that the models take to tell rows apart, where nothing in the schema makes them.
struct SetSweep {
  const ommi::Model* model = nullptr;
  std::vector<std::size_t> fields;
  std::uint64_t rows = 0;
  std::uint64_t nulls = 0;     // rows in which a part is NULL
  std::uint64_t repeated = 0;  // values that several rows hold
  std::uint64_t surplus = 0;   // rows beyond the first of each
  std::vector<RowSample> null_samples, repeated_samples;
  std::string unchecked;
};

/// Rows from which to-one relationships lead back to themselves.
struct LoopSweep {
  std::vector<const ommi::Relation*> hops;  // one that leads to its own model, or several in turn
  std::uint64_t rows = 0;                   // of the first hop's owner
  std::uint64_t loops = 0;
  std::uint64_t looping_rows = 0;  // of that model, on some loop
  std::uint64_t pairs = 0;         // loops of two rows that name each other
  std::uint64_t linked_rows = 0;   // whose reference is set
  std::uint64_t longest = 0;       // rows of that model on one loop
  std::vector<RowSample> shown;    // the first rows of one loop
  std::uint64_t shown_length = 0;
  std::string unchecked;
};

/// How the database joins the two sides of a reference, looked at one after the other.
struct JoinPlans {
  std::size_t reference = 0;  // among Evidence::references
  ommi::QueryPlan to_target;  // each referring row looks for its target
  ommi::QueryPlan to_model;   // each target row looks for what refers to it
};

/// How one lazy load ended.
enum class Outcome : std::uint8_t {
  loaded,      // rows came
  empty,       // a to-many, or the far side of a one-to-one, without rows
  null,        // the reference is NULL
  dangling,    // the reference names a row that is not there
  partial,     // an association: links whose target is not there, beside those that are
  unreadable,  // the owner itself holds a value that is not of its declared type
  failed,
};
inline constexpr std::size_t outcome_count = 7;
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

/// One lazy load worth showing.
struct HopSample {
  std::string path;  // "Post[17].author"
  RowSample owner;   // its key, and the values of the fields that the relationship starts from
  Outcome outcome = Outcome::loaded;
  std::uint64_t rows = 0;
  ommi::ErrorCode code = ommi::ErrorCode::database;  // where it failed
  std::string message;
};

/// Owners for which the lazy load and the equivalent JOIN were compared.
struct OracleCheck {
  std::uint64_t owners = 0;
  std::uint64_t differing = 0;
  std::string sql;
  std::vector<HopSample> samples;  // message: what each side gave
  std::string unchecked;
};

/// Loads for which the driver gave something that is no answer.
struct MalformedLoad {
  ommi::Malformation what;
  std::string path;  // the first owner's
  std::string statement;
  std::uint64_t loads = 0;
};

/// What somebody who looks at a lazy field gets hold of.
enum class Gave : std::uint8_t {
  nothing,       // it was not looked at
  rows,          // what is due, none included
  failure,       // an error
  fallback,      // what was to be used instead of an error
  wrapped_rows,  // a result object in the place of rows
  wrapped_failure,
};

/// One look at a lazy field.
struct LazyLook {
  Gave gave = Gave::nothing;
  std::uint64_t rows = 0;
  std::uint64_t calls = 0;   // of the driver, for this look
  std::string statement;     // of the last
  bool same_object = false;  // as the first look gave
  bool same_rows = false;
  bool told = false;  // somebody was told which error a fallback stands for
  ommi::ErrorCode code = ommi::ErrorCode::database;  // of a failure
  std::string message;
};

/// What the lazy field of one relationship does beside its first load.
struct LazyObservation {
  const ommi::Relation* relation = nullptr;
  std::string owner;                  // path of the one that was looked at
  LazyLook first, again;              // two looks, one after the other
  LazyLook refreshed, after_refresh;  // and a look after that
  LazyLook failed, after_failure;     // the driver failed, and then would not
  LazyLook fallback;                  // the driver failed, and there was a default
  LazyLook changed;                   // the owner's reference was changed after the first look
  std::vector<ommi::Value> key_before, key_after;  // of that owner
  LazyLook keyless;                                // of an owner whose key is NULL
  std::string keyless_owner;                       // its path
  LazyLook closed;                                 // first look after the database was closed
  std::vector<std::string> unobserved;             // what could not be seen in these rows
};

/// A driver call that was made for a lazy load.
struct TracedCall {
  std::string statement;                   // its beginning, where it is very long
  std::vector<ommi::Value> values;         // of the keys that were asked for; the first few
  std::vector<std::string> keywords = {};  // texts among all values that are words of SQL: "NULL"
  std::uint64_t nulls = 0;                 // values that are NULL
  std::uint64_t rows = 0;
  bool failed = false;  // then the values are not known
};

/// Calls that asked what had been asked for the same list of owners, in the same words.
struct RepeatedCalls {
  std::uint64_t calls = 0;     // beyond the first of each
  std::uint64_t distinct = 0;  // questions that were asked more than once
  std::uint64_t most = 0;      // times that one was asked
  std::int64_t duration_ns = 0;
  std::string statement;  // of the first one seen
};

/// All lazy loads of one relationship.
struct RelationshipObservation {
  const ommi::Relation* relation = nullptr;
  std::uint64_t loads = 0;  // owners whose field was read
  std::uint64_t rows = 0;   // rows that they gave
  std::uint64_t driver_calls = 0;
  std::int64_t duration_ns = 0;
  std::uint64_t outcomes[outcome_count] = {};
  std::uint64_t largest = 0;                      // the most rows that one owner has
  std::string largest_owner;                      // its path
  std::map<std::string, std::uint64_t> returned;  // type the driver gave back → calls
  std::map<std::string, std::uint64_t> errors;    // error code → loads that failed so
  std::vector<HopSample> samples;        // a few of each outcome that is not `loaded` or `empty`
  std::uint64_t single_owner_loads = 0;  // loads of one owner that came with others: N+1
  std::uint64_t largest_group = 0;       // owners of one result set
  std::optional<ommi::QueryPlan> plan;   // of the lazy query
  std::uint64_t looked_up_rows = 0;      // rows of the table that the lazy query searches
  OracleCheck oracle;
  std::string statement;                     // of the last driver call
  std::optional<ommi::DatabaseError> error;  // why nothing could be loaded at all
  bool complete = true;                      // false: cut short
  std::vector<MalformedLoad> malformed = {};
  std::vector<TracedCall> calls = {};  // the first few
  RepeatedCalls repeated = {};
};

/// How many rows the owners of a to-many relationship have.
struct FanOut {
  const ommi::Relation* relation = nullptr;
  std::uint64_t limit = 0;
  std::uint64_t owners = 0;  // that have any
  std::uint64_t rows = 0;
  std::uint64_t largest = 0;
  std::uint64_t percentile_95 = 0;  // 95 of 100 owners have no more
  std::uint64_t beyond = 0;         // owners that have more than the limit
  std::vector<RowSample> samples;   // those with the most rows: the reference, and how many
};

/// What a query cost.
struct Cost {
  std::uint64_t rows_scanned = 0;
  std::uint64_t steps = 0;  // of the database's own machine
  std::int64_t duration_ns = 0;
};

/// A lazy query run on a private copy of the database, without an index and with it.
struct IndexTrial {
  const ommi::Relation* relation = nullptr;
  const ommi::Model* model = nullptr;  // of the table that the index is on
  std::vector<std::size_t> fields;
  Cost before, after;
  std::uint64_t rows = 0;  // that the query gave
  std::string unmeasured;  // why there are no numbers, or empty
};

/// What a traversal may cost and must give; what is not set is not looked at.
struct Budget {
  std::optional<std::uint64_t> rows = {};  // at the end of the path: exactly so many
  std::optional<std::uint64_t> max_queries = {};
  std::optional<std::uint64_t> max_rows = {};  // read in all, on the way too
  std::optional<double> max_ms = {};
};

/// One hop of a scenario.
struct ScenarioHop {
  std::string name;  // "Post.author"; of the first one the model that the path starts from
  std::uint64_t rows = 0;
  std::uint64_t queries = 0;
  std::int64_t duration_ns = 0;
};

/// A traversal that the configuration asks for, and what it took.
struct ScenarioRun {
  std::string name;
  std::string path;
  Budget budget;
  std::vector<ScenarioHop> hops;
  std::vector<const ommi::Relation*> relations;
  std::string error;  // why it could not be walked to its end, or empty
  ommi::Place place;  // in the configuration
};

/// One owner for which Ommi gives something else than what is due.
struct OmmiDifference {
  std::string path;   // "Category[1].children"
  std::string due;    // "3 rows: Category[2], Category[3], Category[4]"
  std::string given;  // the same, or "raises ValueError: …"
};

/// What Ommi's own query gives for the owners of a relationship, beside what is due.
struct OmmiComparison {
  const ommi::Relation* relation = nullptr;
  OmmiLoad load = {};
  std::string statement = {};  // Ommi's; empty where it makes none
  std::uint64_t owners = 0;
  std::uint64_t same = 0;
  std::uint64_t other_rows = 0;
  std::uint64_t raises = 0;
  std::map<std::string, std::uint64_t> errors = {};  // exception → owners
  std::vector<OmmiDifference> samples = {};
  std::string unchecked = {};  // why there are no numbers, or empty
};

/// Keys that are words of SQL, in a column that a lazy field of Ommi asks by.
struct KeywordKeys {
  const ommi::Relation* relation = nullptr;
  std::size_t field = 0;  // of the owner
  std::uint64_t rows = 0;
  std::vector<RowSample> samples = {};
};

struct Evidence {
  const ommi::Catalog* catalog = nullptr;
  const ommi::Schema* schema = nullptr;
  std::vector<ommi::Problem> problems;
  std::vector<ReferenceSweep> references;
  std::vector<OneToOneSweep> one_to_ones;
  std::vector<AssociationSweep> associations;
  std::vector<FieldSweep> fields;
  std::vector<RelationshipObservation> relationships;
  std::vector<ScenarioRun> scenarios;
  std::vector<std::string> damage = {};  // what a check of the file found; then no row is believed
  std::vector<SetSweep> sets = {};       // keys, and fields that references name
  std::vector<LoopSweep> loops = {};
  std::vector<JoinPlans> joins = {};
  std::vector<FanOut> fan_outs = {};
  std::vector<IndexTrial> trials = {};
  std::vector<LazyObservation> lazy_fields = {};
  const python::Facts* python = nullptr;  // what the Python models say (doctor/python_facts.hpp)
  OmmiVersion ommi = {};                  // that the application runs
  std::vector<OmmiComparison> as_ommi = {};
  std::vector<KeywordKeys> keyword_keys = {};
};

}  // namespace doctor
