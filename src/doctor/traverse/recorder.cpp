#include "doctor/traverse/recorder.hpp"

#include <algorithm>
#include <array>

#include "ommi/key.hpp"

namespace doctor {
namespace {

// What is kept of one relationship's calls, whatever the size of its tables.
constexpr std::size_t most_calls = 32;
constexpr std::size_t most_values = 16;
constexpr std::size_t most_letters = 4000;
// Questions of one list of owners that are told apart, and the size of the largest of them.
constexpr std::size_t most_questions = 4096;
constexpr std::size_t most_key_bytes = 1000;

/// Whether a text is a word that SQL compares with, in letters of any case.
bool is_keyword(const ommi::Cell& cell) {
  constexpr std::array<std::string_view, 4> words = {"NULL", "IS", "IS NOT", "NOT NULL"};
  return cell.kind == ommi::Kind::text &&
         std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return std::equal(word.begin(), word.end(), cell.view().begin(), cell.view().end(),
                             [](char left, char right) {
                               return left == (right >= 'a' && right <= 'z' ? right - 32 : right);
                             });
         });
}

}  // namespace

LoadRecorder::LoadRecorder(const ommi::Database& database, Detail detail)
    : database_(database), next_(database.tracer()), detail_(detail) {
  database.set_tracer(this);
}

LoadRecorder::~LoadRecorder() { database_.set_tracer(next_); }

void LoadRecorder::keep_call(const ommi::Event& event) {
  if (event.call != record_.call) ++record_.calls;
  record_.call = event.call;
  record_.statement = event.statement;
  if (event.kind == ommi::EventKind::failed) record_.returned = "DatabaseError";
  if (detail_ == Detail::loads) return;
  record_.values.clear();
  for (const ommi::Cell& cell : event.values) record_.values.emplace_back(cell);
}

void LoadRecorder::trace_call(const ommi::Event& event) {
  if (kept_ == nullptr || kept_->size() >= most_calls) return;
  TracedCall& call = kept_->emplace_back();
  traced_ = event.call;
  call.statement = event.statement.substr(0, most_letters);
  call.failed = event.kind == ommi::EventKind::failed;
  for (const ommi::Cell& cell : event.values) {
    if (call.values.size() < most_values) call.values.emplace_back(cell);
    if (cell.is_null()) ++call.nulls;
    if (!is_keyword(cell)) continue;
    std::string word(cell.view());
    if (std::find(call.keywords.begin(), call.keywords.end(), word) == call.keywords.end()) {
      call.keywords.push_back(std::move(word));
    }
  }
}

// Pages of one answer are told apart by what is not among the values: they are no repetition.
void LoadRecorder::keep_question(const ommi::Event& event) {
  again_ = false;
  if (event.values.empty() || event.statement.find("OFFSET") != std::string_view::npos) return;
  if (asked_.size() >= most_questions) return;
  std::string question(event.statement);
  for (const ommi::Cell& cell : event.values) {
    question += '\0';
    ommi::append_key(question, cell, {});
    if (question.size() > event.statement.size() + most_key_bytes) return;
  }
  const std::uint64_t times = ++asked_[std::move(question)];
  if (times == 1) return;
  again_ = true;
  RepeatedCalls& repeated = record_.repeated;
  ++repeated.calls;
  if (times == 2) ++repeated.distinct;
  repeated.most = std::max(repeated.most, times);
  if (repeated.statement.empty()) repeated.statement = event.statement;
}

void LoadRecorder::on(const ommi::Event& event) {
  if (event.load != 0 && detail_ == Detail::loads) {
    if (event.kind == ommi::EventKind::query) {
      trace_call(event);
      keep_question(event);
    } else if (event.kind == ommi::EventKind::failed) {
      if (kept_ != nullptr && !kept_->empty() && traced_ == event.call) {
        kept_->back().failed = true;
      } else {
        trace_call(event);
      }
    } else if (event.kind == ommi::EventKind::rows_done) {
      if (kept_ != nullptr && !kept_->empty() && traced_ == event.call)
        kept_->back().rows = event.rows;
      if (again_) record_.repeated.duration_ns += event.duration_ns;
      again_ = false;
    }
  }
  if (event.load != 0 || detail_ == Detail::everything) {
    if (event.kind == ommi::EventKind::query || event.kind == ommi::EventKind::failed) {
      keep_call(event);
    } else if (event.kind == ommi::EventKind::rows_done) {
      record_.returned = event.returned;
      record_.rows += event.rows;
      if (event.load == 0) record_.duration_ns += event.duration_ns;
    } else if (event.kind == ommi::EventKind::lazy_load) {
      ++record_.loads;
      record_.owners = event.owners;
      record_.duration_ns += event.duration_ns;
    }
  }
  if (next_ != nullptr) next_->on(event);
}

}  // namespace doctor
