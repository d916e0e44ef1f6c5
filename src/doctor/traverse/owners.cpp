#include "doctor/traverse/owners.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <unordered_map>

namespace doctor {
namespace {

using Pick = std::vector<ommi::Value>;  // values of identity_of(model)

// Algorithm L (Li, 1994): how many rows are passed over before the next pick is drawn at once, so
// that most rows cost nothing.
class Reservoir final : public ommi::RowVisitor {
 public:
  Reservoir(std::uint64_t size, std::uint64_t seed) : size_(size), random_(seed) {}

  bool row(std::span<const ommi::Cell> cells) override {
    return rows({cells.data(), cells.size(), 1});
  }
  bool rows(const ommi::RowBatch& batch) override {
    for (std::uint64_t row = 0; row < batch.rows; ++row) {
      if (picks.size() < size_) {
        picks.push_back(copy(batch.row(row)));
        if (picks.size() == size_) draw_next();
        continue;
      }
      const std::uint64_t left = batch.rows - row;
      if (passed_over_ >= left) {
        passed_over_ -= left;
        return true;
      }
      row += passed_over_;
      picks[random_() % size_] = copy(batch.row(row));
      draw_next();
    }
    return true;
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 1024; }

  std::vector<Pick> picks;

 private:
  static Pick copy(std::span<const ommi::Cell> cells) {
    Pick pick;
    for (const ommi::Cell& cell : cells) pick.emplace_back(cell);
    return pick;
  }
  // Above 0 and below 1.
  [[nodiscard]] double random_fraction() {
    return (static_cast<double>(random_() >> 12U) + 0.5) / static_cast<double>(1ULL << 52U);
  }
  void draw_next() {
    if (size_ == 0) return;
    weight_ *= std::exp(std::log(random_fraction()) / static_cast<double>(size_));
    const double rows = std::floor(std::log(random_fraction()) / std::log1p(-weight_));
    passed_over_ = rows < 1e18 ? static_cast<std::uint64_t>(rows) : UINT64_MAX;
  }

  std::uint64_t size_;
  std::mt19937_64 random_;
  double weight_ = 1;
  std::uint64_t passed_over_ = size_ == 0 ? UINT64_MAX : 0;
};

constexpr std::size_t most_counters = 256;

// The most frequent integers in one pass and bounded memory (Misra and Gries, 1982): whatever
// occurs in more than 1/257 of the rows is among the counters.
class FrequentIntegers {
 public:
  void add(std::int64_t key) {
    std::size_t slot = slot_of(key);
    if (slots_[slot].count != 0) {
      ++slots_[slot].count;
    } else if (used_ < most_counters) {
      slots_[slot] = {key, 1};
      ++used_;
    } else {
      count_down();
    }
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) visit(slot.key, slot.count);
    }
  }

 private:
  struct Slot {
    std::int64_t key = 0;
    std::uint64_t count = 0;  // 0 = free
  };
  [[nodiscard]] std::size_t slot_of(std::int64_t key) const noexcept {
    const std::uint64_t mixed = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U;
    std::size_t slot = (mixed >> 40U) % slots_.size();
    while (slots_[slot].count != 0 && slots_[slot].key != key) slot = (slot + 1) % slots_.size();
    return slot;
  }
  // One off every counter; what is left is put where it belongs.
  void count_down() {
    const std::array<Slot, 4 * most_counters> before = std::exchange(slots_, {});
    used_ = 0;
    for (const Slot& old : before) {
      if (old.count < 2) continue;
      slots_[slot_of(old.key)] = {old.key, old.count - 1};
      ++used_;
    }
  }

  std::array<Slot, 4 * most_counters> slots_ = {};
  std::size_t used_ = 0;
};

// The same for keys of any kind: integers on the fast way, the others by their canonical bytes.
class FrequentKeys final : public ommi::RowVisitor {
 public:
  explicit FrequentKeys(std::vector<ommi::Comparison> rules) : rules_(std::move(rules)) {}

  bool row(std::span<const ommi::Cell> cells) override {
    if (cells.size() == 1 && cells[0].kind == ommi::Kind::integer &&
        rules_[0].affinity != ommi::Affinity::text) {
      integers_.add(cells[0].integer);
      return true;
    }
    key_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].is_null()) return true;
      ommi::append_key(key_, cells[i], rules_[i]);
    }
    if (const auto found = counters_.find(key_); found != counters_.end()) {
      ++found->second.count;
    } else if (counters_.size() < most_counters) {
      Counter counter{1, {}};
      for (const ommi::Cell& cell : cells) counter.key.emplace_back(cell);
      counters_.emplace(key_, std::move(counter));
    } else {
      for (auto entry = counters_.begin(); entry != counters_.end();) {
        entry = --entry->second.count == 0 ? counters_.erase(entry) : std::next(entry);
      }
    }
    return true;
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 1024; }

  [[nodiscard]] std::vector<Pick> top(std::size_t count) const {
    struct Seen {
      std::uint64_t count;
      std::string bytes;
      Pick key;
    };
    std::vector<Seen> order;
    for (const auto& [bytes, counter] : counters_) {
      order.push_back({counter.count, bytes, counter.key});
    }
    integers_.each([&](std::int64_t key, std::uint64_t times) {
      Seen& seen = order.emplace_back(Seen{times, {}, {ommi::Value(key)}});
      ommi::append_key(seen.bytes, ommi::Cell::of(key), rules_[0]);
    });
    std::sort(order.begin(), order.end(), [](const Seen& left, const Seen& right) {
      return left.count != right.count ? left.count > right.count : left.bytes < right.bytes;
    });
    std::vector<Pick> keys;
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i) keys.push_back(order[i].key);
    return keys;
  }

 private:
  struct Counter {
    std::uint64_t count;
    Pick key;
  };
  std::vector<ommi::Comparison> rules_;
  FrequentIntegers integers_;
  std::unordered_map<std::string, Counter> counters_;
  std::string key_;
};

