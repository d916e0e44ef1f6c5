#include <charconv>

#include <fmt/format.h>

#include "doctor/traversal.hpp"

namespace doctor {
namespace {

using ommi::DatabaseError;
using ommi::ErrorCode;

// Reads a path from left to right; throws DatabaseError (ErrorCode::model) that says where it
// stopped.
class PathReader {
 public:
  PathReader(std::string_view text, const ommi::Catalog& catalog)
      : text_(text), catalog_(catalog) {}

  Path read();

 private:
  struct Token {
    std::string text;
    char quote = 0;  // ' " or x; 0 = bare
  };

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  [[noreturn]] void fail(const std::string& what) const;
  std::string name(std::string_view stops);
  std::string quoted(char quote);
  Token token();
  void filters(Path& path);
  [[nodiscard]] ommi::Value value(const Token& token, const ommi::FieldInfo& field) const;

  std::string_view text_;
  const ommi::Catalog& catalog_;
  std::size_t at_ = 0;
};

void PathReader::fail(const std::string& what) const {
  throw DatabaseError(ErrorCode::model, fmt::format("path '{}': {}", ommi::escaped(text_), what));
}

std::string PathReader::quoted(char quote) {
  std::string out;
  for (++at_; !done(); ++at_) {
    if (text_[at_] == quote) {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != quote) {
        ++at_;
        return out;
      }
      ++at_;
    }
    out += text_[at_];
  }
  fail(fmt::format("the closing {} is missing", quote));
}

std::string PathReader::name(std::string_view stops) {
  if (peek() == '"') return quoted('"');
  const std::size_t from = at_;
  while (!done() && stops.find(text_[at_]) == std::string_view::npos) ++at_;
  return std::string(text_.substr(from, at_ - from));
}

PathReader::Token PathReader::token() {
  while (peek() == ' ') ++at_;
  Token token;
  if (peek() == '\'' || peek() == '"') {
    token.quote = peek();
    token.text = quoted(token.quote);
  } else if ((peek() == 'x' || peek() == 'X') && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
    token.quote = 'x';
    ++at_;
    token.text = quoted('\'');
  } else {
    token.text = name(",]=");
    while (!token.text.empty() && token.text.back() == ' ') token.text.pop_back();
  }
  while (peek() == ' ') ++at_;
  return token;
}

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned char byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

// A bare word is what the field holds: a number unless the field is text, so that '007' keeps its
// zeros.
ommi::Value PathReader::value(const Token& token, const ommi::FieldInfo& field) const {
  if (token.quote == 'x') return ommi::Blob{bytes_of(token.text)};
  if (token.quote != 0) return token.text;
  if (token.text == "NULL" || token.text == "null") return {};
  if (field.type == ommi::Type::text || field.comparison.affinity == ommi::Affinity::text)
    return token.text;
  const char* const end = token.text.data() + token.text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(token.text.data(), end, integer);
      read.ec == std::errc() && read.ptr == end) {
    return integer;
  }
  double real = 0;
  if (const auto read = std::from_chars(token.text.data(), end, real);
      read.ec == std::errc() && read.ptr == end) {
    return real;
  }
  return token.text;
}

void PathReader::filters(Path& path) {
  const ommi::Model& model = *path.model;
  ++at_;  // [
  std::size_t part = 0;
  while (true) {
    const Token first = token();
    if (peek() == '=') {
      ++at_;
      const Token second = token();
      const std::size_t field = ommi::at(model, first.text).field();
      path.filters.push_back({model.fields()[field].name, value(second, model.fields()[field])});
    } else {
      if (model.key.empty()) {
        fail(fmt::format("{} has no key; name a field: {}[field=value]",
                         ommi::escaped(model.name()), ommi::escaped(model.name())));
      }
      if (part >= model.key.size()) {
        fail(fmt::format("the key of {} has {} field{}", ommi::escaped(model.name()),
                         model.key.size(), model.key.size() == 1 ? "" : "s"));
      }
      const ommi::FieldInfo& field = model.fields()[model.key[part++]];
      path.filters.push_back({field.name, value(first, field)});
    }
    if (peek() == ',') {
      ++at_;
      continue;
    }
    if (peek() != ']') fail("the closing ] is missing");
    ++at_;
    break;
  }
  if (part != 0 && part != model.key.size()) {
    fail(fmt::format("the key of {} has {} fields, and {} given", ommi::escaped(model.name()),
                     model.key.size(), part == 1 ? "one is" : fmt::format("{} are", part)));
  }
}

