// A lazy field of Linked has its association, and takes no other.
// expect: one lazy field, two associations
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  ommi::LazyLoadEveryRelated<ommi::Linked<Author, Book>> authors;
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.lazy<&Page::authors>("authors", ommi::AssociateUsing<NoModel>{});
#else
    model.lazy<&Page::authors>("authors", ommi::AssociateUsing<Book>{});
#endif
  }
};
