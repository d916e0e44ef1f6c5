#pragma once

/// \file
/// The changes of sources that findings propose: which of them go together, what a text is with
/// them, and how they look as a patch. Nothing here opens a file.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.hpp"

namespace doctor {

/// A change that cannot be made, and why.
struct LeftOut {
  std::string file;
  unsigned line = 0;
  std::string code;  // of the finding
  std::string why;
};

/// A change and the finding that proposes it.
struct Planned {
  TextEdit edit;
  const Finding* finding = nullptr;
};

struct EditPlan {
  std::map<std::string, std::vector<Planned>> files;  // by line; none touches another
  std::vector<LeftOut> left_out;
};

/// The changes that open findings propose first. Where two would change one line the first finding
/// has its way; of the other then nothing is changed.
[[nodiscard]] EditPlan plan_edits(const std::vector<Finding>& findings);

/// A text in lines as a file has them: line ends belong to their lines.
[[nodiscard]] std::vector<std::string_view> file_lines(std::string_view text);

/// What keeps `edits` from being made in `text`: lines that are not what was read. Nothing if they
/// can be.
[[nodiscard]] std::vector<LeftOut> misfits(std::string_view text, std::span<const Planned> edits);

/// `text` with the edits, which fit. New lines end as those do that they replace; what has no end
/// at the end of the file has none afterwards.
[[nodiscard]] std::string edited(std::string_view text, std::span<const Planned> edits);

/// The same as a patch in Git's format, with three lines around each change. `name` is the file's
/// from the folder where the patch is applied.
[[nodiscard]] std::string patch_of(std::string_view name, std::string_view text,
                                   std::span<const Planned> edits);

}  // namespace doctor
