#pragma once

/// \file
/// Where a manifest's text says what: the lines of models, fields and relationships.
///
/// The text may have been written by hand or put in other lines by a formatter, so it is read as
/// JSON. What is no manifest has no lines; nothing is complained about, the text is only looked
/// things up in.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doctor::report_parts {

class Snapshot {
 public:
  explicit Snapshot(std::string_view text);

  /// The line of the model's name, or of its field or relationship; 0 where it is not there.
  [[nodiscard]] unsigned line_of(const std::string& model) const;
  [[nodiscard]] unsigned line_of(const std::string& model, const std::string& part) const;
  /// The text of a line that was found, without blanks around it.
  [[nodiscard]] std::string text_of(unsigned line) const;

 private:
  std::vector<std::string> lines_;
  std::map<std::pair<std::string, std::string>, unsigned> places_;  // a model's part is ""
};

}  // namespace doctor::report_parts