const ommi::Relation& hop(const ommi::Model& model, const std::string& name) {
  if (const ommi::Relation* found = model.find_relation(name)) return *found;
  std::vector<std::string> names;
  for (const ommi::Relation& relation : model.relations) names.push_back(relation.info.name);
  std::string message;
  if (model.find_field(name)) {
    message = fmt::format("{}.{} is a field, not a relationship", ommi::escaped(model.name()),
                          ommi::escaped(name));
  } else {
    message = fmt::format("{} has no relationship '{}'", ommi::escaped(model.name()),
                          ommi::escaped(name));
  }
  if (const std::string near = ommi::nearest(name, names); !near.empty()) {
    message += fmt::format("; did you mean '{}'?", ommi::escaped(near));
  } else if (!names.empty()) {
    message += fmt::format("; it has {}", ommi::escaped(fmt::format("{}", fmt::join(names, ", "))));
  }
  throw DatabaseError(ErrorCode::model, std::move(message));
}

Path PathReader::read() {
  Path path;
  path.text = text_;
  const std::string model = name(".[");
  path.model = catalog_.find(model);
  if (path.model == nullptr) {
    std::vector<std::string> names;
    for (const ommi::Model& known : catalog_.models()) names.push_back(known.name());
    const std::string near = ommi::nearest(model, names);
    fail(fmt::format("there is no model '{}'{}", ommi::escaped(model),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", ommi::escaped(near))));
  }
  if (peek() == '[') filters(path);
  const ommi::Model* at = path.model;
  while (!done()) {
    if (peek() != '.')
      fail(fmt::format("'{}' is not expected here", ommi::escaped(text_.substr(at_, 20))));
    ++at_;
    const ommi::Relation& next = hop(*at, name(".["));
    if (next.problem) fail(next.problem->message);
    path.hops.push_back(&next);
    at = next.target;
  }
  return path;
}

std::string plain_or_quoted(std::string_view name) {
  if (name.find_first_of(".[]\",= ") == std::string_view::npos && !name.empty())
    return ommi::escaped(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return ommi::escaped(out + "\"");
}

}  // namespace

ommi::DBResult<Path> parse_path(std::string_view text, const ommi::Catalog& catalog) {
  return ommi::capture({.operation = "path"}, [&] { return PathReader(text, catalog).read(); });
}

std::string row_path(const ommi::Record& record) {
  std::string out = plain_or_quoted(record.model().name());
  if (record.model().key.empty()) return out;
  std::vector<std::string> parts;
  for (const std::size_t field : record.model().key)
    parts.push_back(ommi::to_display(record.cell(field), 40));
  return fmt::format("{}[{}]", out, fmt::join(parts, ","));
}

std::string row_path(const ommi::Model& model, const RowSample& sample) {
  std::string out = plain_or_quoted(model.name());
  if (model.key.empty() || sample.key.empty()) return out;
  std::vector<std::string> parts;
  for (const NamedValue& part : sample.key)
    parts.push_back(ommi::to_display(part.value.cell(), 40));
  return fmt::format("{}[{}]", out, fmt::join(parts, ","));
}

ommi::Expression condition_of(const Path& path) {
  ommi::Expression all;
  for (const Path::Filter& filter : path.filters)
    all = std::move(all) && (ommi::at(*path.model, filter.field) == filter.value);
  return all;
}

}  // namespace doctor
