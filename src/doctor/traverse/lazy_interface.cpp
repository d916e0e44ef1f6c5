#include "doctor/traverse/lazy_interface.hpp"

namespace doctor {
namespace {

LazyAnswer answer_of(const ommi::DBResult<ommi::RecordList>& result) {
  if (const ommi::Failure* failed = result.failure()) {
    return {Gave::failure, std::nullopt, failed->error()};
  }
  return {Gave::rows, result.value(), std::nullopt};
}

class OwnField final : public ProbedField {
 public:
  OwnField(ommi::Record owner, const ommi::Relation& relation)
      : owner_(std::move(owner)), relation_(relation) {}

  LazyAnswer look() override { return answer_of(owner_.related(relation_)); }
  LazyAnswer refresh() override { return answer_of(owner_.refresh(relation_)); }
  LazyAnswer look_or_use_nothing() override {
    const ommi::RecordList nothing({}, {}, 0, 0);
    ommi::DBResult<ommi::RecordList> result = owner_.related(relation_);
    const bool loaded = result.ok();
    return {loaded ? Gave::rows : Gave::fallback, std::move(result).or_use(nothing), std::nullopt};
  }
  void owner_changed(const ommi::Record& now) override { owner_ = now; }

 private:
  ommi::Record owner_;
  const ommi::Relation& relation_;
};

class OwnInterface final : public LazyInterface {
 public:
  std::unique_ptr<ProbedField> field(const ommi::Database& /*database*/, const ommi::Record& owner,
                                     const ommi::Relation& relation) const override {
    return std::make_unique<OwnField>(owner, relation);
  }
};

}  // namespace

const LazyInterface& own_lazy_interface() noexcept {
  static const OwnInterface own;
  return own;
}

}  // namespace doctor
