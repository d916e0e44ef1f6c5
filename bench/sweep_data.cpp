#include "sweep_data.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "support.hpp"

namespace bench {

namespace {

struct Shape {
  const char* name;
  std::uint64_t per_thousand;
  bool keyed;                         // its key is of the kind asked for; else it is a plain number
  std::array<const char*, 2> column;  // that refer to
  std::array<std::size_t, 2> target;  // these, among the tables
  bool in_order;                      // the first reference follows the order of its target
  const char* text;
};

constexpr std::size_t no_target = 99;
constexpr std::array<Shape, 6> tables = {{
    {"User", 50, true, {nullptr, nullptr}, {no_target, no_target}, false, "name"},
    {"Tag", 5, true, {nullptr, nullptr}, {no_target, no_target}, false, "name"},
    {"Post", 200, true, {"user", nullptr}, {0, no_target}, false, "title"},
    {"Profile", 45, false, {"user", nullptr}, {0, no_target}, true, "bio"},
    {"Comment", 450, false, {"post", "user"}, {2, 0}, false, "body"},
    {"PostTag", 250, false, {"post", "tag"}, {2, 1}, true, nullptr},
}};

constexpr std::uint64_t every = 10'000;

std::uint64_t rows_of(const Shape& table, std::uint64_t rows) {
  return rows * table.per_thousand / 1000;
}

std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

// One in a thousand numbers is no row's: there are holes among the keys.
std::uint64_t numbered(std::uint64_t row) { return row + (row / 999); }

// Up to thirty letters.
std::string_view filler(std::uint64_t row) {
  constexpr std::string_view letters = "and then it says something more";
  return letters.substr(0, mixed(row) % 31);
}

enum class Fault : std::uint8_t { none, dangling, null, mistyped };

Fault fault_of(std::uint64_t row, std::size_t column) {
  const std::uint64_t place = (row + (column * 17)) % every;
  if (place == 111) return Fault::dangling;
  if (place == 222) return Fault::null;
  return place == 333 ? Fault::mistyped : Fault::none;
}

void run(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fmt::print(stderr, "bench: {}\n", sqlite3_errmsg(database));
    std::exit(2);
  }
}

std::vector<std::string> parts_of(const char* name, Keys keys) {
  const std::string base = name == nullptr ? "" : std::string(name) + "_";
  if (keys == Keys::composite) return {base + "area", base + "code"};
  return {base + "id"};
}

std::vector<const char*> types_of(Keys keys) {
  if (keys == Keys::composite) return {"INTEGER", "TEXT"};
  return {keys == Keys::text ? "TEXT" : "INTEGER"};
}

std::string declaration(const Shape& table, Keys keys, bool declared) {
  std::string sql = fmt::format("CREATE TABLE {} (", table.name);
  const Keys own = table.keyed ? keys : Keys::dense;
  const auto parts = parts_of(nullptr, own);
  for (std::size_t part = 0; part < parts.size(); ++part) {
    sql += fmt::format("{} {}, ", parts[part], types_of(own)[part]);
  }
  std::string foreign;
  for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
    const auto columns = parts_of(table.column[i], keys);
    for (std::size_t part = 0; part < columns.size(); ++part) {
      sql += fmt::format("{} {}, ", columns[part], types_of(keys)[part]);
    }
    if (!declared) continue;
    foreign += fmt::format(", FOREIGN KEY ({}) REFERENCES {}({})", fmt::join(columns, ", "),
                           tables[table.target[i]].name, fmt::join(parts_of(nullptr, keys), ", "));
  }
  if (table.text != nullptr) sql += fmt::format("{} TEXT, ", table.text);
  return sql + fmt::format("PRIMARY KEY ({}){});", fmt::join(parts, ", "), foreign);
}

/// Binds keys of one kind to a statement.
class Binder {
 public:
  Binder(sqlite3_stmt* statement, Keys keys) : statement_(statement), keys_(keys) {}

