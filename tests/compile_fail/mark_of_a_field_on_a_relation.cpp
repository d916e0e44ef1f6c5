// A relationship takes a relationship's marks only.
// expect: RelationMark
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.lazy<&Page::book>("book", ommi::Key);
#else
    model.lazy<&Page::book>("book", ommi::Via{"book_id"});
#endif
  }
};
