// What came of a call is not thrown away unseen: it may have failed.
// expect: ignoring return
// flags: -Werror=unused-result
#include "compile_fail/models.hpp"

void clear(const ommi::Database& database) {
#ifdef OMMI_WRONG
  database.find<Book>().all_rows().remove();
#else
  if (!database.find<Book>().all_rows().remove()) return;
#endif
}
