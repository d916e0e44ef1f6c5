#include <algorithm>

#include <fmt/format.h>

#include "doctor/ommi_behaviour.hpp"

namespace doctor {
namespace {

/// A reference as Ommi keeps it, with the fields' numbers in the catalog.
struct Followed {
  std::size_t field;
  std::size_t target_field;
};

OmmiLoad failing(OmmiLoad load, OmmiEnd end, std::string error) {
  load.end = end;
  load.error = std::move(error);
  return load;
}

/// Lines first: they tell nearly all apart, and there may be thousands of models.
bool is_made_from(const ommi::Model& model, const python::Model& from) {
  const ommi::Place& place = model.info.place;
  return from.line == place.line && from.file == place.file;
}

/// Whether the module has no such name when it is looked up.
bool is_out_of_scope(const python::Name& name) {
  constexpr std::string_view places[] = {"type-checking", "function",  "class",
                                         "later",         "elsewhere", "missing"};
  return !name.reached &&
         std::find(std::begin(places), std::end(places), name.where) != std::end(places);
}

/// What makes the import of a class's module fail, or empty.
std::string import_error(const python::Facts& facts, const python::Model& model) {
  for (const python::Field& field : model.fields) {
    if (const auto fault = fault_of_reference(facts, model, field); fault && fault->at_import)
      return fault->error;
    if (!field.lazy || !field.lazy->target) continue;
    const python::Target& target = *field.lazy->target;
    // A name in quotes is looked up when an instance is made; any other when the class is.
    if (field.stringified || field.lazy->form != "right") continue;
    std::vector<const python::Name*> names = {&target};
    if (target.association && !target.association->is_string) names.push_back(&*target.association);
    for (const python::Name* name : names) {
      if (is_out_of_scope(*name))
        return fmt::format("NameError: name '{}' is not defined", ommi::escaped(name->text));
    }
  }
  return {};
}

/// The exception of a lazy field whose target, or association, is no model to Ommi; or empty.
std::string name_error(const python::Name& name) {
  const std::string text = ommi::escaped(name.text);
  if (name.is_model && name.reached) return {};
  if (name.reached && name.is_class)
    return fmt::format("AttributeError: type object '{}' has no attribute '__ommi__'", text);
  if (!is_out_of_scope(name)) return {};
  return fmt::format(
      "AttributeError: type object 'ForwardReferenceTo_{}' has no attribute '__ommi__'", text);
}

/// The exception that the annotation of a lazy field leads to by itself, or empty.
std::string annotation_error(const python::Lazy& lazy, OmmiRelease release) {
  if (!lazy.target) return {};
  const python::Target& target = *lazy.target;
  if (lazy.form == "quoted-inner" && release >= OmmiRelease::v0_1_9) {
    return target.association ? fmt::format("TypeError: Unexpected node type: ForwardRef('{}')",
                                            ommi::escaped(target.text))
                              : "AttributeError: 'ForwardRef' object has no attribute '__ommi__'";
  }
  if (!target.wrapped.empty()) return "AttributeError: … has no attribute '__ommi__'";
  if (std::string error = name_error(target); !error.empty()) return error;
  if (!target.association) return {};
  if (target.association->is_string)
    return "AttributeError: 'str' object has no attribute '__ommi__'";
  return name_error(*target.association);
}

/// The first exception of resolving a class's references, all of which are resolved at once.
std::string references_error(const python::Facts& facts, const python::Model& model) {
  for (const python::Field& field : model.fields) {
    if (const auto fault = fault_of_reference(facts, model, field)) return fault->error;
  }
  return {};
}

class Loads {
 public:
  Loads(const python::Facts& facts, const ommi::Catalog& catalog, const ommi::Relation& relation,
        OmmiRelease release)
      : facts_(facts), catalog_(catalog), relation_(relation), release_(release) {}

  OmmiLoad run() {
    load_.many = relation_.many();
    load_.owner = relation_.owner;
    load_.owner_class = class_of(facts_, *relation_.owner);
    const python::Field* const field = lazy_field();
    if (field == nullptr) return load_;
    if (std::string error = import_error(facts_, *load_.owner_class); !error.empty())
      return failing(load_, OmmiEnd::module, std::move(error));
    if (!field->lazy->seen_by_ommi) return failing(load_, OmmiEnd::column, {});
    if (std::string error = instance_error(*load_.owner_class); !error.empty())
      return failing(load_, OmmiEnd::instance, std::move(error));
    if (std::string error = annotation_error(*field->lazy, release_); !error.empty())
      return failing(load_, OmmiEnd::failure, std::move(error));
    if (!field->lazy->target) return load_;
    return target_of(*field->lazy->target);
  }

