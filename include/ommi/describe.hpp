#pragma once

/// \file
/// Typed models: structs that say, once, how they are stored.
///
///     struct Post {
///       std::int64_t id{};
///       std::string title;
///       std::int64_t author_id{};
///       LazyLoadTheRelated<User> author;          // User may be declared only
///       LazyLoadEveryRelated<Tag> tags;
///
///       static void describe(Describe<Post>& model) {
///         model.name("Post")
///             .field<&Post::id>("id", Key, Auto)
///             .field<&Post::title>("title", StoreAs{"headline"})
///             .field<&Post::author_id>("author_id", ReferenceTo{"User.id"})
///             .lazy<&Post::author>("author")
///             .lazy<&Post::tags>("tags", AssociateUsing<PostTag>{});
///       }
///     };
///     catalog.add<User, Post, Tag, PostTag>().seal();
///
/// For a struct that cannot be edited, specialise ommi::Description with the same function. The
/// description is read once, by Catalog::add; it yields an ordinary ModelInfo and, for each member,
/// how to reach it.

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ommi/column_type.hpp"
#include "ommi/lazy.hpp"
#include "ommi/marks.hpp"
#include "ommi/model.hpp"

namespace ommi {

/// Its address stands for the member.
template <auto Member>
inline constexpr char member_tag = 0;

template <class T>
concept MemberPointer = std::is_member_object_pointer_v<T>;
template <class T>
struct MemberOf;
template <class Class, class Type>
struct MemberOf<Type Class::*> {
  using owner = Class;
  using type = Type;
};
template <auto Member>
using member_owner = typename MemberOf<decltype(Member)>::owner;
template <auto Member>
using member_type = typename MemberOf<decltype(Member)>::type;

/// The name of a type, as the compiler writes it, also of one that is only declared.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
  constexpr std::string_view here = __PRETTY_FUNCTION__;
  constexpr std::size_t begin = here.find("T = ") + 4;
  return here.substr(begin, here.find_first_of(";]", begin) - begin);
}
template <class T>
[[nodiscard]] constexpr std::string_view short_type_name() noexcept {
  const std::string_view name = type_name<T>();
  const std::size_t colon = name.rfind("::");
  return colon == std::string_view::npos ? name : name.substr(colon + 2);
}

namespace engine {

/// The association of a lazy field, which its type or a mark names; void if there is none.
template <class... Candidates>
struct FirstAssociation {
  using type = void;
};
template <class First, class... Others>
struct FirstAssociation<First, Others...> : FirstAssociation<Others...> {};
template <class Association, class... Others>
struct FirstAssociation<AssociateUsing<Association>, Others...> {
  using type = Association;
  static_assert(((!is_association_mark<Others> ||
                  std::is_same_v<Others, AssociateUsing<Association>>)&&...),
                "one lazy field, two associations");
};
template <class Field, class... Marks>
using association_of =
    typename FirstAssociation<std::conditional_t<std::is_void_v<typename Field::Association>, Field,
                                                 AssociateUsing<typename Field::Association>>,
                              Marks...>::type;

/// Whether a mark is no OrderBy, or one by a member of the target or of the association. Both may
/// be declared only, as long as the member is their own.
template <class Mark, class Target, class Association>
inline constexpr bool orders = true;
template <auto Member, class Target, class Association>
inline constexpr bool orders<OrderBy<Member>, Target, Association> =
    std::disjunction_v<std::is_same<member_owner<Member>, Target>,
                       std::is_same<member_owner<Member>, Association>,
                       std::is_base_of<member_owner<Member>, Target>,
                       std::is_base_of<member_owner<Member>, Association>>;

struct FieldBinding {
  const void* member;
  bool (*read)(void* object, const Cell& cell);
  Cell (*write)(const void* object, std::string& text);
};

struct LazyBinding {
  const void* member;
  LazyField& (*field)(void* object);
};

/// How the engine reaches the members of a type; in the order of its model's fields and
/// relationships.
struct Binding {
  std::vector<FieldBinding> fields;
  std::vector<LazyBinding> lazies;
  std::shared_ptr<ObjectStore> (*objects)() = nullptr;
};

}  // namespace engine

/// Describes a struct that has no `describe` of its own: specialise it.
template <class T>
struct Description;

/// Collects what a description says.
template <class T>
class Describe {
 public:
  Describe& name(std::string_view name) {
    info_.name = name;
    return *this;
  }
  /// The table, where it is not named like the model.
  Describe& store_as(std::string_view table) {
    info_.store_as = table;
    return *this;
  }
  /// No two rows have the same values of these fields.
  Describe& unique(std::initializer_list<std::string> fields) {
    info_.unique_sets.emplace_back(fields);
    return *this;
  }

