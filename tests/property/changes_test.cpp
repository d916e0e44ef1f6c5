// Any sequence of writes, transactions and savepoints leaves the same rows in SQLite and in the
// memory driver, and what one refuses the other refuses.

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "ommi/error.hpp"
#include "ommi/memory.hpp"
#include "ommi/sqlite.hpp"
#include "property/random_database.hpp"

namespace property {
namespace {

using namespace ommi;

FieldInfo field(std::string name, Type type) {
  FieldInfo info;
  info.name = std::move(name);
  info.type = type;
  info.comparison.affinity = type == Type::text ? Affinity::text : Affinity::integer;
  return info;
}

/// Node(id made by the database, code unique, parent_id) and Leaf(id, node_id required, twin_id):
/// every kind of constraint that both drivers have.
std::shared_ptr<const Catalog> models() {
  ModelInfo node;
  node.name = "Node";
  node.fields = {field("id", Type::integer), field("code", Type::text),
                 field("parent_id", Type::integer)};
  node.fields[0].key = node.fields[0].automatic = true;
  node.fields[0].nullable = false;
  node.fields[1].comparison.collation = Collation::nocase;
  node.unique_sets = {{"code"}};
  node.relations = {{.name = "parent", .target = "Node", .join = {{"parent_id", "id"}}},
                    {.name = "leaves",
                     .cardinality = Cardinality::many,
                     .target = "Leaf",
                     .join = {{"id", "node_id"}}}};
  ModelInfo leaf;
  leaf.name = "Leaf";
  leaf.fields = {field("id", Type::integer), field("node_id", Type::integer),
                 field("twin_id", Type::integer)};
  leaf.fields[0].key = true;
  leaf.fields[0].nullable = leaf.fields[1].nullable = false;
  leaf.unique_sets = {{"node_id", "twin_id"}};
  leaf.relations = {{.name = "node", .target = "Node", .join = {{"node_id", "id"}}}};
  auto catalog = std::make_shared<Catalog>();
  catalog->add(node).add(leaf);
  RC_ASSERT(catalog->seal().empty());
  return catalog;
}

/// What a call gave: how many rows or which keys, or why nothing.
template <class Work>
std::string outcome(Driver& driver, Work&& work) {
  try {
    return work(driver);
  } catch (const DatabaseError& error) {
    // Of several constraints that are violated, each may tell of another.
    return error.is(ErrorCode::constraint) ? "constraint" : std::string(to_string(error.code()));
  }
}

class Twins {
 public:
  Twins() {
    for (Driver* const driver : {sqlite_.get(), memory_.get()}) {
      apply(*driver, "Node", {{.fields = {2}, .target = &model("Node"), .target_fields = {0}}});
      // A leaf's twin may come later in the transaction, its node may not.
      apply(*driver, "Leaf",
            {{.fields = {1}, .target = &model("Node"), .target_fields = {0}},
             {.fields = {2}, .target = &model("Leaf"), .target_fields = {0}, .deferred = true}});
    }
  }

  void step();
  /// The rows of both.
  void compare();

 private:
  void apply(Driver& driver, std::string_view name, std::vector<SchemaReference> references) {
    SchemaStep step;
    step.model = &model(name);
    step.references = std::move(references);
    driver.apply(step);
  }
  [[nodiscard]] const Model& model(std::string_view name) const { return *catalog_->find(name); }
  [[nodiscard]] const Model& any_model() const {
    return model(random_number(0, 1) == 0 ? "Node" : "Leaf");
  }

  template <class Work>
  std::string both(std::string_view what, Work&& work) {
    const std::string from_sqlite = outcome(*sqlite_, work);
    const std::string from_memory = outcome(*memory_, work);
    RC_LOG() << what << ": " << from_sqlite << " / " << from_memory << "\n";
    RC_ASSERT(from_sqlite == from_memory);
    return from_sqlite;
  }

  void add_rows();
  void change_rows();
  void begin_or_savepoint();
  void end_savepoint();
  void end_transaction();

