#include "doctor/traverse/lazy_probe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/traversal.hpp"
#include "doctor/traverse/owners.hpp"
#include "ommi/kept.hpp"

namespace doctor {
namespace {

using Row = ommi::KeptRows::Row;

// Owners that are looked at for one with rows, and rows of it that are kept.
constexpr std::size_t most_owners = 50;
constexpr std::size_t most_rows = 20;

/// Counts what a look costs, and hears whether somebody is told of an error behind a fallback.
class Listener final : public ommi::Tracer {
 public:
  explicit Listener(const ommi::Database& database)
      : database_(database), next_(database.tracer()) {
    database_.set_tracer(this);
  }
  ~Listener() override { database_.set_tracer(next_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void on(const ommi::Event& event) override {
    if (event.kind == ommi::EventKind::query || event.kind == ommi::EventKind::failed) {
      if (event.call != last_) ++calls;
      last_ = event.call;
      if (!event.statement.empty()) statement = event.statement;
    }
    if (event.kind == ommi::EventKind::fallback) told = true;
    if (next_ != nullptr) next_->on(event);
  }

  std::uint64_t calls = 0;
  std::string statement;
  bool told = false;

 private:
  const ommi::Database& database_;
  ommi::Tracer* next_;
  std::uint64_t last_ = 0;
};

bool same_cells(const ommi::Record& left, const ommi::Record& right) {
  const std::size_t width = left.model().fields().size();
  for (std::size_t field = 0; field < width; ++field) {
    if (!(left.cell(field) == right.cell(field))) return false;
  }
  return true;
}

bool same_rows(const ommi::RecordList& left, const ommi::RecordList& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!same_cells(left[i], right[i])) return false;
  }
  return true;
}

std::size_t size_of(const LazyAnswer& answer) { return answer.rows ? answer.rows->size() : 0; }

/// What was seen of a look, held against the first look at the same field.
LazyLook seen(const LazyAnswer& answer, const Listener& listener, const LazyAnswer* first) {
  LazyLook look;
  look.gave = answer.gave;
  look.rows = size_of(answer);
  look.calls = listener.calls;
  look.statement = listener.statement;
  look.told = listener.told;
  if (answer.error) {
    look.code = answer.error->code();
    look.message = answer.error->message();
  }
  if (first == nullptr || !first->rows || !answer.rows) return look;
  look.same_object = *first->rows == *answer.rows;
  look.same_rows = same_rows(*first->rows, *answer.rows);
  return look;
}

/// Makes one look, and says what it cost.
template <class Act>
LazyLook look_by(const ommi::Database& database, Act&& act, const LazyAnswer* first = nullptr) {
  Listener listener(database);
  const LazyAnswer answer = act();
  return seen(answer, listener, first);
}

Row cells_of(const ommi::Record& record) {
  Row row;
  for (std::size_t i = 0; i < record.model().fields().size(); ++i) row.emplace_back(record.cell(i));
  return row;
}

Row values_of(const ommi::Record& record, const std::vector<std::size_t>& fields) {
  Row row;
  for (const std::size_t field : fields) row.emplace_back(record.cell(field));
  return row;
}

bool any_null(const Row& key) {
  return std::any_of(key.begin(), key.end(), [](const ommi::Value& v) { return v.is_null(); });
}

/// An owner and what was loaded for it, as a lazy query gives it.
struct Known {
  ommi::Record owner;
  Row key;
  ommi::RecordList related;

  [[nodiscard]] ommi::KeptRows::ByKey kept(const ommi::Relation& relation) const {
    ommi::KeptRows::ByKey answer{key, {}};
    for (std::size_t i = 0; i < std::min(related.size(), most_rows); ++i) {
      const ommi::Record target = related[i];
      Row row;
      if (relation.via != nullptr) {
        row = key;
        append(row, values_of(target, relation.target_fields));
        if (relation.info.linked) append(row, cells_of(related.links()[i]));
      }
      append(row, cells_of(target));
      answer.rows.push_back(std::move(row));
    }
    return answer;
  }

