// Related rows are ordered by a member of theirs, or of the association.
// expect: OrderBy takes a member of the target or of the association
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  long author_id{};
  ommi::LazyLoadTheRelated<Author> author;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.lazy<&Page::author>("author", ommi::OrderBy<&Book::id>{});
#else
    model.lazy<&Page::author>("author", ommi::OrderBy<&Author::name>{});
#endif
  }
};
