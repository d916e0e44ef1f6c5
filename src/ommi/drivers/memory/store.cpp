#include "drivers/memory/store.hpp"

#include "drivers/memory/schema.hpp"
#include "ommi/error.hpp"

namespace ommi::memory {

Tables Store::begin_writing(const void* writer) {
  const std::lock_guard lock(mutex_);
  if (writer_ != nullptr) {
    throw DatabaseError(ErrorCode::locked, "another connection is writing", {.driver = "memory"});
  }
  writer_ = writer;
  return committed_;
}

void Store::end_writing(const void* writer, std::optional<Tables> tables) {
  const std::lock_guard lock(mutex_);
  if (writer_ != writer) return;
  writer_ = nullptr;
  if (tables) committed_ = std::move(*tables);
}

std::shared_ptr<Store> make_store(const Catalog& catalog) {
  return std::make_shared<Store>(tables_of(catalog));
}

}  // namespace ommi::memory
