#include "cli/file_hash.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <nettle/sha2.h>

#include "cli/document.hpp"

namespace cli {

std::string sha256_of_file(const std::string& path) {
  // A pipe would be waited for; whoever opens the database says what it is.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  const OwnedFile file(std::fopen(path.c_str(), "rbe"));
  if (!file) return {};
  sha256_ctx context;
  sha256_init(&context);
  std::vector<std::uint8_t> block(std::size_t{1} << 18U);
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), file.get())) {
    sha256_update(&context, size, block.data());
  }
  if (std::ferror(file.get()) != 0) return {};
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace cli
