// A mark is not any value that happens to be at hand.
// expect: FieldMark
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Page::id>("id", "primary key");
#else
    model.field<&Page::id>("id", ommi::StoreAs{"page_id"});
#endif
  }
};
