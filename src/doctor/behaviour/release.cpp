#include <algorithm>
#include <string>

#include "doctor/ommi_release.hpp"

namespace doctor {
namespace {

constexpr std::string_view names[] = {"0.1.6", "0.1.7", "0.1.8", "0.1.9",
                                      "0.2.0", "0.2.1", "0.2.2"};

/// Reads a CREATE TABLE statement as Ommi writes it, names in quotes or not.
class Shape {
 public:
  Shape(std::string_view sql, bool quoted) : rest_(sql), quoted_(quoted) {}

  bool matches() {
    if (!take("CREATE TABLE ") || !name() || !take("(")) return false;
    std::size_t columns = 0;
    while (!take("PRIMARY KEY (")) {
      if (!column()) return false;
      ++columns;
    }
    do {
      if (!name()) return false;
    } while (take(", "));
    return columns > 0 && take("))") && rest_.empty();
  }

 private:
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool column() {
    if (!name() || !take(" ")) return false;
    return (take("INTEGER") || take("TEXT") || take("REAL")) && take(", ");
  }

  bool name() {
    if (quoted_ && !take("\"")) return false;
    const auto is_end = [this](char letter) {
      return quoted_ ? letter == '"'
                     : letter == ' ' || letter == '(' || letter == ')' || letter == ',' ||
                           letter == '"' || letter == '[' || letter == '`';
    };
    const auto end = std::find_if(rest_.begin(), rest_.end(), is_end);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(size);
    return size > 0 && (!quoted_ || take("\""));
  }

  std::string_view rest_;
  bool quoted_;
};

}  // namespace

std::string_view to_string(OmmiRelease release) noexcept {
  return names[static_cast<std::size_t>(release)];
}

std::optional<OmmiRelease> parse_ommi_release(std::string_view text) noexcept {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto* const found = std::find(std::begin(names), std::end(names), text);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<OmmiRelease>(found - std::begin(names));
}

std::vector<std::string_view> ommi_release_names() { return {std::begin(names), std::end(names)}; }

std::optional<OmmiRelease> recognise_ommi(const ommi::Schema& schema, const python::Facts& facts) {
  std::optional<OmmiRelease> found;
  for (const python::Model& model : facts.models) {
    const ommi::Table* const table = schema.find_table(model.table.name);
    if (table == nullptr) continue;
    // Tables of an older release stay as they are when a newer one makes others beside them.
    if (Shape(table->sql, true).matches()) return newest_ommi;
    if (Shape(table->sql, false).matches()) found = OmmiRelease::v0_2_1;
  }
  return found;
}

}  // namespace doctor
