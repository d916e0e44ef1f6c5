#include "cli/source_changes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/settings_file.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

using doctor::LeftOut;
using doctor::Planned;

/// Takes a source out of the changes, and says why for each finding.
void leave_out(std::vector<LeftOut>& left_out, const ChangedSource& source,
               const std::string& why) {
  for (const Planned& one : source.edits)
    left_out.push_back({source.file, one.edit.line, one.finding->code, why});
}

/// Keeps the sources for which `why_not` has no answer.
template <class WhyNot>
void keep(SourceChanges& changes, WhyNot&& why_not) {
  std::erase_if(changes.sources, [&](const ChangedSource& source) {
    const std::string why = why_not(source);
    if (!why.empty()) leave_out(changes.left_out, source, why);
    return !why.empty();
  });
}

/// The folder that a path of models means: of a pattern, what stands before it.
fs::path folder_of(const std::string& models) {
  const std::string plain = models.substr(0, models.find_first_of("*?["));
  std::error_code error;
  fs::path folder = plain.empty() ? "." : plain;
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  return fs::canonical(folder.empty() ? "." : folder, error);
}

bool is_below(const fs::path& file, const fs::path& folder) {
  if (folder.empty()) return false;
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
         folder.end();
}

std::string error_text() { return std::strerror(errno); }

/// A descriptor that is closed with its owner.
struct Descriptor {
  int number = -1;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Why a file cannot have `text` instead of what it holds; empty where it has. Another file takes
/// its place, so that nobody ever sees half of it.
std::string replace(const fs::path& file, std::string_view text) {
  struct stat before {};
  if (::stat(file.c_str(), &before) != 0) return error_text();
  if (before.st_nlink > 1) return "it has several names (hard links)";
  if (::access(file.c_str(), W_OK) != 0) return error_text();
  std::string beside = (file.parent_path() / ("." + file.filename().string() + ".XXXXXX")).string();
  const Descriptor made(::mkostemp(beside.data(), O_CLOEXEC));
  if (made.number < 0) return error_text();
  const bool same_owner = before.st_uid == ::geteuid() && before.st_gid == ::getegid();
  const bool written = (same_owner || ::fchown(made.number, before.st_uid, before.st_gid) == 0) &&
                       ::fchmod(made.number, before.st_mode & 07777U) == 0 &&
                       write_all(made.number, text) && ::fsync(made.number) == 0 &&
                       ::rename(beside.c_str(), file.c_str()) == 0;
  if (!written) {
    const std::string why = error_text();
    ::unlink(beside.c_str());
    return why;
  }
  const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number >= 0) static_cast<void>(::fsync(folder.number));
  return {};
}

}  // namespace

SourceChanges read_sources(doctor::EditPlan plan) {
  SourceChanges changes{{}, std::move(plan.left_out)};
  std::set<const doctor::Finding*> misfits;
  for (auto& [file, edits] : plan.files) {
    ChangedSource source{file, {}, std::move(edits)};
    auto text = contents_of(file);
    if (!text) {
      leave_out(changes.left_out, source, "the file cannot be read");
      for (const Planned& one : source.edits) misfits.insert(one.finding);
      continue;
    }
    source.text = std::move(*text);
    for (LeftOut& one : doctor::misfits(source.text, source.edits)) {
      for (const Planned& planned : source.edits) {
        if (planned.edit.line == one.line && planned.finding->code == one.code)
          misfits.insert(planned.finding);
      }
      changes.left_out.push_back(std::move(one));
    }
    changes.sources.push_back(std::move(source));
  }
  // A finding's changes are made together.
  for (ChangedSource& source : changes.sources) {
    std::erase_if(source.edits, [&](const Planned& one) { return misfits.count(one.finding) > 0; });
  }
  std::erase_if(changes.sources, [](const ChangedSource& source) { return source.edits.empty(); });
  return changes;
}

std::string patch_of(SourceChanges& changes, const std::string& top) {
  std::error_code error;
  const fs::path folder = fs::canonical(top, error);
  const auto name_of = [&](const ChangedSource& source) {
    const fs::path place = fs::canonical(fs::path(source.file).parent_path() / ".", error);
    return is_below(place, folder)
               ? (place / fs::path(source.file).filename()).lexically_relative(folder).string()
               : std::string();
  };
  keep(changes, [&](const ChangedSource& source) {
    return name_of(source).empty() ? "it is not below " + folder.string() : std::string();
  });
  std::string patch;
  for (const ChangedSource& source : changes.sources)
    patch += doctor::patch_of(name_of(source), source.text, source.edits);
  return patch;
}

void leave_out_foreign(SourceChanges& changes, const std::vector<std::string>& models,
                       const std::vector<std::string>& read) {
  keep(changes, [&](const ChangedSource& source) -> std::string {
    if (std::find(read.begin(), read.end(), source.file) == read.end())
      return "it was not given with --models";
    std::error_code error;
    const fs::path real = fs::canonical(source.file, error);
    const bool below = std::any_of(models.begin(), models.end(), [&](const std::string& path) {
      return is_below(real, folder_of(path));
    });
    return below ? "" : "it is a link to " + real.string() + ", which is not below the models";
  });
}

void write_sources(SourceChanges& changes) {
  keep(changes, [](const ChangedSource& source) {
    std::error_code error;
    // Of a link what it leads to is written, and it stays a link.
    const fs::path real = fs::canonical(source.file, error);
    if (error) return error.message();
    if (contents_of(real.string()) != source.text) return std::string("it was changed meanwhile");
    return replace(real, doctor::edited(source.text, source.edits));
  });
}

}  // namespace cli
