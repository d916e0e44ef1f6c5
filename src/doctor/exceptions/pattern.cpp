/// \file
/// Compares exceptions with the catalogue.

#include <algorithm>

#include "doctor/exceptions.hpp"

namespace doctor::exceptions {
namespace {

constexpr std::size_t longest_capture = 200;

/// Calls `each(part)` for the parts of `text` between separators.
template <class Each>
void split(std::string_view text, char separator, Each&& each) {
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    if (!part.empty()) each(part);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool names(std::string_view list, std::string_view name) noexcept {
  bool found = false;
  split(list, ' ', [&](std::string_view one) { found = found || one == name; });
  return found;
}

struct Fit {
  std::size_t letters = 0;  // of the pattern that were found
  std::vector<Capture> captures;
};

/// The rest of a pattern, which begins with a {word} or is empty, at `at` of a message.
bool fit_rest(std::string_view pattern, std::string_view message, std::size_t at, Fit& fit) {
  while (!pattern.empty()) {
    const std::size_t close = pattern.find('}');
    const std::string_view word = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    const std::string_view literal = pattern.substr(0, pattern.find('{'));
    pattern.remove_prefix(literal.size());
    const std::string_view line = message.substr(at, message.find('\n', at) - at);
    const std::size_t end = literal.empty() ? line.size() : line.find(literal);
    if (end == std::string_view::npos) return false;
    fit.captures.push_back({word, std::string(line.substr(0, std::min(end, longest_capture)))});
    fit.letters += literal.size();
    at += end + literal.size();
  }
  return true;
}

/// A pattern such as "no such table: {table}" anywhere in a message.
std::optional<Fit> fit(std::string_view pattern, std::string_view message) {
  const std::string_view literal = pattern.substr(0, pattern.find('{'));
  constexpr int most_tries = 8;
  std::size_t from = 0;
  for (int tries = 0; tries < most_tries; ++tries) {
    const std::size_t at = message.find(literal, from);
    if (at == std::string_view::npos) return std::nullopt;
    Fit found;
    found.letters = literal.size();
    if (fit_rest(pattern.substr(literal.size()), message, at + literal.size(), found)) return found;
    from = at + 1;
  }
  return std::nullopt;
}

std::optional<Fit> best_fit(const Pattern& pattern, const Exception& exception) {
  const std::string_view type = exception.short_type();
  const bool of_type = names(pattern.types, type);
  if (!type.empty() && !pattern.types.empty() && !of_type) return std::nullopt;
  std::optional<Fit> best;
  split(pattern.messages, '\n', [&](std::string_view message) {
    auto found = fit(message, exception.message);
    if (found && (!best || found->letters > best->letters)) best = std::move(found);
  });
  if (!best && of_type && pattern.type_alone) best.emplace();
  return best;
}

}  // namespace

bool is_known_class(std::string_view name, bool by_itself) noexcept {
  for (const Family* family : all_families()) {
    for (const Pattern& pattern : family->patterns) {
      if ((pattern.type_alone || !by_itself) && names(pattern.types, name)) return true;
    }
  }
  return false;
}

std::optional<Recognised> recognise(const Exception& exception) {
  std::optional<Recognised> best;
  std::size_t letters = 0;
  for (const Family* family : all_families()) {
    for (const Pattern& pattern : family->patterns) {
      auto found = best_fit(pattern, exception);
      if (!found || (best && found->letters <= letters)) continue;
      letters = found->letters;
      best = Recognised{0, &pattern, std::move(found->captures)};
    }
  }
  return best;
}

}  // namespace doctor::exceptions