  static void append(Row& row, const Row& more) { row.insert(row.end(), more.begin(), more.end()); }
};

/// A database in memory with one owner and what belongs to some keys.
class Scratch {
 public:
  Scratch(const ommi::Catalog& catalog, const ommi::Relation& relation, Row owner)
      : owner_(*relation.owner), database_(ommi::open_kept(kept_)) {
    // The catalog outlives it.
    database_.use(std::shared_ptr<const ommi::Catalog>(std::shared_ptr<void>(), &catalog));
    put(std::move(owner));
  }

  void knows(ommi::KeptRows::ByKey answer) { kept_->by_key.push_back(std::move(answer)); }
  void put(Row owner) { kept_->of(owner_) = {std::move(owner)}; }
  void fail() {
    kept_->error = ommi::DatabaseError(ommi::ErrorCode::query, "the statement could not be run");
  }
  void recover() { kept_->error.reset(); }
  [[nodiscard]] ommi::Record owner() const {
    ommi::Query query;
    query.model = &owner_;
    return database_.fetch(query).or_raise()[0];
  }
  [[nodiscard]] ommi::Database& database() noexcept { return database_; }

 private:
  const ommi::Model& owner_;
  std::shared_ptr<ommi::KeptRows> kept_ = std::make_shared<ommi::KeptRows>();
  ommi::Database database_;
};

class LazyProbe {
 public:
  LazyProbe(const LazyInterface& fields, const ommi::Database& database,
            const ommi::Relation& relation)
      : fields_(fields), database_(database), relation_(relation) {}

  LazyObservation run(const ommi::RecordList& owners, bool costly);

 private:
  void choose(const ommi::RecordList& owners);
  void keeping();
  void refreshing(bool costly);
  void failing();
  void falling_back();
  void changing();
  void without_key();
  void closing();
  [[nodiscard]] Scratch scratch() const;
  [[nodiscard]] std::unique_ptr<ProbedField> field(const ommi::Database& database,
                                                   const ommi::Record& owner) const {
    return fields_.field(database, owner, relation_);
  }
  void missing(std::string what) { seen_.unobserved.push_back(std::move(what)); }
  [[nodiscard]] std::string path_of(const ommi::Record& owner) const {
    return row_path(owner) + "." + ommi::escaped(relation_.info.name);
  }

