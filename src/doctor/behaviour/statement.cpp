#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

/// Names are in quotes since 0.2.2.
class Names {
 public:
  explicit Names(OmmiRelease release) : quoted_(release >= OmmiRelease::v0_2_2) {}

  [[nodiscard]] std::string table(const ommi::Model& model) const {
    return name(model.info.table());
  }
  [[nodiscard]] std::string column(const ommi::Model& model, std::size_t field) const {
    return fmt::format("{}.{}", table(model), name(model.fields()[field].column()));
  }

 private:
  [[nodiscard]] std::string name(const std::string& name) const {
    return quoted_ ? '"' + name + '"' : name;
  }
  bool quoted_;
};

std::string join_of(const OmmiLoad& load, const Names& names) {
  std::string text = fmt::format(" JOIN {} ON ", names.table(*load.via));
  for (std::size_t at = 0; at < load.links.size(); ++at) {
    text += fmt::format("{}{} = {}", at == 0 ? "" : " AND ",
                        names.column(*load.via, load.links[at].field),
                        names.column(*load.target, load.links[at].owner_field));
  }
  return text;
}

/// `right` gives what stands to the right of a condition's column: " = ?".
template <class Right>
std::string text_of(const OmmiLoad& load, OmmiRelease release, const Right& right) {
  const Names names(release);
  std::string text = fmt::format("SELECT * FROM {}", names.table(*load.target));
  if (load.via != nullptr) text += join_of(load, names);
  const ommi::Model& asked = load.via != nullptr ? *load.via : *load.target;
  for (std::size_t at = 0; at < load.conditions.size(); ++at) {
    text += fmt::format("{}{}{}", at == 0 ? " WHERE " : " AND ",
                        names.column(asked, load.conditions[at].field), right(at));
  }
  return text;
}

std::string_view limit_of(const OmmiLoad& load) { return load.many ? " LIMIT 100;" : " LIMIT 1;"; }

}  // namespace

bool is_pasted(std::string_view text, OmmiRelease release) noexcept {
  return release >= OmmiRelease::v0_2_2 && (text == "NULL" || text == "IS" || text == "IS NOT");
}

bool null_matches_null(OmmiRelease release) noexcept { return release >= OmmiRelease::v0_2_2; }

OmmiStatement statement_of(const OmmiLoad& load, const std::vector<ommi::Value>& values,
                           OmmiRelease release, bool whole) {
  OmmiStatement statement;
  statement.text = text_of(load, release, [&](std::size_t at) -> std::string {
    const ommi::Value& value = values[at];
    if (value.is_null() && null_matches_null(release)) return " IS NULL";
    if (value.kind() == ommi::Kind::text && is_pasted(value.as<std::string>(), release))
      return " = " + value.as<std::string>();
    statement.values.push_back(value);
    return " = ?";
  });
  if (!load.many || !whole) statement.text += limit_of(load);
  return statement;
}

std::string statement_of(const OmmiLoad& load, OmmiRelease release) {
  if (load.end != OmmiEnd::query) return {};
  const auto right = [](std::size_t) { return std::string_view(" = ?"); };
  return text_of(load, release, right) + std::string(limit_of(load));
}

std::string_view seen_by_application(OmmiRelease release) noexcept {
  if (release >= OmmiRelease::v0_2_2) {
    return "DBStatusNoResultException: DBResult.DBFailure does not wrap a result, it only contains "
           "an exception";
  }
  if (release >= OmmiRelease::v0_2_0)
    return "DBStatusNoResultException: DBResult does not wrap a result";
  return "RuntimeError: Cannot access value of a failed result";
}

std::string_view nothing_found(OmmiRelease release) noexcept {
  return release >= OmmiRelease::v0_2_0 ? "ValueError: N`o results to return"
                                        : "an exception: there is no row";
}

}  // namespace doctor
