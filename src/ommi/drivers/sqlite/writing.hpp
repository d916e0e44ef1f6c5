#pragma once

/// \file
/// What writes: rows, transactions, the schema. Every value is bound, every name quoted.

#include <span>

#include "drivers/sqlite/connection.hpp"
#include "ommi/driver.hpp"
#include "ommi/sql.hpp"

namespace ommi::sqlite {

/// Throws ErrorCode::read_only when the database or the open transaction is for reading only.
void require_writable(const Connection& connection, std::string_view operation,
                      std::string_view model = {});

std::uint64_t add_rows(Connection& connection, const Model& model,
                       std::span<const std::size_t> fields, RowSource& rows, KeySink& keys);
std::uint64_t update_rows(Connection& connection, const Query& query,
                          std::span<const Assignment> values, const sql::Dialect& dialect);
std::uint64_t remove_rows(Connection& connection, const Query& query, const sql::Dialect& dialect);

void begin_transaction(Connection& connection, const TransactionOptions& options);
/// COMMIT. What fails is rolled back and thrown as ErrorCode::transaction with its cause, or as
/// ErrorCode::in_doubt.
void commit_work(Connection& connection);
void commit_transaction(Connection& connection);
void rollback_transaction(Connection& connection);
void set_savepoint(Connection& connection, unsigned number);
void release_savepoint(Connection& connection, unsigned number);
void rollback_to_savepoint(Connection& connection, unsigned number);

void apply_step(Connection& connection, const SchemaStep& step);

}  // namespace ommi::sqlite
