#pragma once

/// \file
/// Parts of a SARIF 2.1.0 log: the rules, the results, and what is said of the run itself.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "doctor/report.hpp"
#include "doctor/report_parts/locations.hpp"
#include "doctor/report_parts/phrases.hpp"

namespace doctor {
struct Rule;
}

namespace doctor::report_parts {

/// The rules of a log: all of the catalogue, then those that only findings know of.
class SarifRules {
 public:
  explicit SarifRules(const Diagnosis& diagnosis);
  [[nodiscard]] nlohmann::ordered_json json() const;
  [[nodiscard]] std::size_t index_of(std::string_view code) const;

 private:
  struct Entry {
    std::string_view code;
    std::string_view name;
    Level level;
    const Rule* rule;  // null where the catalogue does not have it
  };
  void add(const Entry& entry);

  std::vector<Entry> entries_;
  std::map<std::string_view, std::size_t> indexes_;
};

/// What all results of a log share.
struct SarifContext {
  const Diagnosis& diagnosis;
  const ReportOptions& options;
  Locations locations;
  Disclosure disclosure;
  SarifRules rules;
};

[[nodiscard]] nlohmann::ordered_json sarif_results(const SarifContext& context);
/// One invocation, with a notification for all that was not looked at.
[[nodiscard]] nlohmann::ordered_json sarif_invocation(const SarifContext& context);
/// The kinds of notification.
[[nodiscard]] nlohmann::ordered_json sarif_notification_rules();

[[nodiscard]] std::string_view sarif_level(Level level) noexcept;
/// `text` with a full stop, as SARIF wants it. What it begins with may be a name, and stays.
[[nodiscard]] std::string stopped(std::string_view text);

}  // namespace doctor::report_parts
