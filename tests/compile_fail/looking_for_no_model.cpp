// Only a described struct can be looked for.
// expect: only a described struct can be looked for
#include "compile_fail/models.hpp"

bool any(const ommi::Database& database) {
#ifdef OMMI_WRONG
  return database.find<NoModel>().exists().or_raise();
#else
  return database.find<Book>().exists().or_raise();
#endif
}
