#include "others.hpp"

#include <fmt/format.h>

namespace bench {

std::uint64_t check_of(const std::vector<Post>& posts) {
  std::uint64_t sum = 0;
  for (const Post& post : posts) sum += static_cast<std::uint64_t>(post.id) + post.body.size();
  return sum;
}

std::vector<std::unique_ptr<Other>> open_others(const std::string& file) {
  std::vector<std::unique_ptr<Other>> found;
  const auto keep = [&](std::unique_ptr<Other> other, const char* name, const char* package) {
    if (other) {
      found.push_back(std::move(other));
    } else {
      fmt::print("{} is not there, and left out (Debian: {})\n", name, package);
    }
  };
  keep(open_sqlitecpp(file), "SQLiteCpp", "libsqlitecpp-dev");
  keep(open_soci(file), "SOCI", "libsoci-dev");
  return found;
}

}  // namespace bench
