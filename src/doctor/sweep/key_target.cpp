#include "doctor/sweep/key_target.hpp"

namespace doctor {

void KeyTarget::rows(const Batch& batch) {
  if (!counted_) {
    keys_->once().add_all(batch, places_);
    return;
  }
  for (std::size_t row = 0; row < batch.size(); ++row) {
    if (gather(batch.row(row), places_, key_)) (void)keys_->add(key_);
  }
}

void KeyTarget::finish() {
  ready_ = true;
  gave_up_ = keys_->gave_up();
  if (gave_up_) keys_->clear();
}

void KeyTarget::fail(const std::string& reason) {
  failure_ = reason;
  ready_ = true;
}

// Parts that each keep a slice of their own would not make one whole.
std::unique_ptr<KeyTarget> KeyTarget::part() const {
  if (share_.when_full == WhenFull::narrow) return nullptr;
  auto part = std::make_unique<KeyTarget>(*model_, fields_, rules_, share_);
  part->places_ = places_;
  part->counted_ = counted_;
  return part;
}

void KeyTarget::open(const Share& share) {
  share_ = share;
  keys_ = std::make_unique<KeyTally>(rules_, share);
  ready_ = false;
  gave_up_ = false;
}

}  // namespace doctor
