#pragma once

/// \file
/// How well a column's name says that it holds keys of a table.

#include <string>
#include <string_view>

#include "ommi/model.hpp"

namespace doctor::sources {

/// 1 = the name can hardly mean anything else; 0 = it says nothing.
struct NameFit {
  double score = 0;
  std::string why;  // "names User"
};

/// The `why` of a reference to the table itself.
inline constexpr std::string_view is_a_parent = "is a parent in";

/// How the name of `field` fits the key `key` of `target`; `primary` tells the primary key from a
/// unique column. The strategies and what each is worth:
///
///     author_id, AuthorId, author_fk → Author(s).id          1.00 (0.99 when singular ≠ plural)
///     authorid                       → Author(s).id          0.98
///     customer_id                    → any table's key column customer_id          0.95
///     post_id in blog_comment        → blog_post.id          0.95
///     type_id in event               → event_type.id         0.95
///     billing_customer_id            → Customer.id           0.88
///     user_id                        → auth_user.id          0.86
///     author                         → Author(s).id          0.86
///     sku                            → any table's primary key column sku          0.85
///     parent_id, parent              → the table itself      1.00, 0.90, and 0.75
///                                             where the table's name continues another's
///     manager_id, reports_to         → the table itself, if it holds people        0.85
///     author_id, created_by          → a table of people (user, person, employee)  0.82
///     page_no, error_code            → Page.id, if it is a number          0.75
///
/// A word that is just as often a plain number or text (`order`, `level`) is worth 0.60 when it
/// stands alone: never enough.
[[nodiscard]] NameFit fit_by_name(const ommi::ModelInfo& model, const ommi::FieldInfo& field,
                                  const ommi::ModelInfo& target, const ommi::FieldInfo& key,
                                  bool primary);

}  // namespace doctor::sources
