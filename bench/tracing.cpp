// What tracing costs: the same traversal of a whole database untraced, kept in memory, and as
// NDJSON in a file. A load tells three events: its query, its rows, and that it is done. A whole
// database is loaded in groups; one statement an owner is the most that can be told.

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "ommi/sqlite.hpp"
#include "ommi/tracers.hpp"
#include "support.hpp"

namespace {

class Recorder final : public ommi::Tracer {
 public:
  void on(const ommi::Event& event) override {
    seen.push_back({event.kind, event.at_ns, event.duration_ns, event.call, event.load, event.rows,
                    event.owners});
  }
  struct Kept {
    ommi::EventKind kind;
    std::int64_t at_ns;
    std::int64_t duration_ns;
    std::uint64_t call;
    std::uint64_t load;
    std::uint64_t rows;
    std::uint64_t owners;
  };
  std::vector<Kept> seen;
};

std::uint64_t walk(const ommi::Database& database, std::size_t window) {
  std::uint64_t rows = 0;
  for (const ommi::Model& model : database.catalog().models()) {
    const auto read =
        database.find(model.name()).stream(window, [&](const ommi::RecordList& owners) {
          for (const ommi::Relation& relation : model.relations) {
            for (const ommi::Record owner : owners) {
              if (const auto related = owner.related(relation)) rows += related.value().size();
            }
          }
          return true;
        });
    rows += read.or_raise();
  }
  return rows;
}

std::uint64_t in_memory(const ommi::Database& database, Recorder& recorder, std::size_t window) {
  recorder.seen.clear();  // what holds the events is not made anew for each run
  database.set_tracer(&recorder);
  const std::uint64_t rows = walk(database, window);
  database.set_tracer(nullptr);
  return rows;
}

std::uint64_t as_ndjson(const ommi::Database& database, const std::string& file,
                        std::size_t window) {
  std::ofstream out(file, std::ios::binary);
  ommi::JsonLines tracer(out);
  database.set_tracer(&tracer);
  const std::uint64_t rows = walk(database, window);
  database.set_tracer(nullptr);
  if (!tracer.flush()) std::abort();
  return rows;
}

void compare(const ommi::Database& database, const std::string& events, const std::string& title) {
  constexpr std::size_t window = 1000;
  Recorder recorder;
  const auto ratios = bench::race(
      title, {{"untraced", [&] { return walk(database, window); }},
              {"kept in memory", [&] { return in_memory(database, recorder, window); }},
              {"NDJSON to a file", [&] { return as_ndjson(database, events, window); }}});
  bench::gate("kept in memory", ratios[1], 1.08);
  bench::gate("NDJSON to a file", ratios[2], 1.15);
  ommi::Counter counter;
  database.set_tracer(&counter);
  walk(database, window);
  database.set_tracer(nullptr);
  fmt::print("  {} loads by {} driver calls; {:.1f} MB of NDJSON\n", counter.all().lazy_loads,
             counter.all().calls, static_cast<double>(std::filesystem::file_size(events)) / 1e6);
}

}  // namespace

int main() {
  const bench::Workplace place;
  const std::string file = place.file("trace.db");
  bench::make_blog(file, 20000, 100000);
  ommi::Database database(ommi::sqlite::open(file));
  database.use(bench::blog_models());
  compare(database, place.file("events.ndjson"),
          "every row of every relationship, groups of 1,000");
  database.set_fetch(ommi::Fetch::one);
  compare(database, place.file("events.ndjson"), "the same, one statement an owner");
}
