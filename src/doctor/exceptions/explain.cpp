/// \file
/// From a text to what it means, and from a diagnosis to which causes are left.

#include <algorithm>

#include "doctor/exceptions/clues.hpp"
#include "doctor/rule.hpp"

namespace doctor::exceptions {
namespace {

void add_candidates(std::vector<Candidate>& all, const Pattern& pattern) {
  for (const Candidate& candidate : pattern.candidates) {
    const bool there = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return candidate.code.empty() ? other.cause == candidate.cause : other.code == candidate.code;
    });
    if (!there) all.push_back(candidate);
  }
}

bool looks_at_sources(std::string_view code) noexcept {
  return code.starts_with("MOD") || code.starts_with("USE");
}

/// What a database alone does not show: it has the tables that it has.
bool compares_models(std::string_view code) noexcept {
  return code == "SCH001" || code == "SCH002" || code == "DRV003";
}

bool has_models(const Diagnosis& diagnosis) {
  const auto& sources = diagnosis.sources.draft.sources;
  return std::any_of(sources.begin(), sources.end(), [](const std::string& source) {
    return source.starts_with("python:") || source.starts_with("manifest:");
  });
}

/// Why the rule could not say anything, or empty.
std::string why_open(const Candidate& candidate, const Looked& looked) {
  if (candidate.code.empty() || find_rule(candidate.code) == nullptr)
    return "no rule looks at that";
  const Diagnosis* const diagnosis = looked.diagnosis;
  const bool there = diagnosis != nullptr &&
                     (looks_at_sources(candidate.code) ? diagnosis->evidence.python != nullptr
                                                       : has_models(*diagnosis));
  if (needs_only_models(candidate.code))
    return there ? "" : "needs the Python models: --models PATH";
  if (!looked.database) return "needs the database that the program opens";
  return there || !compares_models(candidate.code) ? "" : "needs the Python models: --models PATH";
}

Cause weighed(const Candidate& candidate, const Looked& looked, const Focus* focus) {
  Cause cause{candidate, Certainty::possible, why_open(candidate, looked), {}};
  if (!cause.why.empty() || focus == nullptr) return cause;
  std::vector<const Finding*> elsewhere;
  for (const Finding& finding : looked.diagnosis->findings) {
    if (finding.code == candidate.code)
      (focus->holds(finding) ? cause.found : elsewhere).push_back(&finding);
  }
  if (!cause.found.empty()) {
    cause.certainty = Certainty::confirmed;
  } else if (!elsewhere.empty()) {
    cause.certainty = Certainty::elsewhere;
    cause.found = std::move(elsewhere);
  } else if (!looked.diagnosis->complete()) {
    cause.why = "not all could be looked at";
  } else if (candidate.code.starts_with("USE")) {
    // These rules say what is certain of the sources that they are given: silence proves nothing.
    cause.why = "its rule finds nothing that is certain in the sources that were given";
  } else {
    cause.certainty = Certainty::ruled_out;
    cause.why = looked.database ? "its rule finds nothing" : "its rule finds nothing in the models";
  }
  return cause;
}

}  // namespace

std::string_view to_string(Certainty certainty) noexcept {
  switch (certainty) {
    case Certainty::confirmed:
      return "confirmed";
    case Certainty::elsewhere:
      return "elsewhere";
    case Certainty::possible:
      return "possible";
    case Certainty::ruled_out:
      return "ruled out";
  }
  return "possible";
}

bool Explanation::hidden() const noexcept {
  return recognised() && std::all_of(known.begin(), known.end(),
                                     [](const Recognised& one) { return one.pattern->hides; });
}

std::vector<std::string> Explanation::rules() const {
  std::vector<std::string> codes;
  for (const Candidate& candidate : candidates) {
    if (!candidate.code.empty() && find_rule(candidate.code) != nullptr)
      codes.emplace_back(candidate.code);
  }
  return codes;
}

Explanation explain(std::string_view text) {
  Explanation explanation;
  explanation.pasted = read_traceback(text);
  const std::vector<Exception>& exceptions = explanation.pasted.exceptions;
  for (std::size_t at = 0; at < exceptions.size(); ++at) {
    auto known = recognise(exceptions[at]);
    if (!known) continue;
    known->exception = at;
    explanation.known.push_back(std::move(*known));
  }
  const bool hidden = explanation.hidden();
  for (const Recognised& known : explanation.known) {
    if (hidden || !known.pattern->hides) add_candidates(explanation.candidates, *known.pattern);
  }
  explanation.awaited = awaited_in(explanation.pasted);
  return explanation;
}

std::vector<Cause> weigh(const Explanation& explanation, const Looked& looked) {
  std::optional<Focus> focus;
  if (looked.diagnosis != nullptr) focus.emplace(explanation, *looked.diagnosis);
  std::vector<Cause> causes;
  for (const Candidate& candidate : explanation.candidates)
    causes.push_back(weighed(candidate, looked, focus ? &*focus : nullptr));
  std::stable_sort(causes.begin(), causes.end(), [](const Cause& left, const Cause& right) {
    return left.certainty < right.certainty;
  });
  return causes;
}

}  // namespace doctor::exceptions
