#pragma once

/// \file
/// Keeps what the driver did during a lazy load, and hands every event on to the tracer that was
/// there before.

#include <string>
#include <unordered_map>
#include <vector>

#include "doctor/evidence.hpp"
#include "ommi/database.hpp"

namespace doctor {

/// The last lazy load that was seen, since `reset`.
struct LoadRecord {
  std::uint64_t calls = 0;
  std::uint64_t call = 0;  // number of the last
  std::uint64_t loads = 0;
  std::uint64_t owners = 0;
  std::uint64_t rows = 0;
  std::int64_t duration_ns = 0;
  std::string statement;
  std::string returned;
  std::vector<ommi::Value> values;
  RepeatedCalls repeated;
};

/// Installed for its own lifetime.
class LoadRecorder final : public ommi::Tracer {
 public:
  /// What is kept: of lazy loads only, or of every driver call, with its bound values.
  enum class Detail { loads, everything };
  LoadRecorder(const ommi::Database& database, Detail detail);
  ~LoadRecorder() override;
  LoadRecorder(const LoadRecorder&) = delete;
  LoadRecorder& operator=(const LoadRecorder&) = delete;

  void on(const ommi::Event& event) override;
  void reset() {
    record_ = {};
    asked_.clear();
  }
  /// From here on the first calls of lazy loads are kept in `calls`; null ends that.
  void keep_calls_in(std::vector<TracedCall>* calls) { kept_ = calls; }
  [[nodiscard]] const LoadRecord& record() const noexcept { return record_; }

 private:
  void keep_call(const ommi::Event& event);
  void keep_question(const ommi::Event& event);
  void trace_call(const ommi::Event& event);

  const ommi::Database& database_;
  ommi::Tracer* next_;
  Detail detail_;
  LoadRecord record_;
  std::vector<TracedCall>* kept_ = nullptr;
  std::uint64_t traced_ = 0;                              // number of the call that was kept last
  std::unordered_map<std::string, std::uint64_t> asked_;  // statement and values → times
  bool again_ = false;  // the call at hand asks what was asked before
};

}  // namespace doctor
