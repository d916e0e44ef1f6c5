#include "doctor/traverse/faulty_lazy_interface.hpp"

#include <algorithm>

namespace doctor {
namespace {

const ommi::RecordList& no_rows() {
  static const ommi::RecordList none({}, {}, 0, 0);
  return none;
}

LazyAnswer wrapped(LazyAnswer answer) {
  if (answer.gave == Gave::rows) answer.gave = Gave::wrapped_rows;
  if (answer.gave == Gave::failure) answer.gave = Gave::wrapped_failure;
  return answer;
}

class FaultyField final : public ProbedField {
 public:
  FaultyField(LazyFault fault, const ommi::Database& database, const ommi::Record& owner,
              const ommi::Relation& relation)
      : fault_(fault),
        database_(database),
        owner_(owner),
        relation_(relation),
        sound_(own_lazy_interface().field(database, owner, relation)) {}

  LazyAnswer look() override;
  LazyAnswer refresh() override {
    LazyAnswer answer = sound_->refresh();
    if (fault_ == LazyFault::refresh_wraps) kept_ = wrapped(answer);
    return answer;
  }
  LazyAnswer look_or_use_nothing() override {
    if (fault_ != LazyFault::default_hides) return sound_->look_or_use_nothing();
    const LazyAnswer answer = sound_->look();
    if (answer.gave == Gave::rows) return answer;
    return {Gave::fallback, no_rows(), std::nullopt};
  }
  void owner_changed(const ommi::Record& now) override {
    owner_ = now;
    if (fault_ == LazyFault::change_not_followed) return;
    sound_->owner_changed(now);
  }

 private:
  [[nodiscard]] bool is_keyless() const {
    return std::any_of(relation_.owner_fields.begin(), relation_.owner_fields.end(),
                       [&](std::size_t field) { return owner_.cell(field).is_null(); });
  }
  // The rows whose key is that of the owner, NULL included; in an association, every row.
  [[nodiscard]] LazyAnswer rows_without_key() const {
    ommi::Query query;
    query.model = relation_.target;
    for (const std::size_t field : relation_.target_fields) {
      if (relation_.via != nullptr) break;
      query.where = query.where && ommi::FieldTerm(field).is_null();
      if (fault_ == LazyFault::null_is_compared) query.where = query.where && !query.where;
    }
    const ommi::DBResult<ommi::RecordList> found = database_.fetch(query);
    if (const ommi::Failure* failed = found.failure()) {
      return {Gave::failure, std::nullopt, failed->error()};
    }
    return {Gave::rows, found.value(), std::nullopt};
  }

  LazyFault fault_;
  const ommi::Database& database_;
  ommi::Record owner_;
  const ommi::Relation& relation_;
  std::unique_ptr<ProbedField> sound_;
  std::optional<LazyAnswer> kept_;
};

LazyAnswer FaultyField::look() {
  if (kept_) return *kept_;
  const bool asks_for_null =
      fault_ == LazyFault::null_is_queried || fault_ == LazyFault::null_is_compared;
  if (asks_for_null && is_keyless()) return rows_without_key();
  if (fault_ == LazyFault::cache_not_kept) owner_.expire(relation_);
  LazyAnswer answer = sound_->look();
  const bool failed = answer.gave == Gave::failure;
  if (fault_ == LazyFault::error_kept_as_success && failed) kept_ = wrapped(answer);
  const bool closed = failed && answer.error->code() == ommi::ErrorCode::detached;
  if (fault_ == LazyFault::answers_when_closed && closed) {
    return {Gave::rows, no_rows(), std::nullopt};
  }
  return answer;
}

class FaultyInterface final : public LazyInterface {
 public:
  explicit FaultyInterface(LazyFault fault) : fault_(fault) {}
  std::unique_ptr<ProbedField> field(const ommi::Database& database, const ommi::Record& owner,
                                     const ommi::Relation& relation) const override {
    return std::make_unique<FaultyField>(fault_, database, owner, relation);
  }

 private:
  LazyFault fault_;
};

}  // namespace

std::string_view to_string(LazyFault fault) noexcept {
  switch (fault) {
    case LazyFault::cache_not_kept:
      return "cache_not_kept";
    case LazyFault::refresh_wraps:
      return "refresh_wraps";
    case LazyFault::error_kept_as_success:
      return "error_kept_as_success";
    case LazyFault::default_hides:
      return "default_hides";
    case LazyFault::change_not_followed:
      return "change_not_followed";
    case LazyFault::null_is_queried:
      return "null_is_queried";
    case LazyFault::null_is_compared:
      return "null_is_compared";
    case LazyFault::answers_when_closed:
      return "answers_when_closed";
  }
  return "cache_not_kept";
}

std::unique_ptr<LazyInterface> faulty_lazy_interface(LazyFault fault) {
  return std::make_unique<FaultyInterface>(fault);
}

}  // namespace doctor
