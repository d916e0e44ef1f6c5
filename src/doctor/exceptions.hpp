#pragma once

/// \file
/// What the exceptions of an application that loads lazy fields mean: a pasted traceback or message
/// is read, compared with a catalogue, and its possible causes are weighed by what a diagnosis
/// found.
///
///     const Explanation explanation = explain(text);
///     if (!explanation.recognised()) ...
///     const auto causes = weigh(explanation, {.diagnosis = &diagnosis, .database = true});
///
/// Pasted text comes from anywhere: it is kept as it is, bounded, and escaped where it is printed.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/diagnosis.hpp"

namespace doctor::exceptions {

/// The most that is read of one text, in bytes.
inline constexpr std::size_t most_text = std::size_t{1} << 20U;

/// A line of code that a traceback names.
struct Frame {
  std::string file;
  unsigned line = 0;
  std::string code;
};

/// What an exception has to do with the one that was printed before it.
enum class Link : std::uint8_t {
  first,    // nothing is said of that
  cause,    // raised from it
  context,  // raised while it was handled
  beside,   // another one of the same group
};
[[nodiscard]] std::string_view to_string(Link link) noexcept;

struct Exception {
  std::string type;     // as it was pasted: "sqlite3.OperationalError"; empty: only a message
  std::string message;  // its lines
  std::vector<Frame> frames;
  Link link = Link::first;
  bool traced = false;  // the end of a traceback, not a line among others

  /// "OperationalError".
  [[nodiscard]] std::string_view short_type() const noexcept;
};

/// A text's exceptions in its own order: Python prints what was first first.
struct Pasted {
  std::vector<Exception> exceptions;
  std::size_t left_out = 0;  // that were too many
};
[[nodiscard]] Pasted read_traceback(std::string_view text);

/// What can be behind an exception.
struct Candidate {
  std::string_view code;    // of the rule that detects it; empty: none does
  std::string_view cause;   // one sentence
  std::string_view check;   // what to look at
  std::string_view remedy;  // what to do
};

/// An exception that is known.
struct Pattern {
  std::string_view name;                  // "no-active-driver"
  std::string_view types;                 // class names without modules, blanks between; any one
  std::string_view messages;              // one a line; {word} stands for text that is kept
  std::string_view meaning;               // one sentence
  std::string_view versions;              // of Ommi
  std::string_view example;               // as it is pasted; run by the tests
  std::span<const Candidate> candidates;  // the most likely one first
  bool hides = false;                     // another exception, which says more
  bool type_alone = false;                // the class tells it, whatever the message
  /// Code that shows the hidden one, {field} for the lazy field; empty where the traceback does.
  std::string_view shows = {};
};

/// Patterns of one kind; each is one file in catalogue/, listed by the build.
struct Family {
  std::string_view title;
  std::span<const Pattern> patterns;
};
[[nodiscard]] std::span<const Family* const> all_families() noexcept;

/// Whether patterns name a class so; `by_itself`: one that the class alone tells.
[[nodiscard]] bool is_known_class(std::string_view name, bool by_itself) noexcept;

struct Capture {
  std::string_view word;
  std::string text;
};

struct Recognised {
  std::size_t exception = 0;  // in Pasted
  const Pattern* pattern = nullptr;
  std::vector<Capture> captures;
};

/// The pattern that fits best, or nothing.
[[nodiscard]] std::optional<Recognised> recognise(const Exception& exception);

struct Explanation {
  Pasted pasted;
  std::vector<Recognised> known;      // root causes first
  std::vector<Candidate> candidates;  // of those that hide nothing, if there are any
  std::string awaited;                // "post.author": the load that failed, if the text shows it

  [[nodiscard]] bool recognised() const noexcept { return !known.empty(); }
  /// Whether what was raised first is still hidden.
  [[nodiscard]] bool hidden() const noexcept;
  /// The rules that this program has for the candidates.
  [[nodiscard]] std::vector<std::string> rules() const;
};
[[nodiscard]] Explanation explain(std::string_view text);

/// How a cause stands once models and database were looked at.
enum class Certainty : std::uint8_t {
  confirmed,  // its rule found it, and where the text points
  elsewhere,  // its rule found it, in other places only
  possible,   // could not be looked at
  ruled_out,  // its rule found nothing
};
[[nodiscard]] std::string_view to_string(Certainty certainty) noexcept;

struct Cause {
  Candidate candidate;
  Certainty certainty = Certainty::possible;
  std::string why;                    // of `possible` and `ruled_out`
  std::vector<const Finding*> found;  // of `confirmed` and `elsewhere`
};

/// What was looked at.
struct Looked {
  const Diagnosis* diagnosis = nullptr;  // null: nothing
  bool database = false;                 // else only models
};

/// The candidates, confirmed ones first, else as likely as before.
[[nodiscard]] std::vector<Cause> weigh(const Explanation& explanation, const Looked& looked);

struct TextOptions {
  bool color = false;
  unsigned width = 100;
};
/// What goes into a report.
struct Report {
  const Explanation& explanation;
  const std::vector<Cause>& causes;
  const Looked& looked;
};
[[nodiscard]] std::string as_text(const Report& report, const TextOptions& options);
[[nodiscard]] std::string as_json(const Report& report);
[[nodiscard]] std::string as_markdown(const Report& report);

}  // namespace doctor::exceptions
