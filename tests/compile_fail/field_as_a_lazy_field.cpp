// A column is no lazy field.
// expect: LazyField
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.lazy<&Page::id>("id");
#else
    model.field<&Page::id>("id");
#endif
  }
};
