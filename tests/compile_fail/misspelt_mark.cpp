// A mark that is misspelt is told in a few lines.
// expect: is not a member of
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  std::vector<int> lines;
  ommi::LazyLoadTheRelated<Book> book;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Page::id>("id", ommi::KeyMark::Key);
#else
    model.field<&Page::id>("id", ommi::Key);
#endif
  }
};
