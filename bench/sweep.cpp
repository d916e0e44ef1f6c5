// The sweep beside a reader of raw pages, plain SQL, and SQLite's own checks, each in a process of
// its own. Usage: bench_sweep [--rows N] [--rounds N] [--only dense|keys] [--keep FOLDER]

#include "doctor/sweep.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "ommi/sqlite.hpp"
#include "raw_reader.hpp"
#include "support.hpp"
#include "sweep_data.hpp"

extern char** environ;

namespace {

using bench::Faults;
using bench::Keys;
using bench::Relations;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(2);
}

// ---- What a child does --------------------------------------------------------------------------

Faults swept(const std::string& file, Keys keys, Relations relations, unsigned jobs,
             std::uint64_t memory) {
  ommi::Database database(ommi::sqlite::open(file));
  database.use(bench::sweep_models(keys, relations));
  doctor::SweepOptions options;
  options.jobs = jobs;
  options.memory_bytes = memory;
  const doctor::SweepResult result = doctor::sweep(database, options);
  if (!result.skipped.empty()) give_up(result.skipped.front().why);
  Faults faults;
  for (const doctor::ReferenceSweep& seen : result.references) {
    faults.dangling += seen.dangling;
    faults.nulls += seen.nulls;
  }
  return faults;
}

std::uint64_t sum_of(const std::string& file, const std::string& sql) {
  const bench::RawDatabase database = bench::open_raw(file);
  std::uint64_t sum = 0;
  const bench::RawStatement statement = bench::prepare_raw(database.get(), sql.c_str());
  while (sqlite3_step(statement.get()) == SQLITE_ROW) {
    sum += static_cast<std::uint64_t>(sqlite3_column_int64(statement.get(), 0));
  }
  return sum;
}

constexpr std::array<std::array<const char*, 3>, 6> references = {{
    {"Post", "user", "User"},
    {"Profile", "user", "User"},
    {"Comment", "post", "Post"},
    {"Comment", "user", "User"},
    {"PostTag", "post", "Post"},
    {"PostTag", "tag", "Tag"},
}};

std::string for_all_references(const std::string& form) {
  std::string sql;
  for (const auto& [table, column, target] : references) {
    if (!sql.empty()) sql += " UNION ALL ";
    sql += fmt::format(fmt::runtime(form), fmt::arg("table", table), fmt::arg("column", column),
                       fmt::arg("target", target));
  }
  return sql;
}

Faults by_grouping(const std::string& file) {
  return {sum_of(file,
                 for_all_references(
                     "SELECT CAST(total(n) AS INTEGER) FROM (SELECT {column}_id AS r, count(*) AS "
                     "n FROM {table} "
                     "WHERE {column}_id IS NOT NULL GROUP BY {column}_id) LEFT JOIN {target} AS t "
                     "ON t.id = r WHERE t.id IS NULL")),
          0};
}

Faults by_not_exists(const std::string& file) {
  return {
      sum_of(file,
             for_all_references(
                 "SELECT count(*) FROM {table} AS c WHERE c.{column}_id IS NOT NULL AND NOT EXISTS "
                 "(SELECT 1 FROM {target} AS t WHERE t.id = c.{column}_id)")),
      0};
}

Faults by_pragma(const std::string& file, const char* pragma) {
  const bench::RawDatabase database = bench::open_raw(file);
  Faults faults;
  const bench::RawStatement statement = bench::prepare_raw(database.get(), pragma);
  while (sqlite3_step(statement.get()) == SQLITE_ROW) ++faults.dangling;
  return faults;
}

Keys keys_named(const std::string& name) {
  for (const Keys keys : {Keys::dense, Keys::sparse, Keys::text, Keys::composite}) {
    if (to_string(keys) == name) return keys;
  }
  give_up("unknown keys " + name);
}

/// child CASE FILE KEYS JOBS MEMORY [SOURCE]
int do_case(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  const std::string& file = words[1];
  const Keys keys = keys_named(words[2]);
  const auto jobs = static_cast<unsigned>(std::stoul(words[3]));
  const std::uint64_t memory = std::stoull(words[4]);
  Faults faults;
  if (what == "sweep") faults = swept(file, keys, Relations::references, jobs, memory);
  if (what == "all") faults = swept(file, keys, Relations::all, jobs, memory);
  if (what == "raw") faults = bench::read_raw(file);
  if (what == "group") faults = by_grouping(file);
  if (what == "exists") faults = by_not_exists(file);
  if (what == "foreign") faults = by_pragma(file, "PRAGMA foreign_key_check");
  if (what == "make") bench::make_sweep_data(file, memory, keys);
  if (what == "declare") bench::make_declared_copy(words[5], file);
  if (what == "quick") faults = by_pragma(file, "PRAGMA quick_check");
  fmt::print("{} {}\n", faults.dangling, faults.nulls);
  return 0;
}

