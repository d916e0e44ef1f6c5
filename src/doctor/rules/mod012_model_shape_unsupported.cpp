#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "doctor/ommi_code.hpp"
#include "doctor/ommi_code_examples.hpp"

namespace doctor::rules {
namespace {

constexpr std::string_view explanation = R"(
## What it looks for
`@ommi_model` below `@dataclass` instead of above it; frozen classes with lazy fields; classes without a
constructor for their fields (plain ones, `init=False`); fields that a constructor does not take
(`ClassVar`, `InitVar`, `field(init=False)`, private ones of attrs and pydantic); lazy fields whose
target is no model, or wrapped in Optional or list.

## Why it breaks loading
Rows become instances: Ommi calls the class with all columns by name, and then sets the lazy fields.
Where that is not possible no row can be fetched, and so nothing can be loaded. A target that is no model
has no table.

## What to do
`@ommi_model` goes on top of `@dataclass`, `@attrs.define` or a pydantic class that is not frozen and
takes all of its fields. `LazyLoadEveryRelated[Post]` is a list already.

## What it can miss
Classes whose decorator or base is in a file that was not given, and constructors written by hand.
)";

/// The decorators with Ommi's on top, where each has a line of its own.
std::vector<TextEdit> on_top(const python::Model& model) {
  if (model.decorators.size() < 2) return {};
  const python::Span& start = model.decorators.front().place;
  const std::string margin(start.column < 2 ? 0 : start.column - 2, ' ');
  std::string old, top, rest;
  for (std::size_t at = 0; at < model.decorators.size(); ++at) {
    const python::Decorator& decorator = model.decorators[at];
    const unsigned line = start.line + static_cast<unsigned>(at);
    if (decorator.place.line != line || decorator.place.end_line != line) return {};
    const std::string text = margin + "@" + decorator.text + "\n";
    old += text;
    (line == model.decorator.line ? top : rest) += text;
  }
  std::string text = top + rest;
  text.pop_back();
  old.pop_back();
  return {{model.file, start.line, static_cast<unsigned>(model.decorators.size()), text, old}};
}

struct Fault {
  std::string message;
  Remedy remedy;
};

Remedy manual(std::string title) { return {Safety::manual, std::move(title), {}, {}}; }

std::optional<Fault> fault_of(const python::Model& model, ShapeFault kind) {
  const std::string name = ommi::escaped(model.name);
  switch (kind) {
    case ShapeFault::none:
      break;
    case ShapeFault::inner_decorator: {
      Remedy remedy = manual("put @ommi_model on top of the other decorators");
      remedy.edits = on_top(model);
      return Fault{
          name + " has @ommi_model below another decorator: its instances take no arguments",
          std::move(remedy)};
    }
    case ShapeFault::frozen:
      return Fault{
          name + " is frozen and has lazy fields, which Ommi sets after an instance is made",
          manual("do not freeze it")};
    case ShapeFault::plain:
      return Fault{name + " is a plain class: its instances take no arguments",
                   manual("put @dataclass below @ommi_model")};
    case ShapeFault::no_init:
      return Fault{name + " is declared with init=False: its instances take no arguments",
                   manual("leave init=False out")};
  }
  return std::nullopt;
}

void look_at_class(const Evidence& evidence, const python::Model& model, Findings& findings) {
  const ShapeFault kind = shape_fault(model);
  std::optional<Fault> fault = fault_of(model, kind);
  if (!fault) return;
  Finding& finding = add_about(findings, evidence, model, nullptr, std::move(fault->message));
  finding.relations = relations_by_references(evidence, model);
  finding.evidence.notes = {fmt::format("no row can be fetched: {}", error_of(kind))};
  finding.remedies = {std::move(fault->remedy)};
}

void look_at_column(const Evidence& evidence, const python::Model& model,
                    const python::Field& field, Findings& findings) {
  const std::string why = field.is_column() ? why_not_taken(model, field) : "";
  if (why.empty()) return;
  Finding& finding =
      add_about(findings, evidence, model, &field,
                fmt::format("{} is a column to Ommi, and the constructor does not take it: {}",
                            name_of(model, field), why));
  finding.relations = relations_by_references(evidence, model);
  finding.evidence.notes = {
      fmt::format("no row can be fetched: TypeError: unexpected keyword argument '{}'",
                  ommi::escaped(field.name))};
  finding.remedies = {manual(field.class_var
                                 ? "leave the annotation out: what is not annotated is no field"
                                 : "make it a field that the constructor takes")};
}

void look_at_wrapped(const Evidence& evidence, const python::Model& model,
                     const python::Field& field, Findings& findings) {
  const python::Lazy& lazy = *field.lazy;
  Finding& finding =
      add_about(findings, evidence, model, &field,
                fmt::format("{} has its target wrapped, which Ommi does not undo: {}",
                            name_of(model, field), ommi::escaped(lazy.text)));
  finding.evidence.notes = {
      hidden_error(evidence, "AttributeError: … has no attribute '__ommi__'")};
  Remedy remedy = manual("name the model alone");
  const std::string type = lazy.many ? "LazyLoadEveryRelated" : "LazyLoadTheRelated";
  const bool simple = !lazy.target->association && lazy.text.starts_with(type + "[");
  if (simple && lazy.target->is_model) {
    const std::string right = fmt::format("{}[{}]", type, lazy.target->text);
    remedy.edits = with_part(model, field, lazy.place, right);
  }
  finding.remedies = {std::move(remedy)};
}

void look_at_name(const Evidence& evidence, const python::Model& model, const python::Field& field,
                  const python::Name& name, Findings& findings) {
  if (!name.reached || !name.is_class || name.is_model) return;
  const std::string text = ommi::escaped(name.text);
  Finding& finding =
      add_about(findings, evidence, model, &field,
                fmt::format("{} leads to {}, which is no Ommi model", name_of(model, field), text));
  finding.discriminator = name.text;
  finding.evidence.notes = {hidden_error(
      evidence, fmt::format("AttributeError: type object '{}' has no attribute '__ommi__'", text))};
  finding.remedies = {manual(fmt::format("put @ommi_model above {}", text))};
}

void look_at_target(const Evidence& evidence, const python::Model& model,
                    const python::Field& field, Findings& findings) {
  if (!field.lazy || !field.lazy->target || !field.lazy->seen_by_ommi) return;
  const python::Target& target = *field.lazy->target;
  if (!target.wrapped.empty()) return look_at_wrapped(evidence, model, field, findings);
  look_at_name(evidence, model, field, target, findings);
  if (target.association && !target.association->is_string)
    look_at_name(evidence, model, field, *target.association, findings);
}

void check(const Evidence& evidence, Findings& findings) {
  for_each_model(evidence,
                 [&](const python::Model& model) { look_at_class(evidence, model, findings); });
  for_each_field(evidence, [&](const python::Model& model, const python::Field& field) {
    look_at_column(evidence, model, field, findings);
    look_at_target(evidence, model, field, findings);
  });
}

constexpr std::string_view failing = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@dataclass
@ommi_model
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

}  // namespace

extern constinit const Rule mod012_model_shape_unsupported = {
    .code = "MOD012",
    .name = "model-shape-unsupported",
    .level = Level::error,
    .summary = "a class that Ommi cannot make instances of, or a target that is no model",
    .explanation = explanation,
    .failing = {.sql = examples::sound_database, .python = failing},
    .fixed = {.sql = examples::sound_database, .python = examples::sound_models},
    .check = check,
};

}  // namespace doctor::rules
