#include "drivers/memory/cursor.hpp"

#include <fmt/format.h>

#include "ommi/error.hpp"

namespace ommi::memory {
namespace {

std::string statement_of(const Query& query) {
  return fmt::format("fetch {}", query.model->name());
}

class FoundCursor final : public Cursor {
 public:
  FoundCursor(std::shared_ptr<Evaluator> evaluator, const Query& query,
              std::shared_ptr<DriverStatistics> statistics)
      : evaluator_(std::move(evaluator)),
        rows_(evaluator_->answer(query)),
        statement_(statement_of(query)),
        model_(query.model->name()),
        statistics_(std::move(statistics)) {
    if (query.through && query.keys) {
      for (const std::size_t field : query.keys->fields) add(*query.through->model, field, true);
      for (const std::size_t field : query.through->fields) add(*query.through->model, field, true);
      const std::size_t whole = query.through->whole ? query.through->model->fields().size() : 0;
      for (std::size_t field = 0; field < whole; ++field) add(*query.through->model, field, true);
    }
    for (std::size_t field = 0; field < query.model->fields().size(); ++field) {
      add(*query.model, field, false);
    }
  }

  bool next(std::span<Cell> row) override {
    if (row.size() != columns_.size()) {
      throw DatabaseError(
          ErrorCode::query,
          fmt::format("a row has {} columns, and {} were asked for", columns_.size(), row.size()),
          {.driver = "memory", .operation = "fetch", .model = model_});
    }
    if (next_ == rows_.size()) return false;
    const Found& found = rows_[next_++];
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Row* const from = columns_[i].of_link ? found.link : found.target;
      row[i] = from == nullptr ? Cell{} : (*from)[columns_[i].number].cell();
    }
    ++statistics_->rows;
    return true;
  }

  std::string_view statement() const noexcept override { return statement_; }

 private:
  struct OutputColumn {
    bool of_link;
    std::size_t number;
  };

  void add(const Model& model, std::size_t field, bool of_link) {
    columns_.push_back({of_link, evaluator_->source(model).column(field)});
  }

  std::shared_ptr<Evaluator> evaluator_;  // keeps the rows
  std::vector<Found> rows_;
  std::size_t next_ = 0;
  std::vector<OutputColumn> columns_;
  std::string statement_;
  std::string model_;
  std::shared_ptr<DriverStatistics> statistics_;
};

}  // namespace

std::unique_ptr<Cursor> make_cursor(std::shared_ptr<Evaluator> evaluator, const Query& query,
                                    std::shared_ptr<DriverStatistics> statistics) {
  return std::make_unique<FoundCursor>(std::move(evaluator), query, std::move(statistics));
}

QueryPlan plan_of(Evaluator& evaluator, const Query& query) {
  QueryPlan plan;
  plan.statement = statement_of(query);
  const auto read = [&](const Model& model) {
    plan.scanned.push_back(evaluator.source(model).table().shape.name);
    plan.steps.push_back(fmt::format("look at every row of '{}'", escaped(plan.scanned.back())));
  };
  if (query.through) read(*query.through->model);
  read(*query.model);
  return plan;
}

void scan_table(const Tables& tables, const Scan& scan, RowVisitor& visitor,
                DriverStatistics& statistics) {
  const auto table = table_named(tables, scan.table);
  std::vector<std::size_t> columns;
  for (const std::string& name : scan.columns) {
    const Column* const found = table->shape.find_column(name);
    if (found == nullptr) {
      throw DatabaseError(ErrorCode::missing_column,
                          fmt::format("the table '{}' has no column '{}'",
                                      escaped(table->shape.name), escaped(name)),
                          {.driver = "memory"});
    }
    columns.push_back(static_cast<std::size_t>(found - table->shape.columns.data()));
  }
  std::vector<Cell> cells(columns.size());
  for (const auto& row : table->rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) cells[i] = (*row)[columns[i]].cell();
    ++statistics.rows;
    if (!visitor.row(cells)) return;
  }
}

}  // namespace ommi::memory
