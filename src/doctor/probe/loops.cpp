#include "doctor/probe/loops.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/probe/rows.hpp"

namespace doctor {

namespace {

using Hops = std::vector<const ommi::Relation*>;

constexpr std::uint32_t nowhere = ommi::KeyIndex::missing;
// Above this the rows of a way back are not held in memory.
constexpr std::size_t most_rows = 4'000'000;
// So many ways through several tables are looked at, and ways of so many hops.
constexpr std::size_t most_ways = 64;
constexpr std::size_t most_hops = 8;

bool same_join(const ommi::Relation& left, const ommi::Relation& right) {
  return left.owner == right.owner && left.target == right.target &&
         left.owner_fields == right.owner_fields && left.target_fields == right.target_fields;
}

/// To-one relationships to one row, each reference once.
Hops single_hops(const Evidence& evidence, const Hops& only) {
  Hops hops;
  for (const ReferenceSweep& reference : evidence.references) {
    if (!reference.unchecked.empty()) continue;
    for (const ommi::Relation* relation : reference.relations) {
      const bool wanted =
          only.empty() || std::find(only.begin(), only.end(), relation) != only.end();
      if (!wanted || relation->many() || relation->direction != ommi::Direction::forward) continue;
      if (!relation->target->unique(relation->target_fields)) continue;
      const bool known = std::any_of(hops.begin(), hops.end(), [&](const ommi::Relation* hop) {
        return same_join(*hop, *relation);
      });
      if (!known) hops.push_back(relation);
    }
  }
  return hops;
}

/// Goes on from the end of `way` to models that come after its first one, each at most once.
void extend(const Hops& hops, Hops& way, std::vector<LoopSweep>& ways) {
  const ommi::Model* first = way.front()->owner;
  for (const ommi::Relation* hop : hops) {
    if (ways.size() == most_ways || hop->owner != way.back()->target) continue;
    way.push_back(hop);
    const bool visited = std::any_of(way.begin(), way.end() - 1, [&](const ommi::Relation* past) {
      return past->owner == hop->target;
    });
    if (hop->target == first) {
      ways.emplace_back().hops = way;
    } else if (!visited && hop->target->index > first->index && way.size() < most_hops) {
      extend(hops, way, ways);
    }
    way.pop_back();
  }
}

/// The rows of one hop's owner, by what names them there, and where they lead.
struct Station {
  explicit Station(std::vector<ommi::Comparison> rules) : rows(std::move(rules)) {}
  ommi::KeyIndex rows;
  std::vector<std::uint32_t> next = {};  // beside `rows`: a row of the next station
};

class Walk {
 public:
  Walk(const ommi::Database& database, LoopSweep& way) : database_(database), way_(way) {
    for (std::size_t at = 0; at < way.hops.size(); ++at) {
      const ommi::Relation& before = into(at);
      stations_.emplace_back(before.target->comparisons(before.target_fields));
    }
  }
  void run(std::size_t samples);

 private:
  /// The hop that leads to the station.
  [[nodiscard]] const ommi::Relation& into(std::size_t at) const {
    return *way_.hops[at == 0 ? way_.hops.size() - 1 : at - 1];
  }
  [[nodiscard]] std::size_t after(std::size_t at) const { return (at + 1) % stations_.size(); }
  [[nodiscard]] bool leads_one_way();
  [[nodiscard]] bool read(std::size_t at);
  [[nodiscard]] std::vector<std::uint32_t> round_trips() const;
  void follow(const std::vector<std::uint32_t>& turns, std::size_t samples);
  void add_loop(const std::vector<std::uint32_t>& loop, std::size_t samples);

  const ommi::Database& database_;
  LoopSweep& way_;
  std::vector<Station> stations_;
  std::vector<std::uint32_t> shown_;
};

// Where each row names one with a lower number (or each a higher one) no chain comes back; most
// trees are so, and need no memory.
bool Walk::leads_one_way() {
  const ommi::Relation& hop = *way_.hops[0];
  if (way_.hops.size() != 1 || hop.owner_fields.size() != 1) return false;
  std::uint64_t rows = 0;
  std::uint64_t down = 0;
  std::uint64_t up = 0;
  std::uint64_t others = 0;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    ++rows;
    if (row[1].is_null()) return true;
    const bool numbers = row[0].kind == ommi::Kind::integer && row[1].kind == ommi::Kind::integer;
    if (!numbers || row[0].integer == row[1].integer) {
      ++others;
    } else {
      ++(row[1].integer < row[0].integer ? down : up);
    }
    return others == 0 && (down == 0 || up == 0);
  });
  const auto read = database_.scan({hop.owner->info.table(),
                                    {hop.owner->fields()[hop.target_fields[0]].column(),
                                     hop.owner->fields()[hop.owner_fields[0]].column()}},
                                   visitor);
  if (!read || others > 0 || (down > 0 && up > 0)) return false;
  way_.rows = rows;
  way_.linked_rows = down + up;
  return true;
}

