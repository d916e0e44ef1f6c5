// A field takes a field's marks only.
// expect: FieldMark
#include "compile_fail/models.hpp"

struct Page {
  long id{};
  static void describe(ommi::Describe<Page>& model) {
#ifdef OMMI_WRONG
    model.field<&Page::id>("id", ommi::Via{"book_id"});
#else
    model.field<&Page::id>("id", ommi::Key);
#endif
  }
};
