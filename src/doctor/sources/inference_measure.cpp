#include "doctor/sources/inference_measure.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

namespace doctor::sources {
namespace {

constexpr std::uint32_t distinct_limit = 1000;
constexpr std::size_t counter_example_limit = 5;
// With less, little would be known of any table.
constexpr std::uint64_t least_memory = std::uint64_t{32} << 20U;

/// Columns of one table, each once, and where in a row they are.
class Columns {
 public:
  std::vector<std::size_t> places(const std::vector<const ommi::FieldInfo*>& fields) {
    std::vector<std::size_t> result;
    for (const ommi::FieldInfo* field : fields) {
      const auto found = std::find(names_.begin(), names_.end(), field->column());
      result.push_back(static_cast<std::size_t>(found - names_.begin()));
      if (found == names_.end()) names_.push_back(field->column());
    }
    return result;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

class Visitor : public ommi::RowVisitor {
 public:
  explicit Visitor(std::function<bool(std::span<const ommi::Cell>)> visit)
      : visit_(std::move(visit)) {}
  [[nodiscard]] bool row(std::span<const ommi::Cell> cells) override { return visit_(cells); }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 256; }

 private:
  std::function<bool(std::span<const ommi::Cell>)> visit_;
};

/// Something that reads some columns of a row.
template <class Reader>
struct Part {
  Reader* reader;
  std::vector<std::size_t> places;
  std::vector<ommi::Cell> cells = {};

  // The reader's own cells; false when one is NULL.
  bool pick(std::span<const ommi::Cell> row) {
    cells.clear();
    for (const std::size_t place : places) {
      if (row[place].is_null()) return false;
      cells.push_back(row[place]);
    }
    return true;
  }
};

template <class Reader>
using ByTable = std::map<std::string, std::vector<Reader*>>;

/// What the next key takes, about: less where the keys are integers that lie close together.
std::uint64_t bytes_of(const KeySet& set) {
  constexpr std::uint64_t close_integer = 8;
  constexpr std::uint64_t other = 32;
  const double span = static_cast<double>(set.largest) - static_cast<double>(set.smallest);
  const bool close = set.integers && span <= 4.0 * static_cast<double>(set.members.size());
  return close ? close_integer : other;
}

void add_key(KeySet& set, std::span<const ommi::Cell> cells) {
  set.members.add(cells);
  if (cells.size() != 1) return;
  if (cells[0].kind != ommi::Kind::integer) {
    set.integers = false;
    return;
  }
  set.smallest = std::min(set.smallest, cells[0].integer);
  set.largest = std::max(set.largest, cells[0].integer);
}

// Reads `columns` of a table until `visit` has enough; false, with a note, when that fails.
bool scan(const ommi::Database& database, const std::string& table, const Columns& columns,
          std::function<bool(std::span<const ommi::Cell>)> visit, std::vector<std::string>& notes) {
  Visitor visitor(std::move(visit));
  const auto outcome = database.scan({table, columns.names()}, visitor);
  if (outcome) return true;
  notes.push_back(fmt::format("undeclared references of {} are not known: {}", ommi::escaped(table),
                              ommi::escaped(outcome.failure()->message())));
  return false;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char letter) { return letter >= '0' && letter <= '9'; });
}

// Whether a value is unlikely to be a key of some table by chance, as 1, 2, 3 … are.
bool is_distinctive(const ommi::Cell& cell) {
  switch (cell.kind) {
    case ommi::Kind::integer:
      return cell.integer >= 100'000 || cell.integer <= -100'000;
    case ommi::Kind::text:
      return cell.size >= (is_digits(cell.view()) ? 7U : 3U);
    case ommi::Kind::blob:
      return cell.size >= 8;
    default:
      return false;
  }
}

// Whether the keys that were read say nothing about this value.
bool is_beyond(const KeySet& set, std::span<const ommi::Cell> cells) {
  if (!set.cut) return false;
  const bool ordered = set.integers && cells.size() == 1 && cells[0].kind == ommi::Kind::integer;
  return !ordered || cells[0].integer > set.largest || cells[0].integer < set.smallest;
}

void keep_example(Candidate& candidate, const ommi::Cell& cell) {
  if (candidate.counter_examples.size() >= counter_example_limit) return;
  ommi::Value value(cell);
  for (const ommi::Value& known : candidate.counter_examples) {
    if (known == value) return;
  }
  candidate.counter_examples.push_back(std::move(value));
}

void count_miss(Candidate& candidate, const ommi::Cell& cell) {
  const bool number = cell.kind == ommi::Kind::integer;
  if (number && cell.integer == 0) {
    ++candidate.zeros;
  } else if (number && cell.integer == -1) {
    ++candidate.minus_ones;
  } else if (cell.kind == ommi::Kind::text && (cell.size == 0 || cell.view() == "0")) {
    ++candidate.blanks;
  } else {
    ++candidate.strays;
    // Without a name that speaks for it, a single stray decides.
    candidate.dropped = candidate.name.score == 0;
  }
}

void count(Child& child, const std::vector<KeySet>& keys, std::span<const ommi::Cell> cells) {
  ++child.values;
  if (child.distinct.size() < distinct_limit) {
    const std::uint32_t before = child.distinct.size();
    child.distinct.add(cells);
    if (child.distinct.size() > before && is_distinctive(cells[0])) ++child.distinctive;
  }
  for (Candidate& candidate : child.candidates) {
    const KeySet& set = keys[candidate.key];
    if (candidate.dropped || set.unread) continue;
    if (set.members.contains(cells)) {
      ++candidate.contained;
    } else if (is_beyond(set, cells)) {
      ++candidate.unknown;
    } else {
      count_miss(candidate, cells[0]);
      keep_example(candidate, cells[0]);
    }
  }
}

}  // namespace

