#include "drivers/memory/evaluate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "drivers/memory/comparing.hpp"
#include "ommi/error.hpp"

namespace ommi::memory {
namespace {

Truth truth(bool value) noexcept { return value ? Truth::yes : Truth::no; }

Truth negated(Truth value) noexcept {
  if (value == Truth::unknown) return value;
  return truth(value == Truth::no);
}

Truth holds(Operator op, std::optional<std::weak_ordering> order) noexcept {
  if (!order) return Truth::unknown;
  switch (op) {
    case Operator::equal:
      return truth(*order == 0);
    case Operator::not_equal:
      return truth(*order != 0);
    case Operator::less:
      return truth(*order < 0);
    case Operator::less_equal:
      return truth(*order <= 0);
    case Operator::greater:
      return truth(*order > 0);
    default:
      return truth(*order >= 0);
  }
}

}  // namespace

const Source& Evaluator::source(const Model& model) {
  const auto found = sources_.find(&model);
  if (found != sources_.end()) return found->second;
  return sources_.emplace(&model, Source(tables_, model)).first->second;
}

Truth Evaluator::compared(const Node& node, const Source& source, const Row* row) {
  const Cell cell = source.cell(row, node.field);
  const Comparison& rule = source.comparison(node.field);
  if (node.other_field) {
    return holds(node.op, compare_columns(cell, rule, source.cell(row, *node.other_field),
                                          source.comparison(*node.other_field)));
  }
  const Cell value = node.values[0].cell();
  if (value.is_null() && node.op == Operator::equal) return truth(cell.is_null());
  if (value.is_null() && node.op == Operator::not_equal) return truth(!cell.is_null());
  return holds(node.op, compare_with_value(cell, rule, value));
}

Truth Evaluator::text_test(const Node& node, const Source& source, const Row* row) {
  const Cell cell = source.cell(row, node.field);
  const Cell value = node.values[0].cell();
  if (node.op == Operator::like && cell.kind == Kind::blob) return Truth::no;
  if (cell.is_null() || value.is_null()) return Truth::unknown;
  std::string cell_text;
  std::string value_text;
  const std::string_view text = text_of(cell, cell_text);
  const std::string_view part = text_of(value, value_text);
  switch (node.op) {
    case Operator::like:
      return truth(is_like(text, part));
    case Operator::contains:
      return truth(position_of(part, text) > 0);
    case Operator::starts_with:
      return truth(position_of(part, text) == 1);
    default:
      return truth(text.ends_with(part));
  }
}

Truth Evaluator::listed(const Node& node, const Source& source, const Row* row) {
  if (node.values.empty()) return Truth::no;
  const Cell cell = source.cell(row, node.field);
  if (cell.is_null()) return Truth::unknown;
  auto found = lists_.find(&node);
  if (found == lists_.end()) {
    List list{.values = KeyIndex({source.comparison(node.field)})};
    for (const Value& value : node.values) {
      const Cell each = value.cell();
      list.null = list.null || each.is_null();
      list.values.add({&each, 1});
    }
    found = lists_.emplace(&node, std::move(list)).first;
  }
  if (found->second.values.find({&cell, 1}) != KeyIndex::missing) return Truth::yes;
  return found->second.null ? Truth::unknown : Truth::no;
}

// The rows of `to` that the row's `fields` name.
std::span<const std::size_t> Evaluator::behind(const Source& from, const Row* row,
                                               const std::vector<std::size_t>& fields,
                                               const Source& to,
                                               const std::vector<std::size_t>& to_fields) {
  std::vector<Cell> key;
  for (const std::size_t field : fields) key.push_back(from.cell(row, field));
  const std::pair name(&to.model(), to_fields);
  auto found = indexes_.find(name);
  if (found == indexes_.end()) {
    std::vector<std::size_t> columns;
    for (const std::size_t field : to_fields) columns.push_back(to.column(field));
    found = indexes_.emplace(name, RowIndex(to.table(), columns)).first;
  }
  return found->second.find(key);
}

// Whether the row that a hop came to meets what comes after it.
bool Evaluator::reached(const Node& node, std::size_t hop, const Source& source, const Row* row) {
  if (hop + 1 < node.path.size()) return related(node, hop + 1, source, row);
  return node.left.empty() || test(node.left, source, row) == Truth::yes;
}

bool Evaluator::related(const Node& node, std::size_t hop, const Source& from, const Row* row) {
  const Relation& relation = *node.path[hop];
  if (relation.problem || relation.owner != &from.model()) {
    throw DatabaseError(
        ErrorCode::model,
        relation.problem ? relation.problem->message
                         : fmt::format("the path goes on with {}, and it is at {}",
                                       escaped(relation.name()), escaped(from.model().name())),
        {.driver = "memory", .model = from.model().name(), .relation = relation.info.name});
  }
  const Source& target = source(*relation.target);
  const auto any_of = [&](const Source& last, const Row* last_row,
                          const std::vector<std::size_t>& fields) {
    return std::ranges::any_of(
        behind(last, last_row, fields, target, relation.target_fields), [&](std::size_t number) {
          return reached(node, hop, target, target.table().rows[number].get());
        });
  };
  if (relation.direction != Direction::association) {
    return any_of(from, row, relation.owner_fields);
  }
  const Source& link = source(*relation.via);
  return std::ranges::any_of(
      behind(from, row, relation.owner_fields, link, relation.via_owner_fields),
      [&](std::size_t number) {
        return any_of(link, link.table().rows[number].get(), relation.via_target_fields);
      });
}

Truth Evaluator::test(const Expression& expression, const Source& source, const Row* row) {
  const Node& node = *expression.node();
  switch (node.op) {
    case Operator::like:
    case Operator::contains:
    case Operator::starts_with:
    case Operator::ends_with:
      return text_test(node, source, row);
    case Operator::in:
      return listed(node, source, row);
    case Operator::between: {
      const Cell cell = source.cell(row, node.field);
      const Comparison& rule = source.comparison(node.field);
      return std::min(
          holds(Operator::greater_equal, compare_with_value(cell, rule, node.values[0].cell())),
          holds(Operator::less_equal, compare_with_value(cell, rule, node.values[1].cell())));
    }
    case Operator::related:
      return truth(related(node, 0, source, row));
    case Operator::both:
      return std::min(test(node.left, source, row), test(node.right, source, row));
    case Operator::either:
      return std::max(test(node.left, source, row), test(node.right, source, row));
    case Operator::negation:
      return negated(test(node.left, source, row));
    default:
      return compared(node, source, row);
  }
}

// Every row, or with an association every link beside each of its targets, or beside none.
std::vector<Found> Evaluator::candidates(const Query& query) {
  const Source& asked = source(*query.model);
  std::vector<Found> rows;
  if (!query.through) {
    for (const auto& row : asked.table().rows) rows.push_back({nullptr, row.get()});
    return rows;
  }
  const Source& link = source(*query.through->model);
  for (const auto& row : link.table().rows) {
    const auto targets =
        behind(link, row.get(), query.through->fields, asked, query.through->target_fields);
    for (const std::size_t number : targets) {
      rows.push_back({row.get(), asked.table().rows[number].get()});
    }
    if (targets.empty()) rows.push_back({row.get(), nullptr});
  }
  return rows;
}

std::vector<Found> Evaluator::matching(const Query& query) {
  std::vector<Found> rows = candidates(query);
  const Source& asked = source(*query.model);
  const Source& keyed = query.through ? source(*query.through->model) : asked;
  std::optional<KeyIndex> keys;
  if (query.keys) {
    std::vector<Comparison> rules;
    const std::size_t width = query.keys->fields.size();
    for (const std::size_t field : query.keys->fields) rules.push_back(keyed.comparison(field));
    keys.emplace(std::move(rules));
    for (std::size_t i = 0; i < query.keys->count(); ++i) {
      keys->add(query.keys->cells.subspan(i * width, width));
    }
  }
  std::vector<Cell> key;
  std::erase_if(rows, [&](const Found& found) {
    tick_();
    if (keys) {
      key.clear();
      for (const std::size_t field : query.keys->fields) {
        key.push_back(keyed.cell(query.through ? found.link : found.target, field));
      }
      if (keys->find(key) == KeyIndex::missing) return true;
    }
    return !query.where.empty() && test(query.where, asked, found.target) != Truth::yes;
  });
  return rows;
}

namespace {

std::weak_ordering compare_by(const Order& order, const Source& source, const Row* left,
                              const Row* right) {
  const Cell left_cell = source.cell(left, order.field);
  const Cell right_cell = source.cell(right, order.field);
  if (left_cell.is_null() != right_cell.is_null() && order.nulls != Nulls::by_default) {
    const bool left_first = left_cell.is_null() == (order.nulls == Nulls::first);
    return left_first ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  const std::weak_ordering result =
      compare_stored(left_cell, right_cell, source.comparison(order.field).collation);
  return order.descending ? 0 <=> result : result;
}

}  // namespace

std::vector<Found> Evaluator::answer(const Query& query) {
  if (query.limit_per_key) {
    throw DatabaseError(ErrorCode::unsupported, "this driver limits no rows for each key",
                        {.driver = "memory", .model = query.model->name()});
  }
  std::vector<Found> rows = matching(query);
  std::vector<std::pair<Order, const Source*>> orders;
  for (const Order& order : query.order) {
    orders.emplace_back(order, &source(query.ordered_model(order)));
  }
  std::ranges::stable_sort(rows, [&](const Found& left, const Found& right) {
    for (const auto& [order, from] : orders) {
      const auto result = order.of_link ? compare_by(order, *from, left.link, right.link)
                                        : compare_by(order, *from, left.target, right.target);
      if (result != 0) return result < 0;
    }
    return false;
  });
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(
                                              std::min<std::uint64_t>(query.offset, rows.size())));
  if (query.limit && *query.limit < rows.size()) rows.resize(*query.limit);
  return rows;
}

}  // namespace ommi::memory
