#pragma once

/// \file
/// Where a finding is shown to a build system, which knows files and lines and nothing else.
///
/// In this order: the place that the finding names; the place of the relationship, field or model
/// that it is about, as its source gives it; the line of the same in the snapshot of the models;
/// the first line of the database file.

#include <string>
#include <string_view>

#include "doctor/report.hpp"
#include "doctor/report_parts/snapshot.hpp"

namespace doctor::report_parts {

struct Location {
  std::string file;  // relative, with '/', as it is
  unsigned line = 1;
  std::string text;  // of that line, where it is known
};

class Locations {
 public:
  Locations(const Diagnosis& diagnosis, const ReportOptions& options);

  [[nodiscard]] Location of(const Finding& finding) const;
  [[nodiscard]] Location of(const ommi::Relation& relation) const;
  [[nodiscard]] Location of_database() const;
  /// `path` as a build system is to be told it.
  [[nodiscard]] std::string relative(std::string_view path) const;

 private:
  [[nodiscard]] Location at(const ommi::Place& place) const;
  [[nodiscard]] ommi::Place declared(const Subject& subject) const;
  [[nodiscard]] unsigned snapshot_line(const Subject& subject) const;

  const Diagnosis& diagnosis_;
  const ReportOptions& options_;
  Snapshot snapshot_;
};

/// A relative path as a URI reference: all but letters, digits and -._~/ percent-encoded.
[[nodiscard]] std::string uri_of(std::string_view path);

}  // namespace doctor::report_parts
