#include "project/sources.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "support/folders.hpp"

namespace project {
namespace {

namespace fs = std::filesystem;

bool ends_in(const std::string& name, const std::vector<std::string>& endings) {
  return endings.empty() || std::any_of(endings.begin(), endings.end(),
                                        [&](const auto& ending) { return name.ends_with(ending); });
}

SourceFile read(const fs::path& path, const fs::path& root) {
  SourceFile file{fs::relative(path, root).generic_string(), {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

/// Removes what is not code from one line. `until` carries what ends the block comment or raw
/// string that we are in from line to line.
std::string code_of_line(std::string_view line, std::string& until) {
  std::string code;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view rest = line.substr(at);
    if (!until.empty()) {
      const std::size_t found = rest.find(until);
      if (found == std::string_view::npos) break;
      at += found + until.size() - 1;
      until.clear();
    } else if (rest.starts_with("//")) {
      break;
    } else if (rest.starts_with("/*")) {
      until = "*/";
      ++at;
    } else if (rest.starts_with("R\"") && rest.find('(') != std::string_view::npos) {
      until = ")" + std::string(rest.substr(2, rest.find('(') - 2)) + "\"";
      at += rest.find('(');
    } else if (rest.starts_with("'\"'") || rest.starts_with("'\\\"'")) {
      at += rest.find('\'', 1);
    } else if (rest[0] == '"' && !code.starts_with("#include")) {
      for (++at; at < line.size() && line[at] != '"'; ++at) at += line[at] == '\\' ? 1U : 0U;
      code += "\"\"";
    } else {
      code += rest[0];
    }
  }
  return code;
}

}  // namespace

std::vector<SourceFile> files_in(const std::vector<std::string>& places,
                                 const std::vector<std::string>& endings) {
  const fs::path root = folders::source();
  std::vector<SourceFile> files;
  for (const std::string& place : places) {
    const fs::path path = root / place;
    if (fs::is_regular_file(path)) files.push_back(read(path, root));
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && ends_in(entry.path().filename().string(), endings)) {
        files.push_back(read(entry.path(), root));
      }
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string> code_of(const SourceFile& file) {
  std::vector<std::string> code;
  std::string until;
  for (const std::string& line : file.lines) code.push_back(code_of_line(line, until));
  return code;
}

}  // namespace project