// ---- What the parent does -----------------------------------------------------------------------

struct Case {
  std::string name;
  std::vector<std::string> words;
  bool slow = false;     // not in every round
  bool several = false;  // it uses more than one core
  bool counts = true;    // it gives the number of dangling rows
  std::vector<double> seconds = {}, cpu = {};
  long peak_kib = 0;
};

struct Output {
  std::string text;
  double cpu;
  long peak_kib;
};

Output run_child(const std::vector<std::string>& words) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) give_up("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
  posix_spawn_file_actions_addclose(&actions, pipe[0]);
  std::vector<std::string> all = {"bench_sweep", "child"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", &actions, nullptr, arguments.data(), environ) != 0) {
    give_up("cannot start a process");
  }
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Output output{};
  std::array<char, 256> buffer{};
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    output.text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up(words[0] + " failed");
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + (static_cast<double>(time.tv_usec) * 1e-6);
  };
  output.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  output.peak_kib = usage.ru_maxrss;
  return output;
}

void run_case(Case& one, const Faults& expected) {
  const auto started = std::chrono::steady_clock::now();
  const Output output = run_child(one.words);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  const std::uint64_t dangling = std::strtoull(output.text.c_str(), nullptr, 10);
  if (one.counts && dangling != expected.dangling) {
    give_up(fmt::format("{} found {}, and {} were planted", one.name, dangling, expected.dangling));
  }
  one.seconds.push_back(took.count());
  one.cpu.push_back(output.cpu);
  one.peak_kib = std::max(one.peak_kib, output.peak_kib);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class Table {
 public:
  Table(std::vector<Case> cases, const Faults& expected, int rounds) : cases_(std::move(cases)) {
    for (Case& one : cases_) {
      if (!one.slow) run_case(one, expected);  // the page cache is warm from here on
      one.seconds.clear();
      one.cpu.clear();
    }
    for (int round = 0; round < rounds; ++round) {
      for (Case& one : cases_) {
        if (!one.slow || round == 0) run_case(one, expected);
      }
    }
  }
  void print(const std::string& title) const {
    fmt::print("\n{} (medians; ratios of each round, of CPU time unless there are 2 jobs)\n",
               title);
    for (const Case& one : cases_) {
      fmt::print("  {:<46} {:>8.3f} s  cpu {:>8.3f} s  x {:>6.2f}  peak {:>5} MiB\n", one.name,
                 median(one.seconds), median(one.cpu), ratio(one.name, cases_.front().name),
                 one.peak_kib / 1024);
    }
  }
  [[nodiscard]] const Case& operator[](const std::string& name) const {
    for (const Case& one : cases_) {
      if (one.name == name) return one;
    }
    give_up("no case " + name);
  }
  /// By CPU time where both use one core, which is not disturbed by what else runs; else by wall
  /// time.
  [[nodiscard]] double ratio(const std::string& name, const std::string& to) const {
    const Case& left = (*this)[name];
    const Case& right = (*this)[to];
    const bool by_cpu = !left.several && !right.several;
    const std::vector<double>& above = by_cpu ? left.cpu : left.seconds;
    const std::vector<double>& below = by_cpu ? right.cpu : right.seconds;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(above.size(), below.size()); ++i) {
      ratios.push_back(above[i] / below[i]);
    }
    return median(std::move(ratios));
  }
  void gate_below(const std::string& name, const std::string& to, double bound) const {
    bench::gate(fmt::format("{} / {}", name, to), ratio(name, to), bound);
  }
  void gate_faster(const std::string& name, const std::string& than, double bound) const {
    const double times = ratio(than, name);
    fmt::print("  {:<52} {:.1f}, at least {:.0f}: {}\n", fmt::format("{} / {}", than, name), times,
               bound, times >= bound ? "kept" : "NOT KEPT");
  }
  void gate_memory(const std::string& name, long mebibytes) const {
    bench::gate(fmt::format("peak of {}, MiB", name),
                static_cast<double>((*this)[name].peak_kib) / 1024, static_cast<double>(mebibytes));
  }

 private:
  std::vector<Case> cases_;
};

constexpr const char* default_memory = "268435456";

std::vector<std::string> sweep_words(const char* what, const std::string& file, Keys keys,
                                     const char* jobs, const char* memory = default_memory) {
  return {what, file, std::string(to_string(keys)), jobs, memory};
}

struct Settings {
  std::uint64_t rows = 1'000'000;
  int rounds = 5;
  std::string only;  // one of the two races; both if empty
  std::string folder;
};