  const LazyInterface& fields_;
  const ommi::Database& database_;
  const ommi::Relation& relation_;
  LazyObservation seen_;
  std::optional<Known> known_;           // the owner that is looked at
  std::optional<Known> other_;           // one with another key
  std::optional<ommi::Record> keyless_;  // one whose key is NULL
};

// The first owner with rows (else the first that could be loaded), one with another key, and the
// first whose key is NULL.
void LazyProbe::choose(const ommi::RecordList& owners) {
  for (std::size_t i = 0; i < std::min(owners.size(), most_owners); ++i) {
    const ommi::Record owner = owners[i];
    if (owner.fault()) continue;
    Row key = values_of(owner, relation_.owner_fields);
    if (any_null(key)) {
      if (!keyless_) keyless_ = owner;
      continue;
    }
    if (other_ && !other_->related.empty() && keyless_) return;
    if (other_ && !other_->related.empty()) continue;
    const ommi::DBResult<ommi::RecordList> loaded = owner.related(relation_);
    if (!loaded) continue;
    Known candidate{owner, std::move(key), loaded.value()};
    if (!known_) {
      known_ = std::move(candidate);
    } else if (candidate.key != known_->key) {
      if (known_->related.empty() && !candidate.related.empty()) std::swap(*known_, candidate);
      if (!other_ || other_->related.empty()) other_ = std::move(candidate);
    }
  }
}

Scratch LazyProbe::scratch() const {
  Scratch made(database_.catalog(), relation_, cells_of(known_->owner));
  made.knows(known_->kept(relation_));
  return made;
}

void LazyProbe::keeping() {
  const std::unique_ptr<ProbedField> probed = field(database_, known_->owner);
  const LazyAnswer first = probed->look();
  seen_.first = look_by(database_, [&] { return first; });
  seen_.again = look_by(
      database_, [&] { return probed->look(); }, &first);
}

void LazyProbe::refreshing(bool costly) {
  std::optional<Scratch> memory;
  if (costly) memory.emplace(scratch());
  const ommi::Database& database = costly ? memory->database() : database_;
  const std::unique_ptr<ProbedField> probed =
      field(database, costly ? memory->owner() : known_->owner);
  const LazyAnswer first = probed->look();
  seen_.refreshed = look_by(
      database, [&] { return probed->refresh(); }, &first);
  seen_.after_refresh = look_by(
      database, [&] { return probed->look(); }, &first);
}

void LazyProbe::failing() {
  Scratch memory = scratch();
  const std::unique_ptr<ProbedField> probed = field(memory.database(), memory.owner());
  memory.fail();
  seen_.failed = look_by(memory.database(), [&] { return probed->look(); });
  memory.recover();
  seen_.after_failure = look_by(memory.database(), [&] { return probed->look(); });
}

void LazyProbe::falling_back() {
  Scratch memory = scratch();
  const std::unique_ptr<ProbedField> probed = field(memory.database(), memory.owner());
  memory.fail();
  seen_.fallback = look_by(memory.database(), [&] { return probed->look_or_use_nothing(); });
}

void LazyProbe::changing() {
  Scratch memory = scratch();
  Row changed = cells_of(known_->owner);
  Row key(relation_.owner_fields.size());
  if (other_) {
    memory.knows(other_->kept(relation_));
    key = other_->key;
  } else if (known_->related.empty()) {
    missing("a changed reference: no owner has rows");
    return;
  }
  for (std::size_t i = 0; i < key.size(); ++i) changed[relation_.owner_fields[i]] = key[i];
  const std::unique_ptr<ProbedField> probed = field(memory.database(), memory.owner());
  const LazyAnswer before = probed->look();
  memory.put(std::move(changed));
  probed->owner_changed(memory.owner());
  const LazyAnswer due =
      own_lazy_interface().field(memory.database(), memory.owner(), relation_)->look();
  if (before.rows && due.rows && same_rows(*before.rows, *due.rows)) {
    missing("a changed reference: both owners have the same rows");
    return;
  }
  LazyAnswer now;
  seen_.changed = look_by(
      memory.database(), [&] { return now = probed->look(); }, &before);
  seen_.key_before = known_->key;
  seen_.key_after = std::move(key);
}

void LazyProbe::without_key() {
  if (keyless_) {
    const std::unique_ptr<ProbedField> probed = field(database_, *keyless_);
    seen_.keyless = look_by(database_, [&] { return probed->look(); });
    seen_.keyless_owner = path_of(*keyless_);
    return;
  }
  if (!known_) return;
  // No row like that is there: one is made up, of which nothing is known.
  Row row = cells_of(known_->owner);
  for (const std::size_t at : relation_.owner_fields) row[at] = ommi::Value();
  Scratch memory(database_.catalog(), relation_, std::move(row));
  const std::unique_ptr<ProbedField> probed = field(memory.database(), memory.owner());
  seen_.keyless = look_by(memory.database(), [&] { return probed->look(); });
  seen_.keyless_owner =
      fmt::format("{}.{} of an owner in memory", ommi::escaped(relation_.owner->name()),
                  ommi::escaped(relation_.info.name));
}

void LazyProbe::closing() {
  Scratch memory = scratch();
  const std::unique_ptr<ProbedField> probed = field(memory.database(), memory.owner());
  memory.database().close();
  seen_.closed = look_by(memory.database(), [&] { return probed->look(); });
}

LazyObservation LazyProbe::run(const ommi::RecordList& owners, bool costly) {
  seen_.relation = &relation_;
  choose(owners);
  if (known_) {
    seen_.owner = path_of(known_->owner);
    keeping();
    refreshing(costly);
    failing();
    falling_back();
    changing();
    closing();
  } else {
    missing("what a loaded field does: no owner has a key and could be loaded");
  }
  without_key();
  return std::move(seen_);
}

}  // namespace

LazyObservation probe_lazy_field(const LazyInterface& fields, const ommi::Database& database,
                                 const ommi::RecordList& owners, const ommi::Relation& relation,
                                 bool costly) {
  return LazyProbe(fields, database, relation).run(owners, costly);
}

}  // namespace doctor
