#include "cli/document.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace cli {

std::string refuses(const std::string& file, const std::string& database) {
  namespace fs = std::filesystem;
  for (const std::string_view suffix : {"", "-wal", "-shm", "-journal"}) {
    const fs::path guarded = database + std::string(suffix);
    std::error_code error;
    const bool same_file = fs::equivalent(file, guarded, error) && !error;
    const fs::path left = fs::weakly_canonical(file, error);
    const fs::path right = fs::weakly_canonical(guarded, error);
    if (same_file || (!left.empty() && left == right)) {
      return suffix.empty() ? "is the database itself, which is never written to"
                            : "belongs to the database, which is never written to";
    }
  }
  return {};
}

bool Document::failed() noexcept {
  error_ = errno;
  abandoned_ = error_ == EPIPE;
  return false;
}

bool Document::write(std::string_view text) noexcept {
  if (error_ != 0) return false;
  return std::fwrite(text.data(), 1, text.size(), out_) == text.size() || failed();
}

bool Document::finish() noexcept {
  if (error_ != 0) return false;
  return std::fflush(out_) == 0 || failed();
}

std::string Document::problem() const {
  return error_ == 0 || abandoned_ ? std::string() : std::strerror(error_);
}

}  // namespace cli
