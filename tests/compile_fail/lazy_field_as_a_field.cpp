// A lazy field is no column.
// expect: Storable
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Page::book>("book");
#else
    model.lazy<&Page::book>("book");
#endif
  }
};
