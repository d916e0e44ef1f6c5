#pragma once

/// \file
/// The project's own files as text, for the tests that hold its rules.

#include <filesystem>
#include <string>
#include <vector>

namespace project {

struct SourceFile {
  std::string path;                // from the top of the tree, with '/'
  std::vector<std::string> lines;  // as they are
};

/// All files under the given folders (or single files) whose name ends in one of `endings` (every
/// file, if there is none), sorted by path.
[[nodiscard]] std::vector<SourceFile> files_in(const std::vector<std::string>& places,
                                               const std::vector<std::string>& endings);

/// The lines without comments and without the insides of string literals.
[[nodiscard]] std::vector<std::string> code_of(const SourceFile& file);

}  // namespace project