  std::shared_ptr<const Catalog> catalog_ = models();
  std::unique_ptr<Driver> sqlite_ = sqlite::open_memory("");
  std::unique_ptr<Driver> memory_ = memory::open(memory::make_store());
  bool open_ = false;
  unsigned savepoints_ = 0;
};

Value small_number(bool nullable) {
  if (nullable && random_number(0, 2) == 0) return {};
  return random_number(1, 6);
}

std::vector<Value> random_row(const Model& model) {
  if (model.name() == "Leaf") return {small_number(false), small_number(true), small_number(true)};
  return {small_number(true), random_number(0, 1) == 0 ? Value() : random_value(),
          small_number(true)};
}

void Twins::add_rows() {
  const Model& model = any_model();
  Rows rows;
  for (int i = random_number(1, 3); i > 0; --i) rows.push_back(random_row(model));
  std::vector<std::size_t> fields = {0, 1, 2};
  if (random_number(0, 4) == 0) {
    fields.pop_back();
    for (std::vector<Value>& row : rows) row.pop_back();
  }
  both(fmt::format("add {}\n{}", model.name(), shown(rows)),
       [&](Driver& driver) { return shown(add(driver, model, fields, rows)); });
}

void Twins::change_rows() {
  Query query;
  query.model = &any_model();
  query.where = random_condition(*query.model, random_number(0, 2));
  if (random_number(0, 2) == 0) {
    both("remove", [&](Driver& driver) { return fmt::to_string(driver.remove(query)); });
    return;
  }
  const auto field = static_cast<std::size_t>(random_number(0, 2));
  const std::vector<Assignment> values = {{field, random_row(*query.model)[field]}};
  // NULL for a key that the database makes is no number of its own.
  if (field == 0 && values[0].value.is_null()) return;
  both(fmt::format("update {} {} = {}", query.model->name(), field,
                   to_display(values[0].value.cell())),
       [&](Driver& driver) { return fmt::to_string(driver.update(query, values)); });
}

void Twins::begin_or_savepoint() {
  if (open_) {
    both("savepoint", [number = savepoints_ + 1](Driver& driver) {
      driver.savepoint(number);
      return "ok";
    });
    ++savepoints_;
  } else {
    both("begin", [](Driver& driver) {
      driver.begin({});
      return "ok";
    });
    open_ = true;
  }
}

void Twins::end_savepoint() {
  if (savepoints_ == 0) return;
  const auto number = static_cast<unsigned>(random_number(1, static_cast<int>(savepoints_)));
  const bool keep = random_number(0, 1) == 0;
  both(fmt::format("{} {}", keep ? "release" : "rollback to", number), [&](Driver& driver) {
    keep ? driver.release(number) : driver.rollback_to(number);
    return "ok";
  });
  savepoints_ = number - 1;
}

// A commit that fails has rolled back.
void Twins::end_transaction() {
  if (!open_) return;
  const bool keep = random_number(0, 2) > 0;
  both(keep ? "commit" : "rollback", [&](Driver& driver) {
    keep ? driver.commit() : driver.rollback();
    return "ok";
  });
  open_ = false;
  savepoints_ = 0;
}

void Twins::step() {
  switch (random_number(0, 9)) {
    case 0:
    case 1:
      return begin_or_savepoint();
    case 2:
      return end_savepoint();
    case 3:
      return end_transaction();
    case 4:
    case 5:
      return change_rows();
    default:
      return add_rows();
  }
}

void Twins::compare() {
  for (const Model& each : catalog_->models()) {
    Query all;
    all.model = &each;
    all.order = {{0}};
    const Rows from_sqlite = fetch(*sqlite_, all);
    const Rows from_memory = fetch(*memory_, all);
    RC_LOG() << each.name() << "\nsqlite:\n"
             << shown(from_sqlite) << "memory:\n"
             << shown(from_memory);
    RC_ASSERT(from_sqlite == from_memory);
  }
}

}  // namespace

TEST_CASE("any sequence of writes, savepoints and rollbacks leaves the same rows") {
  CHECK(rc::check("same rows in the end", [] {
    Twins twins;
    for (int steps = random_number(1, 25); steps > 0; --steps) {
      twins.step();
      twins.compare();
    }
  }));
}

}  // namespace property
