#pragma once

/// \file
/// Who is told what is done: the database's tracer, those of the transactions that are open, and
/// that of the query that runs.

#include <utility>
#include <vector>

#include "ommi/trace.hpp"

namespace ommi::engine {

class Hooks final : public Tracer {
 public:
  /// Whom to tell; null = nobody. Good until the next change.
  [[nodiscard]] Tracer* tracer() noexcept {
    return of_transactions_.empty() && of_queries_.empty() ? of_database_ : this;
  }
  [[nodiscard]] Tracer* of_database() const noexcept { return of_database_; }
  void set_of_database(Tracer* tracer) noexcept { of_database_ = tracer; }
  /// From the outermost to the innermost.
  void set_of_transactions(std::vector<Tracer*> tracers) noexcept {
    of_transactions_ = std::move(tracers);
  }
  void begin_query(Tracer& tracer) { of_queries_.push_back(&tracer); }
  void end_query() noexcept { of_queries_.pop_back(); }

  void on(const Event& event) override {
    if (of_database_ != nullptr) of_database_->on(event);
    // By number: a tracer may look at the database, and so add one.
    for (std::size_t i = 0; i < of_transactions_.size(); ++i) of_transactions_[i]->on(event);
    for (std::size_t i = 0; i < of_queries_.size(); ++i) of_queries_[i]->on(event);
  }

 private:
  Tracer* of_database_ = nullptr;
  std::vector<Tracer*> of_transactions_;
  std::vector<Tracer*> of_queries_;
};

}  // namespace ommi::engine
