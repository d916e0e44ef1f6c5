#pragma once

/// \file
/// What a pasted text says of where it happened: models, tables and columns in the messages, lazy
/// fields and lines in the code that it shows.

#include <set>
#include <string>
#include <string_view>

#include "doctor/exceptions.hpp"

namespace doctor::exceptions {

/// The lazy field that was awaited, as the code has it: "post.author"; empty where none is shown.
[[nodiscard]] std::string awaited_in(const Pasted& pasted);

/// The name in what a message has in its place: "User" of <class '__main__.User'>, of main.User.
[[nodiscard]] std::string bare_name(std::string_view text);

/// The part of models and database that a text points to; everything where it points nowhere.
class Focus {
 public:
  Focus(const Explanation& explanation, const Diagnosis& diagnosis);

  [[nodiscard]] bool holds(const Finding& finding) const;

 private:
  void add_messages(const Explanation& explanation);
  void add_name(std::string name);
  void add_code(const Pasted& pasted);
  void add_relations(const std::string& code);
  void add_place(const Frame& frame);
  [[nodiscard]] bool is_of_message(const Finding& finding) const;
  [[nodiscard]] bool is_of_code(const Finding& finding) const;

  const Diagnosis& diagnosis_;
  std::set<std::string> words_;                // of messages
  std::set<const ommi::Model*> models_;        // of messages
  std::set<const ommi::Relation*> relations_;  // of code
  std::set<const ommi::Model*> placed_;        // of code
};

}  // namespace doctor::exceptions
