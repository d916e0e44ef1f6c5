#include "doctor/ommi_code.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/wording.hpp"

namespace doctor {
namespace {

/// The byte at which a character begins, counted in code points.
std::size_t byte_of(std::string_view text, std::size_t character) {
  std::size_t at = 0;
  while (at < text.size() && character > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --character;
  }
  return at;
}

/// Where a place is in `source`, whose first line is `first`.
std::size_t byte_of(std::string_view source, unsigned first, unsigned line, unsigned column) {
  std::size_t start = 0;
  for (unsigned at = first; at < line; ++at) {
    const std::size_t end = source.find('\n', start);
    if (end == std::string_view::npos) return std::string_view::npos;
    start = end + 1;
  }
  return start + byte_of(source.substr(start), column - 1);
}

}  // namespace

std::string hidden_error(const Evidence& evidence, std::string_view error) {
  return fmt::format("Ommi raises {}; behind it: {}", seen_by_application(evidence.ommi.release),
                     error);
}

const ommi::Model* model_of(const Evidence& evidence, const python::Model& model) {
  if (evidence.catalog == nullptr) return nullptr;
  for (const ommi::Model& known : evidence.catalog->models()) {
    if (known.info.place.file == model.file && known.info.place.line == model.line) return &known;
  }
  return nullptr;
}

std::vector<const ommi::Relation*> relations_by_references(const Evidence& evidence,
                                                           const python::Model& model) {
  std::vector<const ommi::Relation*> relations;
  const ommi::Model* const ours = model_of(evidence, model);
  if (ours == nullptr) return relations;
  for (const ommi::Model& other : evidence.catalog->models()) {
    for (const ommi::Relation& relation : other.relations) {
      // A relationship that follows its own model's reference does not ask for ours.
      const bool backward = relation.problem || relation.direction == ommi::Direction::reverse;
      const bool leads_here = relation.info.via.empty()
                                  ? relation.info.target == ours->name() && backward
                                  : relation.info.via == ours->name();
      if (&other == ours || leads_here) relations.push_back(&relation);
    }
  }
  return relations;
}

Finding& add_about(Findings& findings, const Evidence& evidence, const python::Model& model,
                   const python::Field* field, std::string message) {
  const ommi::Model* const known = model_of(evidence, model);
  const ommi::Relation* const relation =
      known == nullptr || field == nullptr ? nullptr : known->find_relation(field->name);
  Subject subject;
  subject.model = known == nullptr ? model.name : known->name();
  subject.table = known == nullptr ? model.table.name : known->info.table();
  if (relation != nullptr) {
    subject = subject_of(*relation);
  } else if (field != nullptr) {
    subject.field = field->name;
    subject.column = field->column();
  }
  Finding& finding = findings.add(std::move(subject), std::move(message));
  finding.count = 1;
  finding.place = {model.file, field == nullptr ? model.line : field->line};
  if (relation != nullptr) finding.relations = {relation};
  return finding;
}

std::string name_of(const python::Model& model, const python::Field& field) {
  return ommi::escaped(model.name + "." + field.name);
}

std::string key_field(const python::Model& model) {
  std::vector<std::string> marked;
  std::string by_name, by_type, first;
  for (const python::Field& field : model.fields) {
    if (field.lazy) continue;
    if (field.key) marked.push_back(field.name);
    if (by_name.empty() && (field.column() == "id" || field.column() == "_id"))
      by_name = field.name;
    if (by_type.empty() && field.type && field.type->int_subclass) by_type = field.name;
    if (first.empty()) first = field.name;
  }
  if (!marked.empty()) return marked.size() == 1 ? marked.front() : "";
  if (!by_name.empty()) return by_name;
  return by_type.empty() ? first : by_type;
}

bool future_annotations(const Evidence& evidence, const python::Model& model) {
  const auto& files = evidence.python->files;
  return std::any_of(files.begin(), files.end(), [&](const python::File& file) {
    return file.path == model.file && file.future_annotations;
  });
}

std::string quoted_whole(const Evidence& evidence, const python::Model& model,
                         std::string_view annotation) {
  std::string bare;
  for (const char letter : annotation) {
    if (letter != '"' && letter != '\'') bare += letter;
  }
  return future_annotations(evidence, model) ? bare : '"' + bare + '"';
}

bool is_made_otherwise(const Evidence& evidence, const python::Model& model,
                       const python::Field& field) {
  const ommi::Table* const table =
      evidence.schema == nullptr ? nullptr : evidence.schema->find_table(model.table.name);
  const ommi::Column* const column =
      table == nullptr ? nullptr : table->find_column(field.column());
  return column != nullptr && !same_name(column->declared_type, "TEXT");
}

std::vector<TextEdit> with_annotation(const python::Model& model, const python::Field& field,
                                      std::string_view annotation) {
  const python::Span& place = field.annotation_place;
  const std::size_t start = byte_of(field.source, field.place.line, place.line, place.column);
  const std::size_t end = byte_of(field.source, field.place.line, place.end_line, place.end_column);
  // What the file holds there is what was read: else nothing is proposed.
  if (place.line == 0 || end > field.source.size() || start >= end) return {};
  if (field.source.substr(start, end - start) != field.annotation) return {};
  const std::string text =
      field.source.substr(0, start) + std::string(annotation) + field.source.substr(end);
  const auto lines =
      1U + static_cast<unsigned>(std::count(field.source.begin(), field.source.end(), '\n'));
  return {{model.file, field.place.line, lines, text, field.source}};
}

std::string in_quotes(const python::Field& field, std::string_view text) {
  const bool taken = field.quoted && field.annotation.find('"') != std::string::npos;
  return fmt::format("{0}{1}{0}", taken ? '\'' : '"', text);
}

std::string replaced(std::string_view annotation, const python::Part& part, std::string_view text) {
  const std::size_t start = byte_of(annotation, part.start);
  const std::size_t end = byte_of(annotation, part.end);
  return std::string(annotation.substr(0, start)) + std::string(text) +
         std::string(annotation.substr(end));
}

std::vector<TextEdit> with_part(const python::Model& model, const python::Field& field,
                                const python::Part& part, std::string_view text) {
  if (!part.here || part.end < part.start) return {};
  return with_annotation(model, field, replaced(field.annotation, part, text));
}

}  // namespace doctor
