#pragma once

/// \file
/// The memory driver: tables in this process, gone with it. It evaluates queries itself, row by row
/// and in the plainest way, by SQLite's rules (https://www.sqlite.org/datatype3.html): what it
/// gives is what every other driver must give.
///
///     ommi::Database database(ommi::memory::open(catalog));
///     database.use(catalog);
///
/// It writes, nests transactions and enforces keys, unique sets, NOT NULL and references. It has no
/// language of its own: `select` is ErrorCode::unsupported. It has no indexes either, so `explain`
/// says of every query that it reads its tables whole.

#include <memory>

#include "ommi/driver.hpp"

namespace ommi::memory {

/// Tables that several drivers may be open on, each with a thread and a transaction of its own. A
/// transaction sees what was committed when it began. One at a time may write: beginning another,
/// but for reading only, is ErrorCode::locked, at once.
class Store;

/// A store with a table for each model of `catalog` that is not a view; without one, with none.
/// Throws DatabaseError (ErrorCode::schema) for a model that no table can be made of.
[[nodiscard]] std::shared_ptr<Store> make_store(const Catalog& catalog = {});

[[nodiscard]] std::unique_ptr<Driver> open(std::shared_ptr<Store> store);

/// A driver on a store of its own.
[[nodiscard]] std::unique_ptr<Driver> open(const std::shared_ptr<const Catalog>& catalog);

}  // namespace ommi::memory
