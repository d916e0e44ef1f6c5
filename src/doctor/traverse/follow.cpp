#include <algorithm>

#include <fmt/format.h>

#include "doctor/traversal.hpp"
#include "doctor/traverse/outcome.hpp"
#include "doctor/traverse/owners.hpp"
#include "doctor/traverse/recorder.hpp"

namespace doctor {
namespace {

using ommi::DatabaseError;
using ommi::ErrorCode;

class Follower {
 public:
  Follower(const ommi::Database& database, const Path& path, const TraversalOptions& options)
      : database_(database),
        path_(path),
        options_(options),
        recorder_(database, LoadRecorder::Detail::everything),
        depth_(options.depth.value_or(path.hops.empty() ? 1U : 0U)) {}

  PathStep run();

 private:
  [[noreturn]] void no_such_row() const;
  void branch(PathStep& step, const ommi::RecordList& rows, std::size_t hop);
  PathStep load(const ommi::Record& owner, const ommi::Relation& relation, std::size_t hop);
  void show(PathStep& step, const ommi::RecordList& rows) const;

  const ommi::Database& database_;
  const Path& path_;
  const TraversalOptions& options_;
  LoadRecorder recorder_;
  unsigned depth_;
};

RowSample whole_row(const ommi::Record& record) {
  RowSample sample;
  sample.key = key_sample(record);
  for (std::size_t i = 0; i < record.model().fields().size(); ++i) {
    sample.value.push_back({record.model().fields()[i].name, ommi::Value(record.cell(i))});
  }
  return sample;
}

void Follower::show(PathStep& step, const ommi::RecordList& rows) const {
  const std::size_t count = std::min<std::size_t>(rows.size(), options_.limit);
  for (std::size_t i = 0; i < count; ++i) step.shown.push_back(whole_row(rows[i]));
}

// Says which key comes nearest, so that a slip of the finger is seen as one.
void Follower::no_such_row() const {
  std::vector<std::string> asked;
  for (const Path::Filter& filter : path_.filters) {
    asked.push_back(
        fmt::format("{} = {}", ommi::escaped(filter.field), to_display(filter.value.cell())));
  }
  std::string message = fmt::format("path '{}': no {} has {}", ommi::escaped(path_.text),
                                    ommi::escaped(path_.model->name()), fmt::join(asked, " and "));
  const ommi::Model& model = *path_.model;
  if (path_.filters.size() == 1 && model.key.size() == 1 &&
      model.find_field(path_.filters[0].field) == model.key.front()) {
    const std::string& field = path_.filters[0].field;
    ommi::Finder above = database_.find(model.name());
    const auto next = above.where(ommi::at(model, field) > path_.filters[0].value)
                          .order_by(field)
                          .first()
                          .or_raise();
    ommi::Finder below = database_.find(model.name());
    const auto previous = below.where(ommi::at(model, field) < path_.filters[0].value)
                              .order_by(field, true)
                              .first()
                              .or_raise();
    const std::optional<ommi::Record>& near = previous ? previous : next;
    if (near) {
      message += fmt::format("; the nearest key is {}", to_display(near->cell(model.key.front())));
    } else {
      message += "; the table is empty";
    }
  }
  throw DatabaseError(ErrorCode::not_found, std::move(message));
}

PathStep Follower::load(const ommi::Record& owner, const ommi::Relation& relation,
                        std::size_t hop) {
  recorder_.reset();
  PathStep step;
  step.path = fmt::format("{}.{}", row_path(owner), ommi::escaped(relation.info.name));
  step.relation = &relation;
  const LoadResult loaded = load_once(owner, relation);
  const LoadRecord& record = recorder_.record();
  step.outcome = loaded.outcome;
  step.statement = record.statement;
  step.values = record.values;
  step.returned = record.returned;
  step.call = record.call;
  step.owners = record.owners;
  step.duration_ns = record.duration_ns;
  step.rows = loaded.rows;
  if (loaded.error) {
    step.boundary = fmt::format("DBResult holds a failure: {}: {}", to_string(loaded.error->code()),
                                loaded.error->message());
    step.value = "none";
    return step;
  }
  step.boundary = fmt::format("DBResult holds {} row{}", loaded.rows, loaded.rows == 1 ? "" : "s");
  if (loaded.rows == 0) {
    step.value = relation.many() ? "no rows" : "null";
  } else {
    step.value = relation.many()
                     ? fmt::format("{} × {}", loaded.rows, ommi::escaped(relation.target->name()))
                     : row_path((*loaded.related)[0]);
  }
  show(step, *loaded.related);
  branch(step, *loaded.related, hop);
  return step;
}

// Goes on from the rows of a step: along the path's next hop, or beyond its end along every
// relationship.
void Follower::branch(PathStep& step, const ommi::RecordList& rows, std::size_t hop) {
  const std::size_t count = std::min<std::size_t>(rows.size(), options_.limit);
  for (std::size_t i = 0; i < count; ++i) {
    const ommi::Record owner = rows[i];
    if (hop < path_.hops.size()) {
      step.children.push_back(load(owner, *path_.hops[hop], hop + 1));
    } else if (hop < path_.hops.size() + depth_) {
      for (const ommi::Relation& relation : owner.model().relations) {
        if (!relation.problem) step.children.push_back(load(owner, relation, hop + 1));
      }
    }
  }
}

PathStep Follower::run() {
  PathStep step;
  step.path = path_.model->name();
  ommi::Finder finder = database_.find(path_.model->name());
  finder.where(condition_of(path_));
  for (const std::size_t field : path_.model->key)
    finder.order_by(path_.model->fields()[field].name);
  finder.limit(options_.limit);
  recorder_.reset();
  const ommi::RecordList rows = finder.all().or_raise();
  const LoadRecord& record = recorder_.record();
  step.statement = record.statement;
  for (const Path::Filter& filter : path_.filters) step.values.push_back(filter.value);
  step.call = record.call;
  step.duration_ns = record.duration_ns;
  step.returned = record.returned;
  if (rows.empty() && !path_.filters.empty()) no_such_row();
  step.rows = rows.size();
  step.boundary = fmt::format("DBResult holds {} row{}", rows.size(), rows.size() == 1 ? "" : "s");
  step.value = rows.size() == 1
                   ? row_path(rows[0])
                   : fmt::format("{} × {}", rows.size(), ommi::escaped(path_.model->name()));
  show(step, rows);
  branch(step, rows, 0);
  return step;
}

}  // namespace

ommi::DBResult<PathStep> follow(const ommi::Database& database, const Path& path,
                                const TraversalOptions& options) {
  return ommi::capture({.operation = "follow", .model = path.model->name()},
                       [&] { return Follower(database, path, options).run(); });
}

}  // namespace doctor