void race_dense(const Settings& settings, const std::string& file, const std::string& declared,
                const Faults& planted) {
  const bool large = settings.rows > 50'000'000;
  const auto words = [&](const char* what, const char* jobs = "1") {
    return sweep_words(what, file, Keys::dense, jobs);
  };
  std::vector<Case> cases = {{"raw pages", words("raw")},
                             {"sweep", words("sweep")},
                             {"sweep, 2 jobs", words("sweep", "2"), false, true},
                             {"all sweeps", words("all")}};
  if (!large) {
    cases.push_back({"quick_check", words("quick"), false, false, false});
    cases.push_back({"GROUP BY, LEFT JOIN", words("group"), true});
    cases.push_back(
        {"foreign_key_check", sweep_words("foreign", declared, Keys::dense, "1"), true});
  }
  const Table table(std::move(cases), planted, settings.rounds);
  table.print(fmt::format("dangling references, dense keys, {} rows", settings.rows));
  table.gate_below("sweep", "raw pages", large ? 3.4 : 3.3);
  table.gate_below("sweep, 2 jobs", "raw pages", 2.2);
  table.gate_memory("sweep", 64);
  table.gate_below("all sweeps", "sweep", 4);
  table.gate_memory("all sweeps", 256);
  if (large) return;
  table.gate_below("sweep", "quick_check", 1.15);
  table.gate_faster("sweep", "GROUP BY, LEFT JOIN", 13);
  table.gate_faster("sweep", "foreign_key_check", 20);
  table.gate_faster("sweep, 2 jobs", "foreign_key_check", 30);
}

void race_keys(const Settings& settings, const std::string& dense,
               const std::map<Keys, std::string>& files, const Faults& planted) {
  std::vector<Case> cases = {{"dense", sweep_words("sweep", dense, Keys::dense, "1")}};
  for (const auto& [keys, file] : files) {
    const std::string name(to_string(keys));
    cases.push_back({name, sweep_words("sweep", file, keys, "1")});
    cases.push_back({name + ", 2 jobs", sweep_words("sweep", file, keys, "2"), false, true});
    if (keys == Keys::composite) continue;
    cases.push_back({name + ", NOT EXISTS", sweep_words("exists", file, keys, "1"), true});
  }
  cases.push_back(
      {"text in 64 MiB", sweep_words("sweep", files.at(Keys::text), Keys::text, "1", "67108864")});
  const Table table(std::move(cases), planted, settings.rounds);
  table.print(fmt::format("dangling references by their keys, {} rows", settings.rows));
  for (const auto& [keys, file] : files) {
    const std::string name(to_string(keys));
    if (keys != Keys::sparse) table.gate_below(name, "dense", 3);
    if (keys != Keys::composite) table.gate_faster(name, name + ", NOT EXISTS", 10);
    table.gate_memory(name, 256);
  }
  table.gate_memory("text in 64 MiB", 64);
}

void make(const std::string& file, std::uint64_t rows, Keys keys) {
  (void)run_child({"make", file, std::string(to_string(keys)), "1", std::to_string(rows)});
}

Settings settings_of(const std::vector<std::string>& words) {
  Settings settings;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == "--rows") {
      settings.rows = std::stoull(words[i + 1]);
    } else if (words[i] == "--rounds") {
      settings.rounds = std::stoi(words[i + 1]);
    } else if (words[i] == "--only" && (words[i + 1] == "dense" || words[i + 1] == "keys")) {
      settings.only = words[i + 1];
    } else if (words[i] == "--keep") {
      settings.folder = words[i + 1];
    } else {
      give_up("usage: bench_sweep [--rows N] [--rounds N] [--only dense|keys] [--keep FOLDER]");
    }
  }
  return settings;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() >= 6 && words[0] == "child") return do_case({words.begin() + 1, words.end()});
  const Settings settings = settings_of(words);
  const bench::Workplace workplace;
  if (!settings.folder.empty()) std::filesystem::create_directories(settings.folder);
  const auto file = [&](std::string_view name) {
    const std::string full = fmt::format("{}-{}.db", name, settings.rows);
    return settings.folder.empty() ? workplace.file(full) : settings.folder + "/" + full;
  };
  const Faults planted = bench::planted(settings.rows);
  const std::string dense = file("dense");
  const std::string declared = file("declared");
  const bool large = settings.rows > 50'000'000;
  // What makes them takes memory, and a child's peak is never told below its parent's.
  make(dense, settings.rows, Keys::dense);
  if (settings.only != "keys") {
    if (!large) (void)run_child({"declare", declared, "dense", "1", "0", dense});
    race_dense(settings, dense, declared, planted);
  }
  if (settings.only == "dense" || (large && settings.only != "keys")) return 0;
  std::map<Keys, std::string> files;
  for (const Keys keys : {Keys::sparse, Keys::text, Keys::composite}) {
    files[keys] = file(to_string(keys));
    make(files[keys], settings.rows, keys);
  }
  race_keys(settings, dense, files, planted);
  return 0;
}
