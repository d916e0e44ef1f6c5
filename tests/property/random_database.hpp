#pragma once

/// \file
/// Random schemas, rows and queries, and the same database in SQLite and in memory.

#include <memory>
#include <string>
#include <vector>

#include "ommi/driver.hpp"

namespace property {

using Rows = std::vector<std::vector<ommi::Value>>;

/// Three models, Owner, Target and Link, whose columns have random types and collations. Owner has
/// the relationships target, targets (through Link), links and peer (itself); Target has owners;
/// Link has target.
[[nodiscard]] std::shared_ptr<const ommi::Catalog> random_catalog();

/// Random rows of each model, in the order of the catalog.
[[nodiscard]] std::vector<Rows> random_rows(const ommi::Catalog& catalog);

/// A driver with the catalog's tables, without references, and the rows in them.
void fill(ommi::Driver& driver, const ommi::Catalog& catalog, const std::vector<Rows>& rows);

/// Adds rows that give these fields; gives the values of the automatic ones.
Rows add(ommi::Driver& driver, const ommi::Model& model, const std::vector<std::size_t>& fields,
         const Rows& rows);

[[nodiscard]] int random_number(int from, int to);  // both included
[[nodiscard]] ommi::Value random_value();
[[nodiscard]] ommi::Expression random_condition(const ommi::Model& model, int depth);
[[nodiscard]] std::vector<ommi::Order> random_order(const ommi::Model& model);

/// Everything that a query gives.
[[nodiscard]] Rows fetch(ommi::Driver& driver, const ommi::Query& query);
/// The same rows in an order of their own.
[[nodiscard]] Rows sorted(Rows rows);
[[nodiscard]] std::string shown(const Rows& rows);

}  // namespace property
