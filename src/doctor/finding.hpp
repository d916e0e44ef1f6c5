#pragma once

/// \file
/// One diagnosis: what is wrong, how it is known, and what to do. Plain data; reports print it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ommi/model.hpp"
#include "ommi/value.hpp"

namespace doctor {

enum class Level : std::uint8_t { info, warning, error };
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// A field's value by the field's name.
struct NamedValue {
  std::string name;
  ommi::Value value;
};

/// A row that shows the fault: how to find it, and what it holds.
struct RowSample {
  std::vector<NamedValue> key;    // the model's key; all of its fields where it has none
  std::vector<NamedValue> value;  // what the finding is about
};

/// What a finding is about; empty where it does not apply.
struct Subject {
  std::string relationship;  // "Post.author"
  std::string model;
  std::string field;  // several are joined by ", "
  std::string table;
  std::string column;
};

/// What a stranger can check.
struct Proof {
  std::string sql;                 // a query that shows it, ready to paste
  std::vector<std::string> plan;   // the database's plan of it
  std::string returned;            // the type that the driver gave back
  std::vector<std::string> notes;  // other facts, one sentence each
};

/// safe: reversible and verified; unsafe: changes or drops data; manual: code to be changed by
/// hand.
enum class Safety : std::uint8_t { safe, unsafe, manual };
[[nodiscard]] std::string_view to_string(Safety safety) noexcept;

/// Whole lines of a models file, and what they should be.
struct TextEdit {
  std::string file;
  unsigned line = 0;     // the first one, from 1
  unsigned lines = 0;    // how many are replaced; 0: `text` is inserted before `line`
  std::string text;      // without the last newline
  std::string old = {};  // the lines that are replaced, likewise; empty where they are not known
};

struct Remedy {
  Safety safety = Safety::manual;
  std::string title;
  std::vector<std::string> sql;
  std::vector<TextEdit> edits = {};
};

/// Whether a finding counts. Nothing is dropped: what is known already is marked.
enum class Standing : std::uint8_t {
  open,
  baselined,   // in the baseline: known when that was written
  suppressed,  // by the configuration, with a reason
};
[[nodiscard]] std::string_view to_string(Standing standing) noexcept;

struct Finding {
  std::string code;  // of the rule, built in or of the configuration
  std::string name;
  Level level = Level::error;
  Subject subject;
  std::string message;                // one sentence, no full stop
  bool root_cause = true;             // false when another finding explains this one
  std::vector<std::string> explains;  // symptoms of this cause, one line each
  std::uint64_t count = 0;
  std::string scope;  // "412 of 412 rows"
  std::vector<RowSample> samples;
  Proof evidence;
  ommi::Place place;
  std::vector<Remedy> remedies;
  std::string fingerprint;  // sha256(code | logical database | object path | discriminator), hex
  Standing standing = Standing::open;
  std::string standing_reason = {};  // of a suppressed one: why, as the configuration says
  std::string discriminator = {};    // what tells two findings of one rule on one object apart
  std::vector<const ommi::Relation*> relations = {};  // every relationship that the fault touches
};

}  // namespace doctor
