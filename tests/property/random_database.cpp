#include "property/random_database.hpp"

#include <algorithm>
#include <limits>

#include <rapidcheck.h>

#include "ommi/error.hpp"

namespace property {

int random_number(int from, int to) { return *rc::gen::inRange(from, to + 1); }

namespace {

using namespace ommi;

template <class T>
T one_of(const std::vector<T>& choices) {
  return choices[static_cast<std::size_t>(random_number(0, static_cast<int>(choices.size()) - 1))];
}

FieldInfo column(std::string name) {
  FieldInfo field;
  field.name = std::move(name);
  field.type = one_of<Type>(
      {Type::any, Type::integer, Type::text, Type::real, Type::numeric, Type::blob, Type::boolean});
  field.comparison.collation =
      one_of<Collation>({Collation::binary, Collation::nocase, Collation::rtrim});
  return field;
}

ModelInfo model(std::string name, std::string table, const std::vector<std::string>& columns) {
  ModelInfo info;
  info.name = std::move(name);
  info.store_as = std::move(table);
  FieldInfo id;
  id.name = "id";
  id.type = Type::integer;
  id.key = true;
  id.nullable = false;
  info.fields.push_back(id);
  for (const std::string& each : columns) info.fields.push_back(column(each));
  return info;
}

RelationInfo relation(std::string name, Cardinality cardinality, std::string target,
                      std::vector<FieldPair> join) {
  RelationInfo info;
  info.name = std::move(name);
  info.cardinality = cardinality;
  info.target = std::move(target);
  info.join = std::move(join);
  return info;
}

std::string random_text() {
  static const std::vector<std::string> words = {"a",
                                                 "",
                                                 "A",
                                                 "b",
                                                 "a ",
                                                 "ab",
                                                 "AB",
                                                 "1",
                                                 "1.0",
                                                 "01",
                                                 " 1 ",
                                                 "2",
                                                 "0.5",
                                                 "1e0",
                                                 "a%",
                                                 "_",
                                                 "%",
                                                 "\\",
                                                 "a_b",
                                                 "\xc3\xa9",
                                                 "\xc3\x89",
                                                 "NULL",
                                                 "'; --",
                                                 "$1",
                                                 "?",
                                                 std::string("a\0b", 3),
                                                 std::string("A\0B", 3)};
  return one_of(words);
}

const FieldTerm random_field(const Model& model) {
  return FieldTerm(
      static_cast<std::size_t>(random_number(0, static_cast<int>(model.fields().size()) - 1)));
}

Expression leaf(const Model& model) {
  const FieldTerm field = random_field(model);
  switch (random_number(0, 13)) {
    case 0:
      return field == random_value();
    case 1:
      return field != random_value();
    case 2:
      return field < random_value();
    case 3:
      return field <= random_value();
    case 4:
      return field > random_value();
    case 5:
      return field >= random_value();
    case 6:
      return field == random_field(model);
    case 7:
      return field < random_field(model);
    case 8: {
      std::vector<Value> values;
      for (int i = random_number(0, 3); i > 0; --i) values.push_back(random_value());
      if (random_number(0, 3) == 0 && !values.empty()) values.resize(501, values.back());
      return field.in(std::move(values));
    }
    case 9:
      return field.between(random_value(), random_value());
    case 10:
      return field.like(random_text() + random_text());
    case 11:
      return field.contains(random_text());
    case 12:
      return field.starts_with(random_text());
    default:
      return field.ends_with(random_text());
  }
}

// One to three hops, and the model that they lead to.
std::pair<std::string, const Model*> random_path(const Model& model) {
  std::string dotted;
  const Model* at = &model;
  for (int hops = random_number(0, 4) / 2; hops >= 0; --hops) {
    const int count = static_cast<int>(at->relations.size());
    const Relation& hop = at->relations[static_cast<std::size_t>(random_number(0, count - 1))];
    dotted += (dotted.empty() ? "" : ".") + hop.info.name;
    at = hop.target;
  }
  return {dotted, at};
}

class ListSource final : public RowSource {
 public:
  explicit ListSource(const Rows& rows) : rows_(rows) {}
  bool next(std::span<Cell> row) override {
    if (next_ == rows_.size()) return false;
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = rows_[next_][i].cell();
    ++next_;
    return true;
  }

