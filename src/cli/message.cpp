#include "cli/message.hpp"

#include <string>

#include "ommi/value.hpp"

namespace cli {

void complain(std::FILE* err, std::string_view subject, std::string_view message,
              std::string_view hint) {
  std::string text = "ommi-doctor: ";
  // A driver's message may name the file already.
  const bool named = message.starts_with(subject) && message.substr(subject.size(), 2) == ": ";
  if (!subject.empty() && !named) text.append(ommi::printable(subject)).append(": ");
  text.append(ommi::printable(message)).append("\n");
  if (!hint.empty()) text.append("hint: ").append(ommi::printable(hint)).append("\n");
  std::fwrite(text.data(), 1, text.size(), err);
  std::fflush(err);
}

}  // namespace cli
