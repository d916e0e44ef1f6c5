#include "doctor/traverse/recorder.hpp"

namespace doctor {

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

void LoadRecorder::on(const ommi::Event& event) {
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