ommi::Expression matches(const std::vector<std::size_t>& fields, const Pick& pick) {
  ommi::Expression all;
  for (std::size_t i = 0; i < fields.size(); ++i)
    all = std::move(all) && (ommi::FieldTerm(fields[i]) == pick[i]);
  return all;
}

void pick_sample(const ommi::Model& model, const std::vector<RowSample>& samples,
                 std::vector<Pick>& picks) {
  const std::vector<std::size_t> identity = identity_of(model);
  for (const RowSample& sample : samples) {
    if (sample.key.size() != identity.size()) continue;
    Pick pick;
    for (const NamedValue& part : sample.key) pick.push_back(part.value);
    picks.push_back(std::move(pick));
  }
}

void pick_swept(const ommi::Model& model, const SweepResult& swept, std::vector<Pick>& picks) {
  for (const ReferenceSweep& sweep : swept.references) {
    if (sweep.model != &model) continue;
    pick_sample(model, sweep.dangling_samples, picks);
    pick_sample(model, sweep.null_samples, picks);
    pick_sample(model, sweep.join_samples, picks);
  }
  for (const FieldSweep& sweep : swept.fields) {
    if (sweep.model == &model) pick_sample(model, sweep.samples, picks);
  }
}

// Conditions on the owner's own fields: the owners that have the most related rows.
void pick_fan_outs(const ommi::Database& database, const ommi::Model& model,
                   const TraversalOptions& options, std::vector<ommi::Expression>& conditions) {
  for (const ommi::Relation& relation : model.relations) {
    if (relation.problem || !relation.many()) continue;
    const bool wanted = options.only.empty() || std::find(options.only.begin(), options.only.end(),
                                                          &relation) != options.only.end();
    if (!wanted) continue;
    const ommi::Model& side = relation.via != nullptr ? *relation.via : *relation.target;
    const auto& fields =
        relation.via != nullptr ? relation.via_owner_fields : relation.target_fields;
    const std::vector<ommi::Comparison> rules = side.comparisons(fields);
    if (!std::all_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.decidable(); }))
      continue;
    ommi::Scan scan{side.info.table(), {}};
    for (const std::size_t field : fields) scan.columns.push_back(side.fields()[field].column());
    FrequentKeys frequent(rules);
    if (!database.scan(scan, frequent)) continue;  // the load itself will say what is wrong
    for (const Pick& key : frequent.top(3))
      conditions.push_back(matches(relation.owner_fields, key));
  }
}

void pick_ends(const ommi::Database& database, const ommi::Model& model, std::vector<Pick>& picks) {
  if (model.key.empty()) return;
  for (const bool last : {false, true}) {
    ommi::Finder finder = database.find(model.name());
    for (const std::size_t field : model.key) finder.order_by(model.fields()[field].name, last);
    const std::optional<ommi::Record> end = finder.first().or_raise();
    if (end) picks.push_back(end->key());
  }
}

void pick_random(const ommi::Database& database, const ommi::Model& model,
                 const TraversalOptions& options, std::vector<Pick>& picks) {
  ommi::Scan scan{model.info.table(), {}};
  for (const std::size_t field : identity_of(model))
    scan.columns.push_back(model.fields()[field].column());
  Reservoir reservoir(options.sample, options.seed);
  const std::uint64_t rows = database.scan(scan, reservoir).or_raise();
  static_cast<void>(rows);
  picks.insert(picks.end(), std::make_move_iterator(reservoir.picks.begin()),
               std::make_move_iterator(reservoir.picks.end()));
}

}  // namespace

std::vector<std::size_t> identity_of(const ommi::Model& model) {
  if (!model.key.empty()) return model.key;
  // So many fields tell rows apart well enough, and a condition over more could be too deep for the
  // database.
  std::vector<std::size_t> all(std::min<std::size_t>(model.fields().size(), 64));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

std::vector<NamedValue> key_sample(const ommi::Record& record) {
  std::vector<NamedValue> key;
  std::vector<std::size_t> fields = identity_of(record.model());
  if (record.model().key.empty()) fields.resize(std::min<std::size_t>(fields.size(), 12));
  for (const std::size_t field : fields) {
    key.push_back({record.model().fields()[field].name, ommi::Value(record.cell(field))});
  }
  return key;
}

ommi::Finder choose_owners(const ommi::Database& database, const ommi::Model& model,
                           const SweepResult& swept, const TraversalOptions& options) {
  std::vector<Pick> picks;
  std::vector<ommi::Expression> conditions;
  pick_ends(database, model, picks);
  pick_swept(model, swept, picks);
  pick_random(database, model, options, picks);
  pick_fan_outs(database, model, options, conditions);
  const std::vector<std::size_t> identity = identity_of(model);
  for (const Pick& pick : picks) conditions.push_back(matches(identity, pick));
  // A balanced tree of ORs: a chain would exceed the database's expression depth.
  while (conditions.size() > 1) {
    std::vector<ommi::Expression> halved;
    for (std::size_t i = 0; i < conditions.size(); i += 2) {
      halved.push_back(i + 1 < conditions.size() ? conditions[i] || conditions[i + 1]
                                                 : conditions[i]);
    }
    conditions = std::move(halved);
  }
  ommi::Finder finder = database.find(model.name());
  if (!conditions.empty()) finder.where(conditions.front());
  return finder;
}

}  // namespace doctor
