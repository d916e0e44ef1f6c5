#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/answer.hpp"
#include "engine/session.hpp"

namespace ommi::engine {
namespace {

/// Loads one relationship for a set of owners: distinct keys, few statements, rows handed back to
/// their owners.
class Loader {
 public:
  Loader(Session& session, Answer& owners, const Relation& relation, LazyGroup& group)
      : session_(session),
        owners_(owners),
        relation_(relation),
        group_(group),
        index_(key_rules(relation)) {}

  std::optional<DatabaseError> load(std::span<const std::uint32_t> slots);

 private:
  struct Link {
    std::uint32_t key;
    std::uint32_t row;   // KeyIndex::missing: the link's target is not there
    std::uint32_t link;  // of a linked relationship: the association's row
  };

  static std::vector<Comparison> key_rules(const Relation& relation) {
    if (relation.problem) return {};
    return relation.via != nullptr ? relation.via->comparisons(relation.via_owner_fields)
                                   : relation.target->comparisons(relation.target_fields);
  }

  void gather(std::span<const std::uint32_t> slots);
  [[nodiscard]] std::size_t chunk_size();
  void fetch_keys(std::size_t first, std::size_t count, bool single);
  std::uint32_t keep(std::span<const Cell> cells);
  void take_row(std::span<const Cell> row, std::uint32_t single_key);
  void take_link(std::span<const Cell> row, std::uint32_t single_key);
  [[nodiscard]] bool wanted(std::uint32_t key);
  [[nodiscard]] std::optional<DatabaseError> fault_of(const Brought& brought, std::uint32_t begin,
                                                      std::uint32_t end) const;
  void begin_batch();
  void arrange();
  void settle(std::uint32_t slot, std::uint32_t key);
  void fail(std::uint32_t slot, const DatabaseError& error);
  void tell(std::size_t owners, std::int64_t started);
  [[nodiscard]] ErrorPlace place() const;
  [[nodiscard]] DatabaseError dangling(std::uint32_t slot) const;
  [[nodiscard]] std::string key_text(std::uint32_t slot) const;