  void start() { place_ = 0; }
  void key(std::uint64_t number, Keys kind) {
    switch (kind) {
      case Keys::dense:
        return integer(static_cast<std::int64_t>(number));
      case Keys::sparse:
        return integer(static_cast<std::int64_t>((number << 24U) + (mixed(number) & 0xFFFFFFU)));
      case Keys::text:
        return text(fmt::format("{:08x}-{:04x}-{:04x}-{:016x}", mixed(number) >> 32U,
                                mixed(number) & 0xFFFFU, number & 0xFFFFU, mixed(~number)));
      case Keys::composite:
        integer(static_cast<std::int64_t>(number / 100));
        return text(fmt::format("code {:02}", number % 100));
    }
  }
  /// `share` is how far the table has come, where its rows are in the order of what they name.
  void reference(std::uint64_t row, std::size_t column, std::uint64_t targets,
                 std::optional<double> share) {
    const std::uint64_t chosen =
        share ? static_cast<std::uint64_t>(*share * static_cast<double>(targets))
              : mixed((row * 2) + column) % targets;
    const std::uint64_t named = 1 + std::min(chosen, targets - 1);
    switch (fault_of(row, column)) {
      case Fault::none:
        return key(numbered(named), keys_);
      case Fault::dangling:
        // A hole, or a key past the end.
        return key(row % 2 == 0 ? 999 : numbered(targets) + 5 + row, keys_);
      case Fault::mistyped:
        if (keys_ == Keys::composite) integer(7);
        return text("x123");
      case Fault::null:
        ++place_;
        sqlite3_bind_null(statement_, place_);
        if (keys_ == Keys::composite) text("code 01");
    }
  }
  void text(const std::string& value) {
    ++place_;
    sqlite3_bind_text(statement_, place_, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
  }

 private:
  void integer(std::int64_t value) {
    ++place_;
    sqlite3_bind_int64(statement_, place_, value);
  }

  sqlite3_stmt* statement_;
  Keys keys_;
  int place_ = 0;
};

void fill(sqlite3* database, const Shape& table, std::uint64_t rows, Keys keys) {
  const Keys own = table.keyed ? keys : Keys::dense;
  std::size_t width = parts_of(nullptr, own).size() + (table.text == nullptr ? 0 : 1);
  for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
    width += parts_of(table.column[i], keys).size();
  }
  std::string marks = "?";
  for (std::size_t i = 1; i < width; ++i) marks += ", ?";
  const RawStatement statement =
      prepare_raw(database, fmt::format("INSERT INTO {} VALUES ({})", table.name, marks).c_str());
  Binder binder(statement.get(), keys);
  const std::uint64_t count = rows_of(table, rows);
  for (std::uint64_t row = 1; row <= count; ++row) {
    binder.start();
    binder.key(numbered(row), own);
    for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
      const auto share = static_cast<double>(row - 1) / static_cast<double>(count);
      binder.reference(row, i, rows_of(tables[table.target[i]], rows),
                       table.in_order && i == 0 ? std::optional(share) : std::nullopt);
    }
    if (table.text != nullptr)
      binder.text(fmt::format("the {} of row {}, {}", table.text, row, filler(row)));
    sqlite3_step(statement.get());
    sqlite3_reset(statement.get());
  }
}

RawDatabase open_new(const std::string& file) {
  sqlite3* raw = nullptr;
  if (sqlite3_open(file.c_str(), &raw) != SQLITE_OK) std::exit(2);
  run(raw, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;");
  return RawDatabase(raw);
}

ommi::FieldInfo field(const std::string& name, std::string_view type, bool key) {
  ommi::FieldInfo info;
  info.name = name;
  info.type = type == "TEXT" ? ommi::Type::text : ommi::Type::integer;
  info.comparison.affinity = type == "TEXT" ? ommi::Affinity::text : ommi::Affinity::integer;
  info.key = key;
  return info;
}

ommi::RelationInfo relation(const char* name, const char* target, ommi::Cardinality cardinality,
                            const char* via = nullptr) {
  ommi::RelationInfo info;
  info.name = name;
  info.target = target;
  info.cardinality = cardinality;
  if (via != nullptr) info.via = via;
  return info;
}

}  // namespace

