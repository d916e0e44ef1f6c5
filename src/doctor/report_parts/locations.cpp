#include "doctor/report_parts/locations.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace doctor::report_parts {
namespace {

using std::filesystem::path;

// A place without a line is a table of the database, not a line of a file.
bool is_line(const ommi::Place& place) noexcept { return place.line > 0 && !place.file.empty(); }

bool leads_outside(const path& relative) {
  return relative.empty() || relative.is_absolute() || *relative.begin() == "..";
}

const ommi::Relation* relation_named(const ommi::Catalog& catalog, const Subject& subject) {
  for (const ommi::Model& model : catalog.models()) {
    for (const ommi::Relation& relation : model.relations) {
      if (relation.name() == subject.relationship) return &relation;
    }
  }
  return nullptr;
}

// The first of "a, b".
std::string first_of(const std::string& fields) { return fields.substr(0, fields.find(", ")); }

// A database that is no file is named by the last part of its URI.
std::string last_part(std::string_view name) {
  name = name.substr(0, name.find('?'));
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const bool plain = !name.empty() && name.find_first_of("=@: ") == std::string_view::npos;
  return plain ? std::string(name) : "database";
}

}  // namespace

Locations::Locations(const Diagnosis& diagnosis, const ReportOptions& options)
    : diagnosis_(diagnosis), options_(options), snapshot_(options.snapshot_text) {}

std::string Locations::relative(std::string_view name) const {
  const path given = path(name).lexically_normal();
  path shown = given;
  if (given.is_absolute() && !options_.folder.empty()) {
    shown = given.lexically_relative(path(options_.folder).lexically_normal());
  }
  if (leads_outside(shown)) shown = given.filename();
  return shown.empty() || shown == "." ? "database" : shown.generic_string();
}

Location Locations::at(const ommi::Place& place) const {
  Location location{relative(place.file), place.line, {}};
  if (location.file == relative(options_.snapshot_file))
    location.text = snapshot_.text_of(place.line);
  return location;
}

ommi::Place Locations::declared(const Subject& subject) const {
  const ommi::Catalog* catalog = diagnosis_.sources.catalog.get();
  if (catalog == nullptr) return {};
  if (const ommi::Relation* relation = relation_named(*catalog, subject)) {
    if (is_line(relation->info.place)) return relation->info.place;
  }
  const ommi::Model* model = catalog->find(subject.model);
  if (model == nullptr) return {};
  if (const auto field = model->find_field(first_of(subject.field))) {
    const ommi::Place& place = model->fields()[*field].place;
    if (is_line(place)) return place;
  }
  return model->info.place;
}

unsigned Locations::snapshot_line(const Subject& subject) const {
  const ommi::Catalog* catalog = diagnosis_.sources.catalog.get();
  if (catalog != nullptr && !subject.relationship.empty()) {
    if (const ommi::Relation* relation = relation_named(*catalog, subject)) {
      const unsigned line = snapshot_.line_of(relation->owner->name(), relation->info.name);
      if (line > 0) return line;
    }
  }
  if (!subject.field.empty()) {
    const unsigned line = snapshot_.line_of(subject.model, first_of(subject.field));
    if (line > 0) return line;
  }
  return snapshot_.line_of(subject.model);
}

Location Locations::of_database() const {
  const std::string& name = diagnosis_.database.name;
  const std::string& driver = diagnosis_.database.driver;
  const bool file = driver.find("postgres") == std::string::npos;
  return {relative(file ? name : last_part(name)), 1, {}};
}

Location Locations::of(const Finding& finding) const {
  if (is_line(finding.place)) return at(finding.place);
  if (const ommi::Place place = declared(finding.subject); is_line(place)) return at(place);
  if (!options_.snapshot_file.empty()) {
    const unsigned line = snapshot_line(finding.subject);
    if (line > 0) return at({options_.snapshot_file, line});
  }
  return of_database();
}

Location Locations::of(const ommi::Relation& relation) const {
  Finding about;
  about.subject.relationship = relation.name();
  if (relation.owner != nullptr) about.subject.model = relation.owner->name();
  return of(about);
}

std::string uri_of(std::string_view path) {
  std::string out;
  for (const char byte : path) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') ||
                       std::string_view("-._~/").find(byte) != std::string_view::npos;
    out += plain ? std::string(1, byte)
                 : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  }
  return out;
}

}  // namespace doctor::report_parts
