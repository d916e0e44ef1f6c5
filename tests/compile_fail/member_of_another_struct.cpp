// A description is of the struct's own members.
// expect: is_base_of
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Book::id>("id");
#else
    model.field<&Page::id>("id");
#endif
  }
};
