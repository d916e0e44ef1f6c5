#pragma once

/// \file
/// A driver that answers with rows it was given, and has nothing else: no file, no connection, no
/// statement, nothing that could be written.
///
/// It is for looking at what is above a driver (lazy fields, above all) without asking a database
/// anything, and with answers that a database would not give on order: an error now and none later,
/// an owner whose reference changed.
///
///     auto rows = std::make_shared<ommi::KeptRows>();
///     rows->of(user).push_back({1, "Ann"});
///     ommi::Database database(ommi::open_kept(rows));
///
/// The rows may be changed between calls. One thread at a time.

#include <memory>
#include <optional>
#include <vector>

#include "ommi/driver.hpp"
#include "ommi/error.hpp"

namespace ommi {

struct KeptRows {
  using Row = std::vector<Value>;
  /// What is answered to one key; `rows` are as wide as the query that asks.
  struct ByKey {
    Row key;
    std::vector<Row> rows;
  };
  struct OfModel {
    const Model* model;
    std::vector<Row> rows;
  };
  std::vector<OfModel> models = {};  // answered to queries without keys; conditions are refused
  std::vector<ByKey> by_key = {};    // other keys have no rows
  std::optional<DatabaseError> error = {};  // thrown instead of any answer

  /// The rows of `model`.
  std::vector<Row>& of(const Model& model);
};

[[nodiscard]] std::unique_ptr<Driver> open_kept(std::shared_ptr<const KeptRows> rows);

}  // namespace ommi