  Session& session_;
  Answer& owners_;
  const Relation& relation_;
  LazyGroup& group_;
  KeyIndex index_;
  std::vector<Cell> key_;   // of the row at hand
  std::vector<Cell> keys_;  // the distinct keys, in rows of the join's width
  std::vector<std::pair<std::uint32_t, std::uint32_t>> waiting_;  // slot, number of its key
  Brought targets_;
  Brought association_;                 // of a linked relationship
  std::vector<std::uint64_t> taken_;    // of each key, where there is a limit
  std::optional<KeyIndex> identities_;  // one row per target of an association
  std::vector<std::uint32_t> identity_rows_;
  std::vector<Link> links_;
  std::vector<std::uint32_t> begin_;    // of each key, in order_
  std::vector<std::uint32_t> missing_;  // of each key
  std::uint32_t batch_ = 0;
  std::uint64_t load_ = 0;
  std::uint64_t queries_ = 0;
};

ErrorPlace Loader::place() const {
  return {.driver = session_.capabilities().name,
          .operation = "load",
          .model = owners_.model().name(),
          .relation = relation_.info.name};
}

void Loader::fail(std::uint32_t slot, const DatabaseError& error) {
  group_.slots[slot].state = LazyState::failed;
  group_.slots[slot].batch = batch_;
  group_.errors.insert_or_assign(slot, error.at(place()));
}

std::string Loader::key_text(std::uint32_t slot) const {
  std::string text;
  for (std::size_t i = 0; i < relation_.owner_fields.size(); ++i) {
    const Model& keyed = relation_.via != nullptr ? *relation_.via : *relation_.target;
    const std::size_t field =
        relation_.via != nullptr ? relation_.via_owner_fields[i] : relation_.target_fields[i];
    if (i > 0) text += " and ";
    text += fmt::format("{} = {}", escaped(keyed.fields()[field].name),
                        to_display(owners_.key_cell(slot, relation_.owner_fields[i]), 40));
  }
  return text;
}

DatabaseError Loader::dangling(std::uint32_t slot) const {
  return {ErrorCode::dangling_reference,
          fmt::format("{}.{}: no {} has {}", owners_.name_of(slot), escaped(relation_.info.name),
                      escaped(relation_.target->name()), key_text(slot)),
          place()};
}

// Sorts the owners: those that need no statement are settled at once, the others wait for their
// key.
void Loader::gather(std::span<const std::uint32_t> slots) {
  const std::size_t width = relation_.owner_fields.size();
  std::vector<Cell> key(width);
  for (const std::uint32_t slot : slots) {
    bool null = false;
    for (std::size_t i = 0; i < width; ++i) {
      key[i] = owners_.key_cell(slot, relation_.owner_fields[i]);
      null = null || key[i].is_null();
    }
    const Fault* fault = owners_.fault(slot);
    if (fault != nullptr) {
      fail(slot, owners_.error_of(*fault));
    } else if (null && relation_.info.required && relation_.direction == Direction::forward) {
      fail(slot, DatabaseError(
                     ErrorCode::dangling_reference,
                     fmt::format("{}.{}: the reference is NULL, and it is declared to name a {}",
                                 owners_.name_of(slot), escaped(relation_.info.name),
                                 escaped(relation_.target->name())),
                     place()));
    } else if (null) {
      Slot& empty = group_.slots[slot];
      empty = {LazyState::loaded, false, batch_, 0, 0, 0};
    } else {
      const std::uint32_t before = index_.size();
      const std::uint32_t number = index_.add(key);
      if (number == before) keys_.insert(keys_.end(), key.begin(), key.end());
      waiting_.emplace_back(slot, number);
    }
  }
}

std::size_t Loader::chunk_size() {
  const std::size_t width = relation_.owner_fields.size();
  const std::size_t most =
      std::max<std::size_t>(1, session_.driver().capabilities().max_parameters / width);
  constexpr std::size_t usual = 500;
  if (index_.size() <= usual) return std::min(usual, most);
  // Without an index each statement reads the whole table, so there must be few of them.
  return session_.scans(relation_) ? most : std::min(usual, most);
}

std::uint32_t Loader::keep(std::span<const Cell> cells) {
  if (!identities_) return targets_.rows->append(cells);
  key_.clear();
  for (const std::size_t field : relation_.target->key) key_.push_back(cells[field]);
  const std::uint32_t before = identities_->size();
  const std::uint32_t number = identities_->add(key_);
  if (number == KeyIndex::missing) return targets_.rows->append(cells);
  if (number == before) identity_rows_.push_back(targets_.rows->append(cells));
  return identity_rows_[number];
}

// Whether one more row of that owner is within the limit. Rows come in the relationship's order, so
// the first ones are the ones; a driver that knows the limit sends no others.
bool Loader::wanted(std::uint32_t key) {
  if (relation_.info.limit == 0) return true;
  taken_.resize(index_.size());
  return taken_[key]++ < relation_.info.limit;
}

void Loader::take_row(std::span<const Cell> row, std::uint32_t single_key) {
  std::uint32_t number = single_key;
  if (number == KeyIndex::missing) {
    key_.clear();
    for (const std::size_t field : relation_.target_fields) key_.push_back(row[field]);
    number = index_.find(key_);
  }
  if (number == KeyIndex::missing || !wanted(number)) return;
  links_.push_back({number, targets_.rows->append(row), 0});
}

void Loader::take_link(std::span<const Cell> row, std::uint32_t single_key) {
  const std::size_t owner_width = relation_.via_owner_fields.size();
  const std::size_t link_width = relation_.info.linked ? relation_.via->fields().size() : 0;
  const std::span<const Cell> link = row.subspan(owner_width + relation_.via_target_fields.size());
  const std::span<const Cell> target = link.subspan(link_width);
  const std::uint32_t number =
      single_key != KeyIndex::missing ? single_key : index_.find(row.first(owner_width));
  if (number == KeyIndex::missing) return;
  // The outer join gives NULLs where the link's target is not there; a target that was joined is
  // not NULL.
  const bool found = std::none_of(relation_.target_fields.begin(), relation_.target_fields.end(),
                                  [&](std::size_t field) { return target[field].is_null(); });
  if (!found) {
    links_.push_back({number, KeyIndex::missing, 0});
  } else if (wanted(number)) {
    const std::uint32_t kept = keep(target);
    const std::uint32_t beside =
        relation_.info.linked ? association_.rows->append(link.first(link_width)) : 0;
    links_.push_back({number, kept, beside});
  }
}

void Loader::fetch_keys(std::size_t first, std::size_t count, bool single) {
  const std::size_t width = relation_.owner_fields.size();
  const Query query =
      lazy_query(relation_, std::span<const Cell>(keys_).subspan(first * width, count * width),
                 session_.capabilities());
  const Purpose purpose{"fetch", &relation_, load_, waiting_.size()};
  ++queries_;
  const std::uint32_t key = single ? static_cast<std::uint32_t>(first) : KeyIndex::missing;
  session_.each_row(query, purpose, [&](std::span<const Cell> row) {
    if (query.through) {
      take_link(row, key);
    } else {
      take_row(row, key);
    }
    return true;
  });
}

// A stable counting sort of the rows by key: each key's rows become one run.
void Loader::arrange() {
  begin_.assign(index_.size() + 1U, 0);
  missing_.assign(index_.size(), 0);
  for (const Link& link : links_) {
    if (link.row == KeyIndex::missing) {
      ++missing_[link.key];
    } else {
      ++begin_[link.key + 1U];
    }
  }
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  targets_.order->resize(begin_.back());
  if (association_.order) association_.order->resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (const Link& link : links_) {
    if (link.row == KeyIndex::missing) continue;
    const std::uint32_t place = next[link.key]++;
    (*targets_.order)[place] = link.row;
    if (association_.order) (*association_.order)[place] = link.link;
  }
}

// The first fault among the rows of one owner.
std::optional<DatabaseError> Loader::fault_of(const Brought& brought, std::uint32_t begin,
                                              std::uint32_t end) const {
  if (!brought.rows || brought.rows->faults().empty()) return std::nullopt;
  for (std::uint32_t i = begin; i < end; ++i) {
    if (const Fault* fault = brought.rows->fault((*brought.order)[i])) {
      return brought.rows->error_of(*fault);
    }
  }
  return std::nullopt;
}

void Loader::settle(std::uint32_t slot, std::uint32_t key) {
  const std::uint32_t begin = begin_[key];
  const std::uint32_t end = begin_[key + 1U];
  if (!relation_.many() && begin == end && relation_.direction == Direction::forward) {
    fail(slot, dangling(slot));
    return;
  }
  if (!relation_.many() && end - begin > 1) {
    fail(slot,
         DatabaseError(ErrorCode::multiple_rows,
                       fmt::format("{}.{}: {} rows of {} have {}, and one is due",
                                   owners_.name_of(slot), escaped(relation_.info.name), end - begin,
                                   escaped(relation_.target->name()), key_text(slot)),
                       place()));
    return;
  }
  for (const Brought* brought : {&targets_, &association_}) {
    if (const auto error = fault_of(*brought, begin, end)) {
      fail(slot, *error);
      return;
    }
  }
  group_.slots[slot] = {LazyState::loaded, false, batch_, begin, end, missing_[key]};
}

void Loader::begin_batch() {
  const std::shared_ptr<Session> session = session_.shared_from_this();
  targets_ = owners_.fresh(session, *relation_.target);
  if (relation_.info.linked) association_ = owners_.fresh(session, *relation_.via);
  group_.batches.push_back({targets_, association_, load_});
  if (relation_.direction == Direction::association && !relation_.target->key.empty()) {
    identities_.emplace(relation_.target->comparisons(relation_.target->key));
  }
}

std::optional<DatabaseError> Loader::load(std::span<const std::uint32_t> slots) {
  batch_ = static_cast<std::uint32_t>(group_.batches.size());
  load_ = session_.next_load();
  if (group_.number == 0) group_.number = load_;
  const std::int64_t started = session_.tracer == nullptr ? 0 : session_.now();
  if (relation_.problem) {
    const DatabaseError error(ErrorCode::model, relation_.problem->message, place());
    for (const std::uint32_t slot : slots) fail(slot, error);
    return error;
  }
  begin_batch();
  for (const std::uint32_t slot : slots) group_.slots[slot].state = LazyState::loading;
  gather(slots);
  std::optional<DatabaseError> failed;
  try {
    const std::vector<Comparison> rules = key_rules(relation_);
    const bool decidable =
        std::all_of(rules.begin(), rules.end(), [](const Comparison& c) { return c.decidable(); });
    // Where only the database can tell which key a row has, it is asked for one key at a time.
    const std::size_t chunk = index_.size() == 0 ? 1 : decidable ? chunk_size() : 1;
    for (std::size_t first = 0; first < index_.size(); first += chunk) {
      const std::size_t count = std::min<std::size_t>(chunk, index_.size() - first);
      fetch_keys(first, count, count == 1);
    }
    arrange();
    for (const auto& [slot, key] : waiting_) settle(slot, key);
  } catch (const DatabaseError& error) {
    failed = error.at(place());
    for (const auto& [slot, key] : waiting_) fail(slot, error);
  } catch (const std::bad_alloc&) {
    for (const auto& [slot, key] : waiting_) group_.slots[slot] = Slot{};
    throw;
  } catch (const std::exception& error) {  // as the boundary would: the driver's own fault
    const DatabaseError stray(ErrorCode::foreign, error.what(), place());
    for (const auto& [slot, key] : waiting_) fail(slot, stray);
  }
  if (session_.tracer != nullptr) tell(slots.size(), started);
  return failed;
}

void Loader::tell(std::size_t owners, std::int64_t started) {
  Event event;
  event.kind = EventKind::lazy_load;
  event.load = load_;
  event.operation = "load";
  event.model = owners_.model().name();
  event.relation = relation_.info.name;
  event.owners = owners;
  event.group = group_.number;
  event.peers = owners_.size();
  event.rows = links_.size();
  event.queries = queries_;
  event.at_ns = session_.now();
  event.duration_ns = event.at_ns - started;
  session_.emit(event);
}

}  // namespace

std::optional<DatabaseError> load_slots(Session& session, Answer& owners, const Relation& relation,
                                        LazyGroup& group, std::span<const std::uint32_t> slots) {
  return Loader(session, owners, relation, group).load(slots);
}

}  // namespace ommi::engine