 private:
  const Rows& rows_;
  std::size_t next_ = 0;
};

class KeptKeys final : public KeySink {
 public:
  void added(std::span<const Cell> automatic) override {
    keys.emplace_back();
    for (const Cell& cell : automatic) keys.back().emplace_back(cell);
  }
  Rows keys;
};

}  // namespace

std::shared_ptr<const Catalog> random_catalog() {
  ModelInfo owner = model("Owner", "order", {"a", "B b", "target_id", "peer_id"});
  owner.relations = {relation("target", Cardinality::one, "Target", {{"target_id", "code"}}),
                     relation("peer", Cardinality::one, "Owner", {{"peer_id", "a"}}),
                     relation("links", Cardinality::many, "Link", {{"id", "owner_id"}}),
                     relation("targets", Cardinality::many, "Target", {{"a", "owner_id"}})};
  owner.relations.back().via = "Link";
  owner.relations.back().target_join = {{"target_id", "code"}};
  ModelInfo target = model("Target", "k", {"code", "x"});
  target.relations = {relation("owners", Cardinality::many, "Owner", {{"code", "target_id"}})};
  ModelInfo link = model("Link", "t", {"owner_id", "target_id", "w"});
  link.relations = {relation("target", Cardinality::one, "Target", {{"target_id", "code"}})};
  auto catalog = std::make_shared<Catalog>();
  catalog->add(owner).add(target).add(link);
  RC_ASSERT(catalog->seal().empty());
  return catalog;
}

Value random_value() {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  switch (random_number(0, 9)) {
    case 0:
      return {};
    case 1:
    case 2:
    case 3:
      return random_number(-1, 3);
    case 4:
      return one_of<std::int64_t>({most, -most - 1, (1LL << 53) + 1, (1LL << 53) - 1});
    case 5:
      return one_of<double>({1.0, 0.5, -0.0, 2.0, 9007199254740992.0, 1e300, 1e15,
                             9223372036854775808.0, std::numeric_limits<double>::infinity()});
    case 6:
      return Blob{random_text()};
    default:
      return random_text();
  }
}

std::vector<Rows> random_rows(const Catalog& catalog) {
  std::vector<Rows> all;
  for (const Model& model : catalog.models()) {
    Rows rows;
    for (int id = 1, count = random_number(0, 7); id <= count; ++id) {
      std::vector<Value> row = {Value(id)};
      while (row.size() < model.fields().size()) row.push_back(random_value());
      rows.push_back(std::move(row));
    }
    all.push_back(std::move(rows));
  }
  return all;
}

void fill(Driver& driver, const Catalog& catalog, const std::vector<Rows>& rows) {
  for (const Model& model : catalog.models()) {
    SchemaStep step;
    step.model = &model;
    driver.apply(step);
    std::vector<std::size_t> fields;
    for (std::size_t i = 0; i < model.fields().size(); ++i) fields.push_back(i);
    add(driver, model, fields, rows[model.index]);
  }
}

Rows add(Driver& driver, const Model& model, const std::vector<std::size_t>& fields,
         const Rows& rows) {
  ListSource source(rows);
  KeptKeys kept;
  driver.add(model, fields, source, kept);
  return std::move(kept.keys);
}

Expression random_condition(const Model& model, int depth) {
  if (depth == 0) return leaf(model);
  switch (random_number(0, 7)) {
    case 0:
    case 1:
      return random_condition(model, depth - 1) && random_condition(model, depth - 1);
    case 2:
    case 3:
      return random_condition(model, depth - 1) || random_condition(model, depth - 1);
    case 4:
      return !random_condition(model, depth - 1);
    case 5:
    case 6: {
      const auto [dotted, target] = random_path(model);
      if (random_number(0, 4) == 0) return any(model, dotted);
      return any(model, dotted, random_condition(*target, depth - 1));
    }
    default:
      return leaf(model);
  }
}

std::vector<Order> random_order(const Model& model) {
  std::vector<Order> order;
  for (int i = random_number(0, 2); i > 0; --i) {
    order.push_back({random_field(model).field(), random_number(0, 1) == 1,
                     one_of<Nulls>({Nulls::by_default, Nulls::first, Nulls::last})});
  }
  order.push_back({0});
  return order;
}

Rows fetch(Driver& driver, const Query& query) {
  Rows rows;
  const auto cursor = driver.fetch(query);
  std::vector<Cell> cells(query.width());
  while (cursor->next(cells)) {
    rows.emplace_back();
    for (const Cell& cell : cells) rows.back().emplace_back(cell);
  }
  return rows;
}

Rows sorted(Rows rows) {
  std::ranges::sort(rows, {}, [](const std::vector<Value>& row) { return shown({row}); });
  return rows;
}

std::string shown(const Rows& rows) {
  std::string text;
  for (const std::vector<Value>& row : rows) {
    for (const Value& value : row) text += to_display(value.cell()) + " | ";
    text += "\n";
  }
  return text;
}

}  // namespace property
