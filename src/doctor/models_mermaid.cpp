#include <cctype>
#include <set>

#include <fmt/format.h>

#include "doctor/model_report.hpp"

namespace doctor {
namespace {

bool plain(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_';
}

// An identifier that Mermaid takes: letters, digits and underscores, beginning with a letter.
std::string identifier(std::string_view name, std::string_view fallback) {
  std::string out;
  for (const char byte : name.substr(0, 60)) {
    out += plain(byte) ? byte : '_';
  }
  if (out.find_first_not_of('_') == std::string::npos) out = fallback;
  const bool letter = std::isalpha(static_cast<unsigned char>(out.front())) != 0;
  return letter ? out : fmt::format("{}_{}", fallback, out);
}

// Inside double quotes nothing can be escaped, so a quote becomes an apostrophe.
std::string label(std::string_view text) {
  std::string out = ommi::escaped(text);
  for (char& byte : out) {
    if (byte == '"') byte = '\'';
  }
  return out;
}

class Diagram {
 public:
  explicit Diagram(const ommi::Catalog& catalog) : catalog_(catalog) {
    for (const ommi::Model& model : catalog.models()) {
      names_.push_back(unused(identifier(model.name(), "model")));
    }
  }

  [[nodiscard]] std::string text() const {
    std::string out = "erDiagram\n";
    for (const ommi::Model& model : catalog_.models()) out += entity(model);
    for (const ommi::Model& model : catalog_.models()) {
      for (const ommi::Reference& reference : model.info.references) out += line(model, reference);
    }
    return out;
  }

 private:
  std::string unused(std::string name) {
    // Mermaid compares names as written, but "one" and "o" and the like are its own words.
    static const std::set<std::string, std::less<>> words = {
        "one",       "only",  "many",     "to",       "optionally", "zero",
        "or",        "more",  "title",    "accTitle", "accDescr",   "erDiagram",
        "direction", "style", "classDef", "class",    "o",          "u"};
    if (words.count(name) != 0) name += "_";
    while (!used_.insert(name).second) name += "_";
    return name;
  }

  [[nodiscard]] std::string entity(const ommi::Model& model) const {
    const std::string& name = names_[model.index];
    std::string out = name == model.name()
                          ? fmt::format("    {} {{\n", name)
                          : fmt::format("    {}[\"{}\"] {{\n", name, label(model.name()));
    for (const ommi::FieldInfo& field : model.fields()) {
      const std::string attribute = identifier(field.name, "field");
      std::string marks = field.key ? "PK" : "";
      if (refers(model.info, field.name)) marks += marks.empty() ? "FK" : ", FK";
      out += fmt::format("        {} {}", to_string(field.type), attribute);
      if (!marks.empty()) out += " " + marks;
      if (attribute != field.name) out += fmt::format(" \"{}\"", label(field.name));
      out += '\n';
    }
    return out + "    }\n";
  }

  static bool refers(const ommi::ModelInfo& model, const std::string& field) {
    for (const ommi::Reference& reference : model.references) {
      for (const std::string& name : reference.fields) {
        if (name == field) return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::string line(const ommi::Model& model, const ommi::Reference& reference) const {
    const ommi::Model* target = catalog_.find(reference.model);
    if (target == nullptr) return {};
    bool nullable = false;
    std::vector<std::size_t> fields;
    for (const std::string& name : reference.fields) {
      if (const auto field = model.find_field(name)) {
        fields.push_back(*field);
        nullable = nullable || model.fields()[*field].nullable;
      }
    }
    const std::string_view near = model.unique(fields) ? "o|" : "o{";
    const std::string_view dots = reference.origin == ommi::Origin::inferred ? ".." : "--";
    return fmt::format("    {} {}{}{} {} : \"{}\"\n", names_[target->index], nullable ? "|o" : "||",
                       dots, near, names_[model.index],
                       label(fmt::format("{}", fmt::join(reference.fields, ", "))));
  }

  const ommi::Catalog& catalog_;
  std::vector<std::string> names_;  // by the model's index
  std::set<std::string> used_;
};

}  // namespace

std::string models_as_mermaid(const SourcedCatalog& sources) {
  return Diagram(*sources.catalog).text();
}

}  // namespace doctor
