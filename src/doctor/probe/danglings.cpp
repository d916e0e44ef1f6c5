#include "doctor/probe/danglings.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "doctor/probe/normal_form.hpp"
#include "doctor/probe/rows.hpp"
#include "doctor/proof.hpp"
#include "doctor/sweep/key_position.hpp"
#include "doctor/sweep/key_set.hpp"
#include "doctor/sweep/memory.hpp"
#include "doctor/sweep/sampler.hpp"

namespace doctor {

namespace {

using Fields = std::vector<std::size_t>;
using Key = std::vector<ommi::Cell>;

constexpr std::uint32_t most_distinct = 200'000;
constexpr std::uint32_t most_sampled = 256;
constexpr std::size_t most_pairs = 50;

/// A distinct value that dangles.
struct Dangling {
  std::vector<ommi::Value> value;
  std::uint64_t rows = 0;
  std::vector<ommi::Value> meant = {};
  bool ambiguous = false;
  bool sampled = false;
  RowSample sample = {};
};

std::vector<ommi::Value> owned(std::span<const ommi::Cell> cells) {
  std::vector<ommi::Value> values;
  for (const ommi::Cell& cell : cells) values.emplace_back(cell);
  return values;
}

Key borrowed(const std::vector<ommi::Value>& values) {
  Key cells;
  for (const ommi::Value& value : values) cells.push_back(value.cell());
  return cells;
}

bool is_integer(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool whole(std::span<const ommi::Cell> cells) {
  return std::none_of(cells.begin(), cells.end(),
                      [](const ommi::Cell& cell) { return cell.is_null(); });
}

/// The parts' normal forms, each with its length; empty where a part has none or is blank.
std::string joined_form(std::span<const ommi::Cell> cells) {
  std::string joined;
  for (const ommi::Cell& cell : cells) {
    const auto form = normal_form(cell, all_steps);
    if (!form || form->empty()) return {};
    joined += fmt::format("{}:{}", form->size(), *form);
  }
  return joined;
}

/// What the collations of all parts put aside by themselves.
std::uint8_t given_by(const std::vector<ommi::Comparison>& rules) {
  const auto all = [&](ommi::Collation collation) {
    return std::all_of(rules.begin(), rules.end(),
                       [&](const ommi::Comparison& rule) { return rule.collation == collation; });
  };
  if (all(ommi::Collation::nocase)) return letter_case;
  return 0;
}

class Telling {
 public:
  Telling(const ommi::Database& database, const Evidence& evidence, ReferenceSweep& reference,
          std::size_t samples, std::uint64_t memory)
      : database_(database),
        evidence_(evidence),
        reference_(reference),
        limit_(samples),
        rules_(reference.target->comparisons(reference.target_fields)),
        budget_(memory),
        numbers_(rules_),
        sentinels_(rules_) {}

  std::string run();

 private:
  [[nodiscard]] bool texts_involved() const;
  [[nodiscard]] std::string look_for_sentinels(bool& any) const;
  template <class Work>
  [[nodiscard]] std::string with_keys(Work work);
  [[nodiscard]] std::string read_keys();
  [[nodiscard]] std::string read_danglings();
  void take(std::span<const ommi::Cell> key, std::span<const ommi::Cell> row,
            const ScanColumns& columns);
  [[nodiscard]] std::string find_meant();
  void find_meant_integers();
  [[nodiscard]] bool only_integers(const ommi::Model& model, const Fields& fields) const;
  void conclude();

  const ommi::Database& database_;
  const Evidence& evidence_;
  ReferenceSweep& reference_;
  std::size_t limit_;
  std::vector<ommi::Comparison> rules_;
  MemoryBudget budget_;
  std::optional<KeySet> keys_;
  Slice slice_;  // of which keys_ has all keys
  ommi::KeyIndex numbers_;
  ommi::KeyIndex sentinels_;
  std::vector<Dangling> danglings_;
  DanglingKinds kinds_;
};

template <template <class> class Visitor, class Visit>
std::string scan(const ommi::Database& database, const ommi::Model& model,
                 std::vector<std::string> columns, Visit visit) {
  Visitor<Visit> visitor(std::move(visit));
  const auto read = database.scan({model.info.table(), std::move(columns)}, visitor);
  return read ? std::string() : read.failure()->message();
}

std::vector<std::string> names_of_columns(const ommi::Model& model, const Fields& fields) {
  std::vector<std::string> names;
  for (const std::size_t field : fields) names.push_back(model.fields()[field].column());
  return names;
}

// Two numbers are equal or they are not; only a text can be written in several ways.
bool Telling::texts_involved() const {
  const auto holds_text = [&](const ommi::Model& model, const Fields& fields) {
    return std::any_of(fields.begin(), fields.end(), [&](std::size_t field) {
      for (const FieldSweep& seen : evidence_.fields) {
        if (seen.model != &model || seen.field != field) continue;
        return seen.by_kind[static_cast<std::size_t>(ommi::Kind::text)] > 0;
      }
      return true;
    });
  };
  return holds_text(*reference_.model, reference_.fields) ||
         holds_text(*reference_.target, reference_.target_fields);
}

bool Telling::only_integers(const ommi::Model& model, const Fields& fields) const {
  if (fields.size() != 1) return false;
  for (const FieldSweep& seen : evidence_.fields) {
    if (seen.model != &model || seen.field != fields.front()) continue;
    return seen.by_kind[static_cast<std::size_t>(ommi::Kind::integer)] +
               seen.by_kind[static_cast<std::size_t>(ommi::Kind::null)] ==
           seen.rows;
  }
  return false;
}

std::string Telling::look_for_sentinels(bool& any) const {
  const std::string column = quoted_column(*reference_.model, reference_.fields.front());
  EachRow visitor([&](std::span<const ommi::Cell>) {
    any = true;
    return false;
  });
  const auto read =
      database_.select(fmt::format("SELECT 1 FROM {} WHERE +{} IN (0, -1) OR typeof({}) = 'blob' "
                                   "LIMIT 1",
                                   quoted_table(*reference_.model), column, column),
                       {}, 1, visitor);
  return read ? std::string() : read.failure()->message();
}

/// Does `work` with the target's keys at hand: with all of them, or where the memory does not hold
/// that many with those of one slice after the other.
template <class Work>
std::string Telling::with_keys(Work work) {
  slice_ = {};
  keys_.emplace(rules_, Share{.budget = &budget_});
  if (std::string why = read_keys(); !why.empty()) return why;
  if (!keys_->gave_up()) return work();
  while (slice_.first != Slice::last_end) {
    slice_.end = Slice::last_end;
    keys_.emplace(rules_,
                  Share{.budget = &budget_, .when_full = WhenFull::narrow, .slice = slice_});
    if (std::string why = read_keys(); !why.empty()) return why;
    if (keys_->gave_up()) return "the memory does not hold even a small part of the keys";
    slice_.end = keys_->slice().end;
    if (std::string why = work(); !why.empty()) return why;
    slice_.first = slice_.end;
  }
  return {};
}

std::string Telling::read_keys() {
  const Fields& fields = reference_.target_fields;
  Fields places(fields.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return scan<EachBatch>(database_, *reference_.target,
                         names_of_columns(*reference_.target, fields),
                         [&](const Batch& batch) { keys_->add_all(batch, places); });
}

std::string Telling::read_danglings() {
  ScanColumns columns(*reference_.model);
  const Fields places = columns.places(reference_.fields);
  columns.add_naming_fields(readable_fields(evidence_.schema, *reference_.model));
  Key key;
  KeyLookup lookup;
  std::vector<std::uint32_t> missing;
  return scan<EachBatch>(database_, *reference_.model, columns.names(), [&](const Batch& batch) {
    missing.clear();
    keys_->find_missing(batch, places, lookup, missing);
    for (const std::uint32_t row : missing) {
      if (!gather(batch.row(row), places, key)) continue;
      if (!slice_.whole() && !slice_.contains(position_of(key))) continue;
      if (!keys_->contains(key)) take(key, batch.row(row), columns);
    }
  });
}

void Telling::take(std::span<const ommi::Cell> key, std::span<const ommi::Cell> row,
                   const ScanColumns& columns) {
  const auto shown = [&] { return columns.sample(owned(row), reference_.fields); };
  if (key.size() == 1 && is_sentinel(key[0])) {
    ++kinds_.sentinel;
    sentinels_.add(key);
    const ommi::Value value(key[0]);
    auto& known = kinds_.sentinels;
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
    if (kinds_.sentinel_samples.size() < limit_) kinds_.sentinel_samples.push_back(shown());
    return;
  }
  if (danglings_.size() == most_distinct && numbers_.find(key) == ommi::KeyIndex::missing) {
    kinds_.unchecked = fmt::format(
        "keys written differently were looked for among the first {} distinct values only",
        most_distinct);
    return;
  }
  const std::uint32_t number = numbers_.add(key);
  if (number == danglings_.size()) {
    Dangling& added = danglings_.emplace_back();
    added.value = owned(key);
    added.sampled = number < most_sampled;
    if (added.sampled) added.sample = shown();
  }
  ++danglings_[number].rows;
}

// The normal form of an integer is its digits: what can be meant is looked up.
void Telling::find_meant_integers() {
  for (Dangling& dangling : danglings_) {
    const auto form = normal_form(dangling.value.front().cell(), all_steps);
    std::int64_t number = 0;
    if (!form || !is_integer(*form, number)) continue;
    const ommi::Cell key = ommi::Cell::of(number);
    if (normal_form(key, all_steps) == form && keys_->contains({&key, 1})) {
      dangling.meant = owned({&key, 1});
    }
  }
}

std::string Telling::find_meant() {
  if (only_integers(*reference_.target, reference_.target_fields)) {
    const auto find = [this] {
      find_meant_integers();
      return std::string();
    };
    // All keys are still there, unless they were read in slices.
    return slice_.whole() ? find() : with_keys(find);
  }
  std::unordered_multimap<std::string, std::uint32_t> forms;
  for (std::uint32_t number = 0; number < danglings_.size(); ++number) {
    std::string form = joined_form(borrowed(danglings_[number].value));
    if (!form.empty()) forms.emplace(std::move(form), number);
  }
  if (forms.empty()) return {};
  const Fields& fields = reference_.target_fields;
  return scan<EachRow>(database_, *reference_.target, names_of_columns(*reference_.target, fields),
                       [&](std::span<const ommi::Cell> key) {
                         if (!whole(key)) return true;
                         const auto [first, last] = forms.equal_range(joined_form(key));
                         for (auto found = first; found != last; ++found) {
                           Dangling& dangling = danglings_[found->second];
                           if (dangling.meant.empty()) {
                             dangling.meant = owned(key);
                           } else if (dangling.meant != owned(key)) {
                             dangling.ambiguous = true;
                           }
                         }
                         return true;
                       });
}

void Telling::conclude() {
  for (Dangling& dangling : danglings_) {
    const bool missing = dangling.meant.empty();
    auto& samples = missing ? kinds_.missing_samples : kinds_.near_miss_samples;
    if (dangling.sampled && samples.size() < limit_) samples.push_back(std::move(dangling.sample));
    if (missing) continue;
    kinds_.near_miss += dangling.rows;
    ++kinds_.distinct_near_miss;
    if (kinds_.pairs.size() == most_pairs) continue;
    const auto steps =
        steps_between(borrowed(dangling.value), borrowed(dangling.meant), given_by(rules_));
    // Parts may need different steps; all of them together are what joined the two.
    kinds_.pairs.push_back({dangling.value, dangling.meant, names_of(steps.value_or(all_steps)),
                            dangling.rows, dangling.ambiguous});
  }
  kinds_.distinct_missing =
      reference_.distinct_dangling - kinds_.distinct_near_miss - sentinels_.size();
  reference_.kinds = std::move(kinds_);
}

std::string Telling::run() {
  const bool texts = texts_involved();
  if (!texts) {
    bool any = false;
    if (reference_.fields.size() == 1) {
      if (std::string why = look_for_sentinels(any); !why.empty()) return why;
    }
    if (!any) return {};
  }
  if (std::string why = with_keys([this] { return read_danglings(); }); !why.empty()) return why;
  if (texts) {
    if (std::string why = find_meant(); !why.empty()) return why;
  }
  conclude();
  return {};
}

bool is_zero_uuid(std::string_view text) {
  const auto zeros = static_cast<std::size_t>(std::count(text.begin(), text.end(), '0'));
  return zeros == 32 && std::all_of(text.begin(), text.end(), [](char letter) {
           return letter == '0' || letter == '-' || letter == '{' || letter == '}';
         });
}

}  // namespace

bool is_sentinel(const ommi::Cell& cell) {
  switch (cell.kind) {
    case ommi::Kind::integer:
      return cell.integer == 0 || cell.integer == -1;
    case ommi::Kind::real:
      return cell.real == 0.0 || cell.real == -1.0;
    case ommi::Kind::text:
      return cell.view().empty() || cell.view() == "0" || cell.view() == "-1" ||
             is_zero_uuid(cell.view());
    case ommi::Kind::blob:
      return cell.view() == std::string(16, '\0');
    case ommi::Kind::null:
      break;
  }
  return false;
}

std::string tell_danglings_apart(const ommi::Database& database, const Evidence& evidence,
                                 ReferenceSweep& reference, std::size_t samples,
                                 std::uint64_t memory) {
  std::string why = Telling(database, evidence, reference, samples, memory).run();
  if (!why.empty()) reference.kinds = {};
  return why;
}

}  // namespace doctor
