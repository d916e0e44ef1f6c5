// The arrows of ARCHITECTURE.md, held on every #include, and its four absences.

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "project/sources.hpp"
#include "support/folders.hpp"

namespace project {
namespace {

struct Layer {
  std::string_view name;
  std::vector<std::string_view> files;  // the longest one that a path begins with decides
  std::vector<std::string_view> may_include;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> all = {
      {"value",
       {"include/ommi/value.hpp", "include/ommi/error.hpp", "include/ommi/key.hpp",
        "include/ommi/malformation.hpp", "src/ommi/value/"},
       {}},
      {"model", {"include/ommi/model.hpp", "src/ommi/model/"}, {"value"}},
      {"query", {"include/ommi/query.hpp", "src/ommi/query/"}, {"value", "model"}},
      {"sql", {"include/ommi/sql.hpp", "src/ommi/sql/"}, {"value", "model", "query"}},
      {"driver",
       {"include/ommi/driver.hpp", "include/ommi/schema.hpp", "include/ommi/trace.hpp",
        "include/ommi/tracers.hpp", "include/ommi/spdlog.hpp", "src/ommi/driver/",
        "src/ommi/schema/", "src/ommi/trace/"},
       {"value", "model", "query"}},
      {"drivers",
       {"include/ommi/sqlite.hpp", "include/ommi/memory.hpp", "include/ommi/wire.hpp",
        "include/ommi/faulty.hpp", "src/ommi/drivers/"},
       {"value", "model", "query", "sql", "driver"}},
      {"kept", {"include/ommi/kept.hpp", "src/ommi/kept/"}, {"value", "model", "query", "driver"}},
      {"boundary",
       {"include/ommi/result.hpp", "include/ommi/record.hpp", "include/ommi/database.hpp",
        "include/ommi/transaction.hpp", "src/ommi/engine/", "src/ommi/boundary/"},
       {"value", "model", "query", "driver"}},
      {"evolution",
       {"include/ommi/evolution.hpp", "src/ommi/evolution/"},
       {"value", "model", "driver", "boundary"}},
      {"typed",
       {"include/ommi/column_type.hpp", "include/ommi/condition.hpp", "include/ommi/describe.hpp",
        "include/ommi/lazy.hpp", "include/ommi/marks.hpp", "include/ommi/pages.hpp",
        "include/ommi/related.hpp", "include/ommi/typed.hpp", "src/ommi/typed/"},
       {"value", "model", "query", "driver", "boundary"}},
      {"umbrella",
       {"include/ommi/ommi.hpp"},
       {"value", "model", "query", "sql", "driver", "drivers", "boundary", "evolution", "typed"}},
      {"finding", {"src/doctor/finding"}, {"value", "model"}},
      {"python facts", {"src/doctor/python_facts"}, {}},
      {"behaviour",
       {"src/doctor/ommi_release.hpp", "src/doctor/ommi_behaviour.hpp", "src/doctor/behaviour/"},
       {"value", "model", "driver", "python facts"}},
      {"evidence",
       {"src/doctor/evidence", "src/doctor/sweep/comparing"},
       {"value", "model", "driver", "finding", "python facts", "behaviour"}},
      {"rules",
       {"src/doctor/rule", "src/doctor/proof", "src/doctor/selection", "src/doctor/wording",
        "src/doctor/enforcement", "src/doctor/lazy_findings", "src/doctor/malformed",
        "src/doctor/ommi_code", "src/doctor/ommi_uses", "src/doctor/model_problems",
        "src/doctor/searches", "src/doctor/statements"},
       {"value", "model", "sql", "driver", "finding", "evidence", "python facts", "behaviour"}},
      {"sources",
       {"src/doctor/source.hpp", "src/doctor/sources/"},
       {"value", "model", "query", "sql", "driver", "boundary", "python facts", "behaviour"}},
      {"sweep",
       {"src/doctor/sweep.hpp", "src/doctor/sweep/"},
       {"value", "model", "query", "sql", "driver", "boundary", "finding", "evidence"}},
      {"traversal",
       {"src/doctor/traversal.hpp", "src/doctor/traverse/"},
       {"value", "model", "query", "sql", "driver", "kept", "boundary", "finding", "evidence",
        "sweep", "python facts", "behaviour"}},
      {"custom",
       {"src/doctor/custom"},
       {"value", "model", "query", "driver", "boundary", "finding", "evidence", "sweep",
        "traversal"}},
      {"settings",
       {"src/doctor/settings"},
       {"value", "model", "boundary", "finding", "evidence", "rules", "custom", "behaviour"}},
      {"diagnosis",
       {"src/doctor/"},
       {"value", "model", "query", "sql", "driver", "boundary", "finding", "evidence", "rules",
        "sources", "sweep", "traversal", "custom", "python facts", "behaviour"}},
      {"judging",
       {"src/doctor/judging"},
       {"value", "model", "boundary", "finding", "evidence", "rules", "custom", "settings",
        "diagnosis"}},
      {"report",
       {"src/doctor/report", "src/doctor/model"},
       {"value", "model", "finding", "evidence", "rules", "sources", "sweep", "traversal",
        "diagnosis", "behaviour"}},
      {"edits", {"src/doctor/edits"}, {"finding"}},
      {"exceptions",
       {"src/doctor/exceptions"},
       {"finding", "evidence", "rules", "python facts", "diagnosis", "report"}},
      {"cli",
       {"src/cli/"},
       {"value",     "model",   "query",   "driver",       "drivers",   "boundary",   "finding",
        "evidence",  "rules",   "sources", "sweep",        "traversal", "custom",     "settings",
        "diagnosis", "judging", "report",  "python facts", "edits",     "exceptions", "behaviour"}},
  };
  return all;
}

const Layer* layer_of(std::string_view path) {
  const Layer* best = nullptr;
  std::size_t length = 0;
  for (const Layer& layer : layers()) {
    for (const std::string_view prefix : layer.files) {
      if (path.starts_with(prefix) && prefix.size() > length) {
        best = &layer;
        length = prefix.size();
      }
    }
  }
  return best;
}

/// The path of one of our own files that `name`, written in quotes, stands for.
std::string resolve(const std::string& name) {
  for (const char* folder : {"include/", "src/", "src/ommi/"}) {
    if (std::filesystem::exists(std::filesystem::path(folders::source()) / folder / name)) {
      return folder + name;
    }
  }
  return {};
}

struct Include {
  std::string from;
  std::string to;  // empty: not found
  std::string written;
};

std::vector<SourceFile> sources() { return files_in({"include", "src"}, {".hpp", ".cpp"}); }

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex quoted(R"re(^\s*#\s*include\s+"([^"]+)")re");
  std::vector<Include> found;
  for (const std::string& line : code_of(file)) {
    std::smatch match;
    if (std::regex_search(line, match, quoted)) {
      found.push_back({file.path, resolve(match[1]), match[1]});
    }
  }
  return found;
}

/// Everything that `path` includes, directly or not.
std::set<std::string> reached_from(const std::string& path,
                                   const std::map<std::string, std::vector<Include>>& graph) {
  std::set<std::string> reached;
  std::vector<std::string> open = {path};
  while (!open.empty()) {
    const std::string current = open.back();
    open.pop_back();
    const auto found = graph.find(current);
    if (found == graph.end()) continue;
    for (const Include& include : found->second) {
      if (reached.insert(include.to).second) open.push_back(include.to);
    }
  }
  return reached;
}

std::map<std::string, std::vector<Include>> include_graph() {
  std::map<std::string, std::vector<Include>> graph;
  for (const SourceFile& file : sources()) graph[file.path] = includes_of(file);
  return graph;
}

void check_unreachable(std::string_view layer, const std::set<std::string>& forbidden) {
  const auto graph = include_graph();
  for (const auto& [path, includes] : graph) {
    if (layer_of(path)->name != layer) continue;
    const std::set<std::string> reached = reached_from(path, graph);
    for (const std::string& header : forbidden) {
      INFO(path << " reaches " << header);
      CHECK(reached.count(header) == 0);
    }
  }
}

}  // namespace

TEST_CASE("every source file has a layer, and every layer files") {
  std::set<std::string_view> seen;
  for (const SourceFile& file : sources()) {
    INFO(file.path);
    const Layer* layer = layer_of(file.path);
    REQUIRE(layer != nullptr);
    seen.insert(layer->name);
  }
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    CHECK(seen.count(layer.name) == 1);
  }
}

TEST_CASE("includes follow the arrows") {
  for (const SourceFile& file : sources()) {
    const Layer* from = layer_of(file.path);
    REQUIRE(from != nullptr);
    for (const Include& include : includes_of(file)) {
      INFO(file.path << " includes " << include.written);
      REQUIRE_FALSE(include.to.empty());
      const Layer* to = layer_of(include.to);
      REQUIRE(to != nullptr);
      const bool allowed = to == from || std::count(from->may_include.begin(),
                                                    from->may_include.end(), to->name) > 0;
      CHECK(allowed);
    }
  }
}

TEST_CASE("no driver can name a result") {
  for (const char* layer : {"drivers", "kept"}) {
    check_unreachable(
        layer, {"include/ommi/result.hpp", "include/ommi/record.hpp", "include/ommi/database.hpp"});
  }
}

TEST_CASE("no rule can touch a database") {
  check_unreachable(
      "rules", {"include/ommi/database.hpp", "include/ommi/record.hpp", "include/ommi/sqlite.hpp",
                "src/doctor/sweep.hpp", "src/doctor/traversal.hpp"});
}

TEST_CASE("the doctor never writes") {
  static const std::regex writing(
      R"(\b(open_writable|apply_schema|drop_schema|all_rows|TransactionOptions)\b)"
      R"(|\b\w*([Dd]atabase|[Dd]river|[Ss]ession)\w*(\(\))?(\.|->))"
      R"((add|update|remove|begin|commit|transaction|savepoint|apply)\()"
      R"(|\)\.(update|remove)\()");
  CHECK(std::regex_search("  if (!database.begin()) return;", writing));
  CHECK(std::regex_search("  source_.database().add(model, row);", writing));
  CHECK(std::regex_search("  find(name).where(condition).remove();", writing));
  CHECK(std::regex_search("  driver->apply(step);", writing));
  CHECK_FALSE(std::regex_search("  findings.add(std::move(subject));", writing));
  for (const SourceFile& file : files_in({"src/doctor", "src/cli"}, {".hpp", ".cpp"})) {
    std::size_t number = 0;
    for (const std::string& line : code_of(file)) {
      INFO(file.path << ":" << ++number << ": " << line);
      CHECK_FALSE(std::regex_search(line, writing));
    }
  }
  for (const auto& [path, includes] : include_graph()) {
    if (!path.starts_with("src/doctor/") && !path.starts_with("src/cli/")) continue;
    for (const Include& include : includes) {
      INFO(path << " includes " << include.written);
      CHECK(layer_of(include.to)->name != "evolution");
    }
  }
}

TEST_CASE("files are written in few places, and the user's own in one") {
  static const std::regex writing(
      R"(\b(ofstream|fopen|freopen|mkstemp|mkostemp|creat|O_WRONLY|O_RDWR|O_CREAT|fchmod|resize_file)\b)"
      R"(|::(rename|unlink|truncate)\()");
  CHECK(std::regex_search("  std::ofstream(file) << text;", writing));
  CHECK(std::regex_search("  if (::rename(from, to) != 0) return;", writing));
  const std::set<std::string> writers = {
      "src/cli/database_run.cpp",    // documents and logs that the command line names
      "src/cli/run.cpp",             // only looks whether a file is there
      "src/cli/file_hash.cpp",       // only reads
      "src/cli/source_changes.cpp",  // sources, by check --apply
  };
  for (const SourceFile& file : files_in({"src/doctor", "src/cli"}, {".hpp", ".cpp"})) {
    if (writers.count(file.path) > 0) continue;
    std::size_t number = 0;
    for (const std::string& line : code_of(file)) {
      INFO(file.path << ":" << ++number << ": " << line);
      CHECK_FALSE(std::regex_search(line, writing));
    }
  }
}

TEST_CASE("nothing below the command line writes to the terminal") {
  static const std::regex writes(
      R"(\b(cout|cerr|clog|stdout|stderr|STDOUT_FILENO|STDERR_FILENO|f?printf|puts|putchar|perror)\b|fmt::print\()");
  static const std::regex logs(R"(\bspdlog\b)");
  // The tracer for spdlog knows the logger that it is handed, and makes none.
  static const std::regex makes(R"(\bspdlog::(?!logger\b|level\b))");
  const std::set<std::string> tracer = {"include/ommi/spdlog.hpp", "src/ommi/trace/spdlog.cpp"};
  for (const SourceFile& file : sources()) {
    if (layer_of(file.path)->name == "cli") continue;
    std::size_t number = 0;
    for (const std::string& line : code_of(file)) {
      INFO(file.path << ":" << ++number << ": " << line);
      CHECK_FALSE(std::regex_search(line, writes));
      CHECK_FALSE(std::regex_search(line, tracer.contains(file.path) ? makes : logs));
    }
  }
}

TEST_CASE("no test is named so that it would not run") {
  // CMake cuts a name at a semicolon, and the test program finds no test of half a name.
  static const std::regex cut(R"re(TEST_CASE\("[^"]*;)re");
  for (const SourceFile& file : files_in({"tests"}, {".cpp"})) {
    for (const std::string& line : file.lines) {
      INFO(line);
      CHECK_FALSE(std::regex_search(line, cut));
    }
  }
}

TEST_CASE("source files stay short") {
  for (const SourceFile& file : files_in({"include", "src", "tests"}, {".hpp", ".cpp", ".py"})) {
    INFO(file.path << " has " << file.lines.size() << " lines");
    CHECK(file.lines.size() <= 500);
  }
}

TEST_CASE("no file names a folder of somebody's machine") {
  static const std::regex place(R"((^|[^\w./}-])/(home|root|Users|work)/\w)");
  const std::vector<std::string> everything = {
      "include",          "src",        "tests",        "docs",
      "scripts",          "cmake",      "bench",        "fuzz",
      "examples",         ".ci",        "README.md",    "ARCHITECTURE.md",
      "LICENSE",          "vcpkg.json", "CHANGELOG.md", "CMakeLists.txt",
      "CMakePresets.json"};
  for (const SourceFile& file : files_in(everything, {})) {
    for (const std::string& line : file.lines) {
      INFO(file.path << ": " << line);
      CHECK_FALSE(std::regex_search(line, place));
    }
  }
}

}  // namespace project
