#pragma once

/// \file
/// What the benchmarks share: a database with known content, and rounds of competitors timed side
/// by side.
///
/// CPU time of the process. A round runs all competitors in turn, and the median of the rounds'
/// ratios counts: what others do on the machine slows neighbours in a round alike.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "ommi/database.hpp"
#include "ommi/model.hpp"

namespace bench {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using RawDatabase = std::unique_ptr<sqlite3, CloseDatabase>;
using RawStatement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// A folder of its own, removed at the end.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

/// Writes User(id, name), Post(id, user_id, title, views, score, body) with an index on user_id,
/// `posts` posts spread over `users` users.
void make_blog(const std::string& file, int users, int posts);

/// The models of that database, both directions.
[[nodiscard]] std::shared_ptr<const ommi::Catalog> blog_models();

[[nodiscard]] RawDatabase open_raw(const std::string& file);
[[nodiscard]] RawStatement prepare_raw(sqlite3* database, const char* sql);

struct Competitor {
  std::string name;
  std::function<std::uint64_t()> work;  // gives a number that all competitors must agree on
};

/// Runs all competitors in turn, `rounds` times, and prints each one's median time and the
/// median of its ratios to the first in the same round. Gives the ratios. Ends the program if the
/// competitors disagree.
std::vector<double> race(const std::string& title, const std::vector<Competitor>& competitors,
                         int rounds = 25);

/// Prints whether a ratio keeps its bound.
void gate(const std::string& what, double ratio, double bound);

}  // namespace bench