void read_keys(const ommi::Database& database, std::vector<KeySet>& keys, std::uint64_t memory,
               std::vector<std::string>& notes) {
  ByTable<KeySet> tables;
  for (KeySet& set : keys) {
    if (set.wanted) tables[set.model->table()].push_back(&set);
  }
  std::uint64_t left = std::max(memory, least_memory);
  std::uint64_t tables_left = tables.size();
  for (auto& [table, sets] : tables) {
    // What a table does not need, the later ones have.
    const std::uint64_t share = left / tables_left--;
    std::uint64_t held = 0;
    Columns columns;
    std::vector<Part<KeySet>> parts;
    for (KeySet* set : sets) parts.push_back({set, columns.places(set->fields)});
    std::uint64_t rows = 0;
    const auto visit = [&parts, &rows, &held, share](std::span<const ommi::Cell> row) {
      const bool enough = ++rows > row_limit || held > share;
      for (Part<KeySet>& part : parts) {
        if (enough) {
          part.reader->cut = true;
        } else if (part.pick(row)) {
          add_key(*part.reader, part.cells);
          held += bytes_of(*part.reader);
        }
      }
      return !enough;
    };
    const bool read = scan(database, table, columns, visit, notes);
    left -= std::min(left, held);
    if (read) continue;
    for (KeySet* set : sets) set->unread = true;
  }
}

void measure(const ommi::Database& database, const std::vector<KeySet>& keys,
             std::vector<Child>& children, std::vector<std::string>& notes) {
  ByTable<Child> tables;
  for (Child& child : children) tables[child.model->table()].push_back(&child);
  for (auto& [table, readers] : tables) {
    Columns columns;
    std::vector<Part<Child>> parts;
    for (Child* child : readers) parts.push_back({child, columns.places(child->fields)});
    std::uint64_t rows = 0;
    const auto visit = [&parts, &rows, &keys](std::span<const ommi::Cell> row) {
      const bool enough = ++rows > measured_limit;
      for (Part<Child>& part : parts) {
        if (enough) {
          part.reader->cut = true;
          continue;
        }
        ++part.reader->rows;
        if (part.pick(row)) count(*part.reader, keys, part.cells);
      }
      return !enough;
    };
    if (scan(database, table, columns, visit, notes)) continue;
    for (Child* child : readers) child->unread = true;
  }
}

}  // namespace doctor::sources
