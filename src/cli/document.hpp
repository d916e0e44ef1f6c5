#pragma once

/// \file
/// Where the document goes: stdout, or the file that the user named.
///
/// A reader that went away is no error: what it wanted, it has. A full disk is one.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// Why `file` must not be written, or empty: the tool never writes to a database or to what SQLite
/// keeps beside it.
[[nodiscard]] std::string refuses(const std::string& file, const std::string& database);

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using OwnedFile = std::unique_ptr<std::FILE, CloseFile>;

class Document {
 public:
  explicit Document(std::FILE* out) noexcept : out_(out) {}
  explicit Document(OwnedFile file) noexcept : owned_(std::move(file)), out_(owned_.get()) {}

  /// False once nothing more can be written.
  bool write(std::string_view text) noexcept;
  /// Whether everything arrived. Call once, at the end.
  bool finish() noexcept;
  /// The reader closed the pipe.
  [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }
  /// Why writing failed, or empty.
  [[nodiscard]] std::string problem() const;

 private:
  bool failed() noexcept;
  OwnedFile owned_;
  std::FILE* out_;
  int error_ = 0;
  bool abandoned_ = false;
};

}  // namespace cli