std::string_view to_string(Keys keys) noexcept {
  constexpr std::array<std::string_view, 4> names = {"dense", "sparse", "text", "composite"};
  return names[static_cast<std::size_t>(keys)];
}

Faults planted(std::uint64_t rows) {
  Faults faults;
  for (const Shape& table : tables) {
    for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
      for (std::uint64_t row = 1; row <= rows_of(table, rows); ++row) {
        const Fault fault = fault_of(row, i);
        if (fault == Fault::null) ++faults.nulls;
        if (fault == Fault::dangling || fault == Fault::mistyped) ++faults.dangling;
      }
    }
  }
  return faults;
}

void make_sweep_data(const std::string& file, std::uint64_t rows, Keys keys) {
  if (std::filesystem::exists(file)) return;
  const std::string unfinished = file + ".new";
  std::filesystem::remove(unfinished);
  {
    const RawDatabase database = open_new(unfinished);
    for (const Shape& table : tables) run(database.get(), declaration(table, keys, false));
    run(database.get(), "BEGIN");
    for (const Shape& table : tables) fill(database.get(), table, rows, keys);
    run(database.get(), "COMMIT");
  }
  std::filesystem::rename(unfinished, file);
}

void make_declared_copy(const std::string& from, const std::string& to) {
  if (std::filesystem::exists(to)) return;
  const std::string unfinished = to + ".new";
  std::filesystem::remove(unfinished);
  {
    const RawDatabase database = open_new(unfinished);
    run(database.get(), fmt::format("ATTACH '{}' AS source", from));
    for (const Shape& table : tables) {
      run(database.get(), declaration(table, Keys::dense, true));
      run(database.get(), fmt::format("INSERT INTO {0} SELECT * FROM source.{0}", table.name));
      for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
        run(database.get(),
            fmt::format("CREATE INDEX {0}_{1} ON {0}({1}_id)", table.name, table.column[i]));
      }
    }
  }
  std::filesystem::rename(unfinished, to);
}

std::shared_ptr<const ommi::Catalog> sweep_models(Keys keys, Relations relations) {
  using ommi::Cardinality;
  ommi::Catalog catalog;
  for (const Shape& table : tables) {
    ommi::ModelInfo model;
    model.name = table.name;
    const Keys own = table.keyed ? keys : Keys::dense;
    const auto parts = parts_of(nullptr, own);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      model.fields.push_back(field(parts[part], types_of(own)[part], true));
    }
    for (std::size_t i = 0; i < 2 && table.column[i] != nullptr; ++i) {
      ommi::Reference reference;
      reference.model = tables[table.target[i]].name;
      reference.fields = parts_of(table.column[i], keys);
      reference.target_fields = parts_of(nullptr, keys);
      for (std::size_t part = 0; part < reference.fields.size(); ++part) {
        model.fields.push_back(field(reference.fields[part], types_of(keys)[part], false));
      }
      model.relations.push_back(
          relation(table.column[i], tables[table.target[i]].name, Cardinality::one));
      model.references.push_back(std::move(reference));
    }
    if (table.text != nullptr) model.fields.push_back(field(table.text, "TEXT", false));
    if (relations == Relations::all && model.name == "User") {
      model.relations.push_back(relation("profile", "Profile", Cardinality::one));
      model.relations.push_back(relation("posts", "Post", Cardinality::many));
      model.relations.push_back(relation("comments", "Comment", Cardinality::many));
    }
    if (relations == Relations::all && model.name == "Post") {
      model.relations.push_back(relation("comments", "Comment", Cardinality::many));
      model.relations.push_back(relation("tags", "Tag", Cardinality::many, "PostTag"));
    }
    catalog.add(std::move(model));
  }
  const auto problems = catalog.seal();
  if (!problems.empty()) {
    fmt::print(stderr, "bench: the models do not hold together\n");
    std::exit(2);
  }
  return std::make_shared<const ommi::Catalog>(std::move(catalog));
}

}  // namespace bench