bool Walk::read(std::size_t at) {
  const ommi::Relation& hop = *way_.hops[at];
  const std::vector<std::size_t>& names = into(at).target_fields;
  std::vector<std::string> columns;
  for (const std::size_t field : names) columns.push_back(hop.owner->fields()[field].column());
  for (const std::size_t field : hop.owner_fields) {
    columns.push_back(hop.owner->fields()[field].column());
  }
  Station& here = stations_[at];
  Station& there = stations_[after(at)];
  bool full = false;
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    way_.rows += at == 0 ? 1U : 0U;
    const std::uint32_t next = there.rows.add(row.subspan(names.size()));
    if (next == nowhere) return true;
    const std::uint32_t number = here.rows.add(row.first(names.size()));
    if (number == nowhere) return true;
    if (number >= here.next.size()) here.next.resize(number + 1U, nowhere);
    // Of rows with the same name none is the one that is meant: the first is as good.
    if (here.next[number] == nowhere) here.next[number] = next;
    way_.linked_rows += at == 0 ? 1U : 0U;
    full = here.rows.size() > most_rows;
    return !full;
  });
  const auto read = database_.scan({hop.owner->info.table(), columns}, visitor);
  if (!read) {
    way_.unchecked = read.failure()->message();
  } else if (full) {
    way_.unchecked = fmt::format("more than {} rows are too many to be followed", most_rows);
  }
  return way_.unchecked.empty();
}

/// For each row of the first station the one that all hops together lead to.
std::vector<std::uint32_t> Walk::round_trips() const {
  std::vector<std::uint32_t> turns(stations_[0].rows.size(), nowhere);
  for (std::uint32_t row = 0; row < turns.size(); ++row) {
    std::uint32_t here = row;
    for (const Station& station : stations_) {
      here = here < station.next.size() ? station.next[here] : nowhere;
      if (here == nowhere) break;
    }
    turns[row] = here;
  }
  return turns;
}

// Every row has at most one next, so each is entered once.
void Walk::follow(const std::vector<std::uint32_t>& turns, std::size_t samples) {
  std::vector<std::uint32_t> entered(turns.size(), nowhere);  // the walk that came here first
  for (std::uint32_t start = 0; start < turns.size(); ++start) {
    std::uint32_t row = start;
    while (row != nowhere && entered[row] == nowhere) {
      entered[row] = start;
      row = turns[row];
    }
    if (row == nowhere || entered[row] != start) continue;
    std::vector<std::uint32_t> loop = {row};
    for (std::uint32_t next = turns[row]; next != row; next = turns[next]) loop.push_back(next);
    add_loop(loop, samples);
  }
}

void Walk::add_loop(const std::vector<std::uint32_t>& loop, std::size_t samples) {
  ++way_.loops;
  way_.looping_rows += loop.size();
  way_.pairs += loop.size() == 2 ? 1U : 0U;
  way_.longest = std::max<std::uint64_t>(way_.longest, loop.size());
  if (!shown_.empty()) return;
  way_.shown_length = loop.size();
  shown_.assign(loop.begin(),
                loop.begin() + static_cast<std::ptrdiff_t>(std::min(samples, loop.size())));
}

void Walk::run(std::size_t samples) {
  if (leads_one_way()) return;
  for (std::size_t at = 0; at < stations_.size(); ++at) {
    if (!read(at)) return;
  }
  follow(round_trips(), samples);
  if (shown_.empty()) return;
  // The rows' own fields, in the order of the loop.
  const ommi::Relation& hop = *way_.hops[0];
  const std::vector<std::size_t>& names = into(0).target_fields;
  way_.shown.resize(shown_.size());
  std::vector<std::string> columns;
  for (const std::size_t field : names) columns.push_back(hop.owner->fields()[field].column());
  for (const std::size_t field : hop.owner_fields) {
    columns.push_back(hop.owner->fields()[field].column());
  }
  EachRow visitor([&](std::span<const ommi::Cell> row) {
    const std::uint32_t number = stations_[0].rows.find(row.first(names.size()));
    const auto place = std::find(shown_.begin(), shown_.end(), number);
    if (number == nowhere || place == shown_.end()) return true;
    RowSample& sample = way_.shown[static_cast<std::size_t>(place - shown_.begin())];
    if (!sample.key.empty()) return true;
    for (std::size_t at = 0; at < names.size(); ++at) {
      sample.key.push_back({hop.owner->fields()[names[at]].name, ommi::Value(row[at])});
    }
    for (std::size_t at = 0; at < hop.owner_fields.size(); ++at) {
      sample.value.push_back(
          {hop.owner->fields()[hop.owner_fields[at]].name, ommi::Value(row[names.size() + at])});
    }
    return true;
  });
  static_cast<void>(database_.scan({hop.owner->info.table(), columns}, visitor));
}

}  // namespace

std::vector<LoopSweep> ways_back(const Evidence& evidence, const Hops& only) {
  const Hops hops = single_hops(evidence, only);
  std::vector<LoopSweep> ways;
  for (const ommi::Relation* hop : hops) {
    if (hop->target == hop->owner) ways.emplace_back().hops = {hop};
  }
  for (const ommi::Relation* hop : hops) {
    if (hop->target == hop->owner || hop->target->index < hop->owner->index) continue;
    Hops way = {hop};
    extend(hops, way, ways);
  }
  return ways;
}

void count(const ommi::Database& database, LoopSweep& way, std::size_t samples) {
  Walk(database, way).run(samples);
}

}  // namespace doctor
