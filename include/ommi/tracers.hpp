#pragma once

/// \file
/// Tracers that are ready for use: what was done how often, what was slow, where N+1 loads hide,
/// and everything as lines of JSON. One that writes to a log is in ommi/spdlog.hpp.
///
///     ommi::Counter counter;
///     database.set_tracer(&counter);
///     …
///     CHECK(counter.all().calls == 2);
///
/// One tracer for one database on one thread; Tee makes one of several.

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ommi/trace.hpp"

namespace ommi {

/// Counts what happens, in all and by model and relationship.
class Counter final : public Tracer {
 public:
  struct Counts {
    std::uint64_t calls = 0;  // driver calls that ended, failed ones too
    std::uint64_t failed = 0;
    std::uint64_t rows = 0;
    std::uint64_t lazy_loads = 0;
    std::uint64_t cache_hits = 0;
    std::int64_t duration_ns = 0;  // of the driver calls
  };

  void on(const Event& event) override;

  [[nodiscard]] const Counts& all() const noexcept { return all_; }
  /// Of the events about `model` and `relation` (empty: those about the model itself). The calls of
  /// a lazy load are about the rows' model.
  [[nodiscard]] Counts of(std::string_view model, std::string_view relation = {}) const;
  void reset();

 private:
  /// Compares names, whoever owns them, so that counting an event copies none.
  struct PlaceOrder {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const noexcept {
      const int first = std::string_view(left.first).compare(right.first);
      return first != 0 ? first < 0 : std::string_view(left.second) < right.second;
    }
  };
  Counts all_;
  std::map<std::pair<std::string, std::string>, Counts, PlaceOrder> by_place_;
};

/// Finds relationships that are loaded for one owner after the other, where one load would have
/// done for all that came with it. A set of one row is never counted.
class NPlusOne final : public Tracer {
 public:
  struct Suspicion {
    std::string model;
    std::string relation;
    std::uint64_t loads = 0;  // for one owner each, of one answer's rows
    std::uint64_t peers = 0;  // the rows of that answer
  };

  /// `report` is called once for an answer's relationship, at its load number `threshold`.
  explicit NPlusOne(std::function<void(const Suspicion&)> report = {}, std::uint64_t threshold = 3)
      : report_(std::move(report)), threshold_(threshold) {}

  void on(const Event& event) override;
  /// All that reached the threshold, in the order in which they did; their loads as of now.
  [[nodiscard]] std::vector<Suspicion> found() const;

 private:
  std::function<void(const Suspicion&)> report_;
  std::uint64_t threshold_;
  std::unordered_map<std::uint64_t, Suspicion> groups_;
  std::vector<std::uint64_t> reported_;
};

/// Tells of driver calls that took `limit` or longer, from the call to the last row read.
class SlowQuery final : public Tracer {
 public:
  /// What the event points at is valid during the call of `report` only.
  SlowQuery(std::chrono::nanoseconds limit, std::function<void(const Event&)> report)
      : limit_(limit), report_(std::move(report)) {}
  void on(const Event& event) override;

 private:
  std::chrono::nanoseconds limit_;
  std::function<void(const Event&)> report_;
};

/// Writes every event as one line of JSON (docs/events.md). Lines gather in a buffer of 64 KiB and
/// are written when it is full, by flush and at the end: following a run this way costs little more
/// than not following it.
class JsonLines final : public Tracer {
 public:
  /// Takes whole lines; false = nothing more can be written, and it is not called again.
  using Write = std::function<bool(std::string_view)>;

  /// `out` is borrowed. Until it fails, everything is written.
  explicit JsonLines(std::ostream& out, BoundValues values = BoundValues::hidden);
  explicit JsonLines(Write write, BoundValues values = BoundValues::hidden);
  ~JsonLines() override;
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;

  void on(const Event& event) override;
  /// Hands over what is in the buffer. Gives whether everything up to now could be written; a
  /// stream that buffers by itself is not flushed.
  bool flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Hands every event to several tracers, in their order. They are not owned.
class Tee final : public Tracer {
 public:
  explicit Tee(std::vector<Tracer*> tracers) : tracers_(std::move(tracers)) {}
  void on(const Event& event) override;

 private:
  std::vector<Tracer*> tracers_;
};

}  // namespace ommi
