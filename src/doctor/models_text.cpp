#include <fmt/format.h>

#include "doctor/model_report.hpp"
#include "doctor/report_parts/layout.hpp"
#include "doctor/report_parts/phrases.hpp"
#include "ommi/value.hpp"

namespace doctor {
namespace {

using ommi::escaped;
using report_parts::counted;
using report_parts::Tone;

std::string joined(const std::vector<std::string>& names) {
  return escaped(fmt::format("{}", fmt::join(names, ", ")));
}

std::string reference_text(const ommi::ModelInfo& model, const ommi::FieldInfo& field) {
  std::string text;
  for (const ommi::Reference& reference : model.references) {
    for (std::size_t at = 0; at < reference.fields.size(); ++at) {
      if (reference.fields[at] != field.name) continue;
      const std::string target =
          at < reference.target_fields.size() ? "." + reference.target_fields[at] : "";
      text += fmt::format("{}{}{} ({}", text.empty() ? "" : ", ", escaped(reference.model),
                          escaped(target), to_string(reference.origin));
      text += reference.origin == ommi::Origin::inferred
                  ? fmt::format(" {:.2f})", reference.confidence)
                  : ")";
    }
  }
  return text;
}

std::string traits(const ommi::FieldInfo& field) {
  std::string text = field.key ? "key" : "";
  if (!field.nullable && !field.key) text = "required";
  if (field.automatic) text += text.empty() ? "automatic" : ", automatic";
  return text;
}

class ModelWriter {
 public:
  explicit ModelWriter(const ModelReportOptions& options)
      : options_(options), paint_(options.color) {}

  [[nodiscard]] std::string model(const ommi::Model& model) const {
    std::string title = paint_(escaped(model.name()), Tone::strong);
    if (model.info.table() != model.name()) {
      title += fmt::format(" (table {})", escaped(model.info.table()));
    }
    if (model.info.view) title += " (view)";
    std::string out = title + '\n';
    if (model.problem) {
      out += fmt::format("  {}\n", paint_(ommi::printable(model.problem->message), Tone::bad));
    }
    if (!model.fields().empty()) out += indented(fields(model));
    for (const auto& set : model.info.unique_sets) {
      out += fmt::format("  unique: {}\n", joined(set));
    }
    if (!model.relations.empty()) out += '\n' + indented(relations(model));
    return out;
  }

  [[nodiscard]] std::string paragraph(std::string_view text) const {
    std::string out;
    for (const std::string& line : report_parts::wrapped(text, options_.width - 4)) {
      out += fmt::format("{}{}\n", out.empty() ? "  " : "    ", line);
    }
    return out;
  }

  [[nodiscard]] std::string title(std::string_view text) const {
    return paint_(text, Tone::strong) + '\n';
  }

 private:
  [[nodiscard]] std::string fields(const ommi::Model& model) const {
    std::vector<std::vector<report_parts::TableCell>> rows;
    for (const ommi::FieldInfo& field : model.fields()) {
      const std::string column = field.column() == field.name ? "" : escaped(field.column());
      rows.push_back({{escaped(field.name)},
                      {column},
                      {std::string(to_string(field.type))},
                      {traits(field)},
                      {reference_text(model.info, field)}});
    }
    return report_parts::table(
        {{"field", false, 16}, {"column", false, 12}, {"type"}, {"is"}, {"refers to", false, 16}},
        rows, options_.width - 2, paint_);
  }

  [[nodiscard]] std::string relations(const ommi::Model& model) const {
    std::vector<std::vector<report_parts::TableCell>> rows;
    for (const ommi::Relation& relation : model.relations) {
      const bool broken = relation.problem.has_value();
      rows.push_back({{escaped(relation.info.name)},
                      {report_parts::kind_text(relation)},
                      {escaped(relation.info.target)},
                      {report_parts::join_text(relation), broken ? Tone::bad : Tone::faint}});
    }
    return report_parts::table({{"relationship", false, 16},
                                {"kind", false, 10},
                                {"target", false, 12},
                                {"join", false, 16}},
                               rows, options_.width - 2, paint_);
  }

  static std::string indented(const std::string& lines) {
    std::string out = "  ";
    for (std::size_t at = 0; at < lines.size(); ++at) {
      out += lines[at];
      if (lines[at] == '\n' && at + 1 < lines.size()) out += "  ";
    }
    return out;
  }

  ModelReportOptions options_;
  report_parts::Painter paint_;
};

}  // namespace

std::string models_as_text(const SourcedCatalog& sources, const ModelReportOptions& options) {
  const ModelWriter writer(options);
  const ommi::Catalog& catalog = *sources.catalog;
  std::string from;
  for (const std::string& source : sources.draft.sources) {
    from += fmt::format("{}{}", from.empty() ? ", from " : " and ", ommi::printable(source));
  }
  std::string out =
      fmt::format("{}, {}{}\n", counted(catalog.models().size(), "model", "models"),
                  counted(catalog.relation_count(), "relationship", "relationships"), from);
  for (const ommi::Model& model : catalog.models()) out += '\n' + writer.model(model);

  if (!sources.draft.suggestions.empty()) out += '\n' + writer.title("suggestions, not judged");
  for (const Suggestion& suggestion : sources.draft.suggestions) {
    out += writer.paragraph(report_parts::suggestion_text(suggestion));
  }
  if (!sources.problems.empty()) out += '\n' + writer.title("problems");
  for (const ommi::Problem& problem : sources.problems) {
    out += writer.paragraph(ommi::printable(problem.message));
  }
  if (!sources.draft.notes.empty()) out += '\n' + writer.title("notes");
  for (const std::string& note : sources.draft.notes)
    out += writer.paragraph(ommi::printable(note));
  return out;
}

}  // namespace doctor
