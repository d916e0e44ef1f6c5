#pragma once

/// \file
/// What an application's Python sources say about its Ommi models: docs/python-facts.md as plain
/// data. Nothing here is judged; names are those of that page.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor::python {

/// A place in the record's own file: lines and columns from 1, the end exclusive.
struct Span {
  unsigned line = 0;
  unsigned column = 0;
  unsigned end_line = 0;
  unsigned end_column = 0;
};

/// Characters of a field's annotation, from 0; nothing where `here` is false: an alias holds them.
struct Part {
  std::size_t start = 0;
  std::size_t end = 0;
  bool here = false;
};

/// A name that should be a model's.
struct Name {
  std::string text;
  std::string resolved;
  std::string where;       // "module", "later", "type-checking", "missing" …
  std::string definition;  // "models.py:31"
  std::string closest;
  std::vector<std::string> candidates;  // classes of that name elsewhere: "app.users.User"
  bool is_model = false;
  bool is_class = false;
  bool reached = false;
  Part place;
};

struct Association : Name {
  std::string call;  // "AssociateUsing(PostTag)"
  Part call_place;
  bool first = false;  // the first of the metadata: else Ommi does not take it
  bool is_string = false;
};

struct Target : Name {
  bool quoted = false;
  std::string wrapped;  // "optional", "union", "list", "other"
  std::optional<Association> association;
};

struct Lazy {
  bool many = false;
  bool seen_by_ommi = false;
  std::string form;  // "right", "quoted-whole", "quoted-inner", "bare" …
  std::string text;  // "LazyLoadTheRelated[User]"
  std::string import_where;
  Part place;
  std::optional<Target> target;
};

struct Reference {
  std::string form;  // "field", "string-field", "class" …
  std::string text;  // of the argument
  std::string value;
  std::string field;
  std::string why;
  std::string closest;
  std::optional<bool> resolvable;
  std::optional<Name> model;
  Part place;  // of the argument
};

struct Type {
  std::string text;
  std::string resolved;
  std::string exact;     // "int", "str", "float", "bool", "other", "stringified"
  std::string optional;  // "Optional", "Union", "pipe"
  std::string inner;     // resolved, without None
  std::optional<bool> is_class;
  bool int_subclass = false;
  bool alias = false;
  Part place;
};

struct Metadata {
  std::string kind;  // "Key", "ReferenceTo" …
  std::string text;
  std::string why_lost;
  std::string value;  // of StoreAs
  bool effective = true;
  Part place;
  std::optional<Reference> reference;
};

struct Field {
  std::string name;
  unsigned line = 0;
  Span place;
  std::string source;  // whole lines
  std::string annotation;
  Span annotation_place;
  bool quoted = false;
  bool stringified = false;
  std::optional<Lazy> lazy;
  std::optional<Type> type;
  std::vector<Metadata> metadata;
  bool key = false;
  bool automatic = false;
  std::string store_as;
  std::optional<Type> field_type;
  std::optional<Reference> reference;
  bool has_default = false;
  bool init = true;
  bool class_var = false;
  bool init_var = false;
  bool is_private = false;

  [[nodiscard]] const std::string& column() const noexcept {
    return store_as.empty() ? name : store_as;
  }
  /// Whether Ommi makes a column of it.
  [[nodiscard]] bool is_column() const noexcept { return !lazy || !lazy->seen_by_ommi; }
};

/// A field of a base class, which Ommi does not see.
struct DroppedField {
  std::string name;
  std::string owner;  // the class
  bool owner_is_model = false;
  std::string file;
  unsigned line = 0;
  std::string annotation;
  bool lazy = false;
  bool reference = false;
  bool key = false;
  bool class_var = false;
};

struct Base {
  std::string text;
  bool is_model = false;
  std::vector<DroppedField> fields_dropped;
};

struct Decorator {
  std::string text;  // as written, without the @
  Span place;
};

struct Table {
  std::string name;    // empty: computed when it runs
  std::string origin;  // "class-name", "own", "inherited"
  std::string from;
  std::string file;
  Span place;
};

struct Model {
  std::string name;
  std::string qualname;
  std::string module;
  std::string bound_as;
  std::string file;
  unsigned line = 0;
  std::string source;  // the line of the class statement
  Table table;
  bool inner_decorator = false;
  Span decorator;
  std::string collection;  // as resolved, else as written; empty: the global one
  std::vector<Decorator> decorators;
  std::string library;  // "dataclass", "attrs", "pydantic", "plain" …
  std::string library_of_base;
  bool frozen = false;
  bool keyword_only = false;
  bool init_disabled = false;
  bool defines_init = false;
  bool local_to_function = false;
  bool type_checking_only = false;
  std::vector<Base> bases;
  std::vector<Field> fields;
};

struct File {
  std::string path;
  std::string module;
  bool future_annotations = false;
};

struct DuplicatePlace {
  std::string file;
  unsigned line = 0;
  std::string as;  // of a module: the name that it is imported by
};

struct Duplicate {
  std::string kind;  // "redefined", "same-name", "module-two-names"
  std::string name;
  std::string file;  // of "module-two-names"
  std::vector<DuplicatePlace> places;
};

/// What could not be read.
struct Problem {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  std::string kind;
  std::string message;
};

/// A setting that is given by name; the name is empty where it is computed.
struct NamedSetting {
  std::string name;
  std::string value;  // of a literal text
};

/// How the application uses Ommi, at one place (docs/python-facts.md, "Uses").
struct Use {
  std::string kind;  // "ommi", "refresh", "lazy-access" …
  std::string file;
  unsigned line = 0;
  std::string source;  // the line
  std::string text;
  std::string scope;  // of the function; empty outside of all
  std::string form;
  std::string driver;
  std::string method;
  std::string field;
  std::string receiver;
  std::string model;   // dotted
  std::string target;  // dotted
  std::string context;
  std::string name;
  std::string module;
  std::string collection;
  std::string isolation_level;
  std::vector<std::string> known_in;
  std::vector<NamedSetting> settings;
  bool awaited = false;
  bool certain = false;
  bool activated = false;
  bool implicit_setup_off = false;
  bool commits = false;
};

struct Facts {
  std::vector<File> files;
  std::vector<Model> models;
  std::vector<Duplicate> duplicates;
  std::vector<Use> uses;
  std::vector<Problem> problems;

  /// The model that `name` is, or null.
  [[nodiscard]] const Model* find(const Name& name) const noexcept;
};

}  // namespace doctor::python