 private:
  [[nodiscard]] const python::Field* lazy_field() const {
    if (load_.owner_class == nullptr) return nullptr;
    for (const python::Field& field : load_.owner_class->fields) {
      if (field.lazy && field.name == relation_.info.name) return &field;
    }
    return nullptr;
  }

  OmmiLoad target_of(const python::Target& target) {
    load_.target_class = facts_.find(target);
    load_.target = model_of(load_.target_class);
    if (load_.target == nullptr) return load_;
    if (!target.association) return by_reference();
    const python::Model* const link = facts_.find(*target.association);
    load_.via = model_of(link);
    return load_.via == nullptr ? load_ : by_association(*link);
  }

  /// The kind of the lazy field plays no part: what the owner refers to comes first.
  OmmiLoad by_reference() {
    if (std::string error = references_error(facts_, *load_.owner_class); !error.empty())
      return failing(load_, OmmiEnd::failure, std::move(error));
    const auto forward = references(*load_.owner_class, *load_.owner, *load_.target);
    if (!forward.empty()) {
      for (const Followed& each : forward)
        load_.conditions.push_back({each.target_field, each.field});
      return done(ommi::Direction::forward);
    }
    if (std::string error = references_error(facts_, *load_.target_class); !error.empty())
      return failing(load_, OmmiEnd::failure, std::move(error));
    const auto reverse = references(*load_.target_class, *load_.target, *load_.owner);
    for (const Followed& each : reverse)
      load_.conditions.push_back({each.field, each.target_field});
    if (!reverse.empty()) return done(ommi::Direction::reverse);
    return failing(load_, OmmiEnd::failure,
                   fmt::format("RuntimeError: No reference found between models {} and {}",
                               class_text(*load_.owner_class), class_text(*load_.target_class)));
  }

  OmmiLoad by_association(const python::Model& link) {
    if (std::string error = references_error(facts_, link); !error.empty())
      return failing(load_, OmmiEnd::failure, std::move(error));
    for (const Followed& each : references(link, *load_.via, *load_.owner))
      load_.conditions.push_back({each.field, each.target_field});
    if (load_.conditions.empty())
      return failing(load_, OmmiEnd::failure, "TypeError: 'NoneType' object is not iterable");
    for (const Followed& each : references(link, *load_.via, *load_.target))
      load_.links.push_back({each.field, each.target_field});
    if (load_.links.empty())
      return failing(load_, OmmiEnd::failure,
                     "sqlite3.OperationalError: near \"WHERE\": syntax error");
    return done(ommi::Direction::association);
  }

  OmmiLoad done(ommi::Direction direction) {
    load_.direction = direction;
    if (unknown_) return load_;
    load_.end = OmmiEnd::query;
    return load_;
  }

  /// The references of `from` to `target`, in the order of the fields.
  std::vector<Followed> references(const python::Model& from, const ommi::Model& model,
                                   const ommi::Model& target) {
    std::vector<Followed> found;
    for (const python::Field& field : from.fields) {
      if (!field.reference || !field.reference->model) continue;
      if (model_of(facts_.find(*field.reference->model)) != &target) continue;
      const auto here = number_of(model, field.name);
      const auto there = number_of(target, field.reference->field);
      if (here && there) {
        found.push_back({*here, *there});
      } else {
        unknown_ = true;
      }
    }
    return found;
  }

  static std::optional<std::size_t> number_of(const ommi::Model& model, std::string_view name) {
    for (std::size_t at = 0; at < model.fields().size(); ++at) {
      if (model.fields()[at].name == name) return at;
    }
    return std::nullopt;
  }

  [[nodiscard]] const ommi::Model* model_of(const python::Model* model) const {
    if (model == nullptr) return nullptr;
    for (const ommi::Model& known : catalog_.models()) {
      if (is_made_from(known, *model)) return &known;
    }
    return nullptr;
  }

  static std::string class_text(const python::Model& model) {
    return fmt::format("<class 'ommi.models.models.OmmiModel_{}'>", ommi::escaped(model.name));
  }

  const python::Facts& facts_;
  const ommi::Catalog& catalog_;
  const ommi::Relation& relation_;
  OmmiRelease release_;
  OmmiLoad load_;
  bool unknown_ = false;
};

}  // namespace

const python::Model* class_of(const python::Facts& facts, const ommi::Model& model) {
  for (const python::Model& known : facts.models) {
    if (is_made_from(model, known)) return &known;
  }
  return nullptr;
}

OmmiLoad load_by_ommi(const python::Facts& facts, const ommi::Catalog& catalog,
                      const ommi::Relation& relation, OmmiRelease release) {
  return Loads(facts, catalog, relation, release).run();
}

}  // namespace doctor
