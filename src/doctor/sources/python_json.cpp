/// \file
/// The reader's document (docs/python-facts.md) as facts.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/sources/python_reader.hpp"
#include "ommi/error.hpp"

namespace doctor::sources {
namespace {

using nlohmann::json;

/// A record whose keys may be absent: then they are null, false or empty.
class Record {
 public:
  explicit Record(const json& object) : object_(&object) {}

  [[nodiscard]] const json* find(const char* key) const {
    const auto found = object_->find(key);
    return found == object_->end() || found->is_null() ? nullptr : &*found;
  }
  [[nodiscard]] std::string text(const char* key) const {
    const json* found = find(key);
    return found == nullptr ? std::string() : found->get<std::string>();
  }
  [[nodiscard]] bool flag(const char* key, bool otherwise = false) const {
    const json* found = find(key);
    return found == nullptr ? otherwise : found->get<bool>();
  }
  [[nodiscard]] std::optional<bool> known_flag(const char* key) const {
    const json* found = find(key);
    return found == nullptr ? std::nullopt : std::optional(found->get<bool>());
  }
  [[nodiscard]] unsigned number(const char* key) const {
    const json* found = find(key);
    return found == nullptr ? 0U : found->get<unsigned>();
  }
  [[nodiscard]] python::Span span(const char* key) const {
    const json* found = find(key);
    if (found == nullptr || found->size() != 4) return {};
    return {found->at(0).get<unsigned>(), found->at(1).get<unsigned>(),
            found->at(2).get<unsigned>(), found->at(3).get<unsigned>()};
  }
  /// A place inside an annotation; four numbers are another place.
  [[nodiscard]] python::Part part(const char* key) const {
    const json* found = find(key);
    if (found == nullptr || found->size() != 2) return {};
    return {found->at(0).get<std::size_t>(), found->at(1).get<std::size_t>(), true};
  }
  template <class Each>
  void each(const char* key, Each&& take) const {
    const json* found = find(key);
    if (found == nullptr) return;
    for (const json& item : *found) take(Record(item));
  }
  [[nodiscard]] std::vector<std::string> texts(const char* key) const {
    const json* found = find(key);
    std::vector<std::string> all;
    if (found == nullptr) return all;
    for (const json& item : *found) all.push_back(item.get<std::string>());
    return all;
  }
  /// What `read` makes of the record there, or nothing.
  template <class Read>
  [[nodiscard]] auto inner(const char* key, Read&& read) const
      -> std::optional<decltype(read(std::declval<Record>()))> {
    const json* found = find(key);
    if (found == nullptr) return std::nullopt;
    return read(Record(*found));
  }

