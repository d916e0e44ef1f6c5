#pragma once

/// \file
/// The user's own sources with what findings propose: as a patch, or written. The one place of the
/// program that changes a file which it did not make.

#include <string>
#include <vector>

#include "doctor/edits.hpp"

namespace cli {

/// A source that is to be changed.
struct ChangedSource {
  std::string file;
  std::string text;  // as it is
  std::vector<doctor::Planned> edits;
};

struct SourceChanges {
  std::vector<ChangedSource> sources;
  std::vector<doctor::LeftOut> left_out;  // what is not in `sources`
};

/// Reads the files of a plan. A finding of which some lines are not there any more is left out.
[[nodiscard]] SourceChanges read_sources(doctor::EditPlan plan);

/// All changes as one patch, whose names are those from `top`, a folder. Files that are not below
/// it are left out.
[[nodiscard]] std::string patch_of(SourceChanges& changes, const std::string& top);

/// Leaves out what must not be written: files that are none of `read` (those that the models were
/// read from), and links out of the folders that `models` name.
void leave_out_foreign(SourceChanges& changes, const std::vector<std::string>& models,
                       const std::vector<std::string>& read);

/// Writes the changes, each file at once or not at all; what could not be written is left out
/// afterwards.
void write_sources(SourceChanges& changes);

}  // namespace cli
