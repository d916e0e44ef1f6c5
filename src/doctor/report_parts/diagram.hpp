#pragma once

/// \file
/// Models and relationships as boxes and arrows, marked by what was found; and that as SVG.
///
/// Both directions of a relationship are one arrow, from the model that refers to the one that is
/// referred to. Of many models, only those with findings and their neighbours are drawn.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "doctor/diagnosis.hpp"
#include "doctor/report_parts/layered_layout.hpp"

namespace doctor::report_parts {

enum class Mark : std::uint8_t { sound, unchecked, remark, warning, failing };
[[nodiscard]] std::string_view to_string(Mark mark) noexcept;

struct DiagramNode {
  const ommi::Model* model = nullptr;
  Mark mark = Mark::sound;
  std::string state;                 // "2 errors, 1 warning", "sound"
  std::optional<std::size_t> shows;  // the number of the finding to go to
};

struct DiagramEdge {
  std::size_t from = 0;  // nodes
  std::size_t to = 0;
  std::string label;               // the field that refers, or the relationship that does
  std::vector<std::string> lines;  // of each relationship: name, kind, verdict
  Mark mark = Mark::sound;
  std::optional<std::size_t> shows;
};

struct Diagram {
  std::vector<DiagramNode> nodes;
  std::vector<DiagramEdge> edges;
  std::size_t left_out = 0;  // models
};

inline constexpr std::size_t most_drawn = 60;

[[nodiscard]] Diagram diagram_of(const Diagnosis& diagnosis, std::size_t most = most_drawn);

/// An `svg` element; its colours are classes of the page's style. Findings are the page's elements
/// `finding-1` …
/// A picture up to this wide is shrunk to the page; a wider one could not be read, so it scrolls.
inline constexpr double widest_shrunk = 1500;

struct Picture {
  std::string svg;  // empty where there is nothing to draw
  double width = 0;
};
[[nodiscard]] Picture picture_of(const Diagram& diagram);

}  // namespace doctor::report_parts