  template <auto Member, FieldMark... Marks>
  requires std::is_base_of_v<member_owner<Member>, T> && Storable<member_type<Member>> Describe&
  field(std::string_view name, const Marks&... marks) {
    using Stored = member_type<Member>;
    FieldInfo& info = info_.fields.emplace_back();
    info.name = name;
    info.type = ColumnType<Stored>::type;
    info.nullable = is_optional<Stored>;
    info.comparison.affinity = affinity_for(info.type);
    info.member = &member_tag<Member>;
    (apply(info, marks), ...);
    binding_.fields.push_back(
        {&member_tag<Member>,
         [](void* object, const Cell& cell) {
           return ColumnType<Stored>::from(cell, static_cast<T*>(object)->*Member);
         },
         [](const void* object, std::string& text) {
           return ColumnType<Stored>::to(static_cast<const T*>(object)->*Member, text);
         }});
    return *this;
  }

  template <auto Member, RelationMark... Marks>
  requires std::is_base_of_v<member_owner<Member>, T> &&
      std::is_base_of_v<LazyField, member_type<Member>>
          Describe& lazy(std::string_view name, const Marks&... marks) {
    using Field = member_type<Member>;
    using Association = engine::association_of<Field, Marks...>;
    static_assert((engine::orders<Marks, typename Field::Target, Association> && ...),
                  "OrderBy takes a member of the target or of the association");
    RelationInfo& info = info_.relations.emplace_back();
    info.name = name;
    info.cardinality = Field::cardinality;
    info.required = Field::required;
    info.target = short_type_name<typename Field::Target>();
    info.target_type = &type_tag<typename Field::Target>;
    if constexpr (!std::is_void_v<typename Field::Association>) {
      info.linked = true;
      apply(info, AssociateUsing<typename Field::Association>{});
    }
    (apply(info, marks), ...);
    binding_.lazies.push_back({&member_tag<Member>, [](void* object) -> LazyField& {
                                 return static_cast<T*>(object)->*Member;
                               }});
    return *this;
  }

 private:
  friend class Catalog;
  Describe() {
    info_.name = short_type_name<T>();
    binding_.objects = []() -> std::shared_ptr<engine::ObjectStore> {
      return std::make_shared<engine::Objects<T>>();
    };
  }
  ModelInfo take() {
    info_.type = &type_tag<T>;
    info_.binding = std::make_shared<const engine::Binding>(std::move(binding_));
    return std::move(info_);
  }

  static Affinity affinity_for(Type type) noexcept {
    switch (type) {
      case Type::boolean:
      case Type::integer:
        return Affinity::integer;
      case Type::real:
        return Affinity::real;
      case Type::numeric:
        return Affinity::numeric;
      case Type::text:
      case Type::date:
      case Type::datetime:
        return Affinity::text;
      case Type::any:
      case Type::blob:
        break;
    }
    return Affinity::none;
  }

  void apply(FieldInfo& info, KeyMark) { info.key = true; }
  void apply(FieldInfo& info, AutoMark) { info.automatic = true; }
  void apply(FieldInfo& info, UniqueMark) { info_.unique_sets.push_back({info.name}); }
  void apply(FieldInfo& info, const StoreAs& mark) { info.store_as = mark.column; }
  void apply(FieldInfo& info, const ReferenceTo& mark) {
    Reference& reference = info_.references.emplace_back();
    reference.fields = {info.name};
    reference.model = mark.model;
    reference.target_fields = {std::string(mark.field)};
  }
  template <class Association>
  void apply(RelationInfo& info, AssociateUsing<Association>) {
    info.via = short_type_name<Association>();
    info.via_type = &type_tag<Association>;
  }
  template <auto Member>
  void apply(RelationInfo& info, const OrderBy<Member>& mark) {
    RelatedOrder& order = info.order.emplace_back();
    order.descending = mark.sort == Descending;
    order.member = &member_tag<Member>;
  }
  void apply(RelationInfo& info, const Limit& mark) { info.limit = mark.rows; }
  void apply(RelationInfo& info, const Via& mark) { info.follow = mark.fields; }
  void apply(RelationInfo& info, const ViaTarget& mark) { info.target_follow = mark.fields; }

  ModelInfo info_;
  engine::Binding binding_;
};

/// A struct that says how it is stored.
template <class T>
concept Described = std::is_default_constructible_v<T> &&(
    requires(Describe<T>& model) { T::describe(model); } ||
    requires(Describe<T> & model) { Description<T>::describe(model); });

template <class... Types>
Catalog& Catalog::add() {
  static_assert(sizeof...(Types) > 0 && (Described<Types> && ...),
                "every type needs `static void describe(ommi::Describe<T>&)` or a specialisation "
                "of ommi::Description, and a default constructor");
  const auto add_one = [this]<class T>(std::type_identity<T>) {
    Describe<T> description;
    if constexpr (requires { T::describe(description); }) {
      T::describe(description);
    } else {
      Description<T>::describe(description);
    }
    add(description.take());
  };
  (add_one(std::type_identity<Types>{}), ...);
  return *this;
}

}  // namespace ommi
