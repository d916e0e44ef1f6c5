#pragma once

/// \file
/// The jobs of the benchmarks done with other libraries, to stand beside libommi in the same run.
///
/// They get what the hand-written loops get: one read transaction, prepared statements, no mutex
/// where that can be chosen. A library that was not there when this was configured is left out, and
/// a line says so.

#include <memory>
#include <string>
#include <vector>

#include "support.hpp"

namespace bench {

/// A row of Post, as a program would keep it.
struct Post {
  std::int64_t id;
  std::int64_t user_id;
  std::string title;
  std::int64_t views;
  double score;
  std::string body;
};

inline constexpr const char* all_posts = "SELECT id, user_id, title, views, score, body FROM Post";
inline constexpr const char* all_users = "SELECT id FROM User";
inline constexpr const char* posts_of_user =
    "SELECT id, user_id, title, views, score, body FROM Post WHERE user_id = ?";

/// What all who read every post must agree on.
[[nodiscard]] std::uint64_t check_of(const std::vector<Post>& posts);

/// A database opened by another library.
class Other {
 public:
  virtual ~Other() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// Every post in a vector of structs; gives check_of.
  [[nodiscard]] virtual std::uint64_t read_posts() = 0;
  /// The posts of every user, one statement a user, their bodies kept; gives their number.
  [[nodiscard]] virtual std::uint64_t load_posts_one_by_one() = 0;
};

/// Null where the library was not there.
[[nodiscard]] std::unique_ptr<Other> open_sqlitecpp(const std::string& file);
[[nodiscard]] std::unique_ptr<Other> open_soci(const std::string& file);

/// All that are there; prints a line about each that is not.
[[nodiscard]] std::vector<std::unique_ptr<Other>> open_others(const std::string& file);

}  // namespace bench
