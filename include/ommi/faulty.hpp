#pragma once

/// \file
/// A driver that misbehaves on order, to see what catches it.
///
/// It wraps any driver, and treats it as a foreign one is treated: each answer becomes a Wire, a
/// lie is told about it if one was ordered, and inspect_rows decides whether it is believed.
/// Without orders it behaves as the driver it wraps.
///
///     auto script = std::make_shared<ommi::faulty::Script>();
///     ommi::Database database(ommi::faulty::wrap(ommi::sqlite::open("blog.db"), script));
///     script->orders = {{.operation = "fetch", .act =
///     ommi::faulty::Lie{Malformed::empty_wrapper}}}; database.find("Post").all();   //
///     malformed_result: the driver returned a success that wraps …
///
/// The script may be changed between calls. One thread at a time.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ommi/driver.hpp"
#include "ommi/wire.hpp"

namespace ommi::faulty {

/// Returns a malformed answer. `none` is the truth. Ordered for a call about which that lie cannot
/// be told (a foreign key among rows asked for without keys) it is ErrorCode::unsupported.
struct Lie {
  Malformed what = Malformed::none;
};

/// Waits that long before it answers, at most to the deadline: then it is ErrorCode::timeout.
struct Delay {
  std::chrono::milliseconds time{0};
};

/// Loses the connection after so many rows of the answer; every later call fails, too.
struct CutOff {
  std::uint64_t after_rows = 0;
};

/// Throws this error, as a driver should.
struct Raise {
  DatabaseError error;
};

/// Throws something that is not a DatabaseError, as a driver must not.
struct Stray {
  std::string message;
};

/// Reads what it is asked by keys in pages of so many rows, by limit and offset; in the order of
/// the query, and so in none that tells rows apart unless the query has one.
struct Pages {
  std::uint64_t rows = 2;
};

/// Gives every row that it is asked for by keys twice.
struct Doubled {};

/// Writes a key that is the text NULL, IS or IS NOT into the statement as it is. What such a
/// statement would do is done: rows with that key are not found.
struct InlineKeywords {};

/// What to do, and at which calls.
struct Order {
  std::string operation = {};        // "fetch", "count", "add", …; empty = any
  std::uint64_t first = 1;           // the first call of that operation (or of all) it is for
  std::uint64_t calls = UINT64_MAX;  // for how many calls from there
  std::variant<Lie, Delay, CutOff, Raise, Stray, Pages, Doubled, InlineKeywords> act = Lie{};
};

/// What a faulty driver shall do, and what it did.
struct Script {
  std::vector<Order> orders = {};  // all that fit a call are obeyed, in this order
  /// Malformed answers are unwrapped where that is possible, and reported in `tolerated`.
  bool tolerant = false;
  std::vector<Malformation> tolerated = {};
  std::map<std::string, std::uint64_t, std::less<>> calls = {};  // by operation
  std::uint64_t all_calls = 0;
};

[[nodiscard]] std::unique_ptr<Driver> wrap(std::unique_ptr<Driver> inner,
                                           std::shared_ptr<Script> script);

}  // namespace ommi::faulty
