// A member whose type no column can hold is no field.
// expect: Storable
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Page::lines>("lines");
#else
    model.field<&Page::id>("id");
#endif
  }
};
