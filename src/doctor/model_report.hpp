#pragma once

/// \file
/// A catalog for people and for diagrams: what the command `models` prints. (As a manifest, it is
/// what write_manifest gives.)

#include <string>

#include "doctor/source.hpp"

namespace doctor {

struct ModelReportOptions {
  bool color = false;
  unsigned width = 100;
};

/// Models with their keys and references, relationships, and suggestions with what speaks against
/// them.
[[nodiscard]] std::string models_as_text(const SourcedCatalog& sources,
                                         const ModelReportOptions& options);

/// A Mermaid `erDiagram`. Names that Mermaid does not take as identifiers are given as labels.
[[nodiscard]] std::string models_as_mermaid(const SourcedCatalog& sources);

}  // namespace doctor