 private:
  const json* object_;
};

void read_name(const Record& record, python::Name& name) {
  name.text = record.text("text");
  name.resolved = record.text("resolved");
  name.where = record.text("where");
  name.definition = record.text("definition");
  name.closest = record.text("closest");
  name.candidates = record.texts("candidates");
  name.is_model = record.flag("is_model");
  name.is_class = record.flag("is_class");
  name.reached = record.flag("reached");
  name.place = record.part("place");
}

python::Association association_of(const Record& record) {
  python::Association association;
  read_name(record, association);
  association.call = record.text("call");
  association.call_place = record.part("call_place");
  association.first = record.flag("first_metadata");
  association.is_string = record.flag("is_string");
  return association;
}

python::Target target_of(const Record& record) {
  python::Target target;
  read_name(record, target);
  target.quoted = record.flag("quoted");
  target.wrapped = record.text("wrapped");
  target.association = record.inner("association", association_of);
  return target;
}

python::Name name_of(const Record& record) {
  python::Name name;
  read_name(record, name);
  return name;
}

python::Lazy lazy_of(const Record& record) {
  python::Lazy lazy;
  lazy.many = record.text("kind") == "every";
  lazy.seen_by_ommi = record.flag("seen_by_ommi");
  lazy.form = record.text("form");
  lazy.text = record.text("text");
  lazy.import_where = record.text("import_where");
  lazy.place = record.part("place");
  lazy.target = record.inner("target", target_of);
  return lazy;
}

python::Reference reference_of(const Record& record) {
  python::Reference reference;
  reference.form = record.text("form");
  reference.text = record.text("text");
  reference.value = record.text("value");
  reference.field = record.text("field");
  reference.why = record.text("why");
  reference.closest = record.text("closest");
  reference.resolvable = record.known_flag("resolvable");
  reference.model = record.inner("model", name_of);
  reference.place = record.part("place");
  return reference;
}

python::Type type_of(const Record& record) {
  python::Type type;
  type.text = record.text("text");
  type.resolved = record.text("resolved");
  type.exact = record.text("exact");
  type.optional = record.text("optional");
  type.inner = record.text("inner");
  type.is_class = record.known_flag("is_class");
  type.int_subclass = record.flag("int_subclass");
  type.alias = record.find("alias") != nullptr;
  type.place = record.part("place");
  return type;
}

python::Metadata metadata_of(const Record& record) {
  python::Metadata metadata;
  metadata.kind = record.text("kind");
  metadata.text = record.text("text");
  metadata.why_lost = record.text("why_lost");
  metadata.value = record.text("value");
  metadata.effective = record.flag("effective", true);
  metadata.place = record.part("place");
  metadata.reference = record.inner("reference", reference_of);
  return metadata;
}

python::Field field_of(const Record& record) {
  python::Field field;
  field.name = record.text("name");
  field.line = record.number("line");
  field.place = record.span("place");
  field.source = record.text("source");
  field.annotation = record.text("annotation");
  field.annotation_place = record.span("annotation_place");
  field.quoted = record.flag("quoted");
  field.stringified = record.flag("stringified");
  field.lazy = record.inner("lazy", lazy_of);
  field.type = record.inner("type", type_of);
  record.each("metadata", [&](const Record& item) { field.metadata.push_back(metadata_of(item)); });
  field.key = record.flag("key");
  field.automatic = record.flag("auto");
  field.store_as = record.text("store_as");
  field.field_type = record.inner("field_type", type_of);
  field.reference = record.inner("reference", reference_of);
  field.has_default = record.find("default_kind") != nullptr;
  field.init = record.flag("init", true);
  field.class_var = record.flag("class_var");
  field.init_var = record.flag("init_var");
  field.is_private = record.flag("private");
  return field;
}

python::DroppedField dropped_of(const Record& record) {
  python::DroppedField field;
  field.name = record.text("name");
  field.owner = record.text("class");
  field.owner_is_model = record.flag("is_model");
  field.file = record.text("file");
  field.line = record.number("line");
  field.annotation = record.text("annotation");
  field.lazy = record.find("lazy") != nullptr;
  field.reference = record.find("reference") != nullptr;
  field.key = record.flag("key");
  field.class_var = record.flag("class_var");
  return field;
}

python::Base base_of(const Record& record) {
  python::Base base;
  base.text = record.text("text");
  base.is_model = record.flag("is_model");
  record.each("fields_dropped",
              [&](const Record& item) { base.fields_dropped.push_back(dropped_of(item)); });
  return base;
}

python::Table table_of(const Record& record) {
  return {record.text("name"), record.text("origin"), record.text("from"), record.text("file"),
          record.span("place")};
}

void read_decorators(const Record& record, python::Model& model) {
  if (const json* found = record.find("decorator")) {
    const Record decorator(*found);
    model.inner_decorator = decorator.text("order") == "inner";
    model.decorator = decorator.span("place");
    if (const json* collection = decorator.find("collection")) {
      const Record named(*collection);
      model.collection =
          named.text("resolved").empty() ? named.text("text") : named.text("resolved");
    }
  }
  record.each("decorators", [&](const Record& item) {
    model.decorators.push_back({item.text("text"), item.span("place")});
  });
}

python::Model model_of(const Record& record) {
  python::Model model;
  model.name = record.text("name");
  model.qualname = record.text("qualname");
  model.module = record.text("module");
  model.bound_as = record.text("bound_as");
  model.file = record.text("file");
  model.line = record.number("line");
  model.source = record.text("source");
  model.table = record.inner("table", table_of).value_or(python::Table{});
  read_decorators(record, model);
  model.library = record.text("library");
  model.library_of_base = record.text("library_of_base");
  model.frozen = record.flag("frozen");
  model.keyword_only = record.flag("keyword_only");
  model.init_disabled = record.flag("init_disabled");
  model.defines_init = record.flag("defines_init");
  model.local_to_function = record.flag("local_to_function");
  model.type_checking_only = record.flag("type_checking_only");
  record.each("bases", [&](const Record& item) { model.bases.push_back(base_of(item)); });
  record.each("fields", [&](const Record& item) { model.fields.push_back(field_of(item)); });
  return model;
}

python::Duplicate duplicate_of(const Record& record) {
  python::Duplicate duplicate{record.text("kind"), record.text("name"), record.text("file"), {}};
  record.each("places", [&](const Record& item) {
    duplicate.places.push_back({item.text("file"), item.number("line"), item.text("as")});
  });
  return duplicate;
}

python::Use use_of(const Record& record) {
  python::Use use;
  use.kind = record.text("kind");
  use.file = record.text("file");
  use.line = record.number("line");
  use.source = record.text("source");
  use.text = record.text("text");
  use.scope = record.text("scope");
  use.form = record.text("form");
  use.driver = record.text("driver");
  use.method = record.text("method");
  use.field = record.text("field");
  use.receiver = record.text("receiver");
  use.model = record.text("model");
  use.target = record.text("target");
  use.context = record.text("context");
  use.name = record.text("name");
  use.module = record.text("module");
  use.collection = record.text("collection");
  use.isolation_level = record.text("isolation_level");
  use.known_in = record.texts("known_in");
  record.each("keys", [&](const Record& item) {
    const json* const value = item.find("value");
    use.settings.push_back({item.text("name"), value != nullptr && value->is_string()
                                                   ? value->get<std::string>()
                                                   : std::string()});
  });
  use.awaited = record.flag("awaited");
  use.certain = record.flag("certain");
  use.activated = record.find("activated") != nullptr;
  use.implicit_setup_off = record.flag("implicit_setup_off");
  use.commits = record.flag("commits");
  return use;
}

python::Facts facts_of(const json& document) {
  const Record record(document);
  if (record.number("schema_version") != 1) {
    throw ommi::DatabaseError(ommi::ErrorCode::model,
                              "the reader of the models is of another kind");
  }
  python::Facts facts;
  record.each("files", [&](const Record& item) {
    facts.files.push_back(
        {item.text("path"), item.text("module"), item.flag("future_annotations")});
  });
  record.each("models", [&](const Record& item) { facts.models.push_back(model_of(item)); });
  record.each("duplicates",
              [&](const Record& item) { facts.duplicates.push_back(duplicate_of(item)); });
  record.each("uses", [&](const Record& item) { facts.uses.push_back(use_of(item)); });
  record.each("problems", [&](const Record& item) {
    facts.problems.push_back({item.text("file"), item.number("line"), item.number("column"),
                              item.text("kind"), item.text("message")});
  });
  return facts;
}

}  // namespace

python::Facts parse_python_facts(std::string_view document) {
  try {
    return facts_of(json::parse(document));
  } catch (const json::exception& error) {
    throw ommi::DatabaseError(ommi::ErrorCode::model,
                              fmt::format("what Python says of the models is not understood: {}",
                                          ommi::escaped(error.what())));
  }
}

}  // namespace doctor::sources
