#include "doctor/traverse/recorder.hpp"

namespace doctor {

LoadRecorder::LoadRecorder(const ommi::Database& database, bool with_values)
    : database_(database), next_(database.tracer()), with_values_(with_values) {
  database.set_tracer(this);
}

LoadRecorder::~LoadRecorder() { database_.set_tracer(next_); }

void LoadRecorder::on(const ommi::Event& event) {
  if (event.load != 0) {
    if (event.kind == ommi::EventKind::query || event.kind == ommi::EventKind::failed) {
      if (event.call != record_.call) ++record_.calls;
      record_.call = event.call;
      record_.statement = event.statement;
      if (event.kind == ommi::EventKind::failed) record_.returned = "DatabaseError";
      if (with_values_) record_.values.clear();
      for (std::size_t i = 0; with_values_ && i < event.values.size(); ++i)
        record_.values.emplace_back(event.values[i]);
    } else if (event.kind == ommi::EventKind::rows_done) {
      record_.returned = event.returned;
      record_.rows += event.rows;
    } else if (event.kind == ommi::EventKind::lazy_load) {
      ++record_.loads;
      record_.owners = event.owners;
      record_.duration_ns += event.duration_ns;
    }
  }
  if (next_ != nullptr) next_->on(event);
}

}  // namespace doctor
