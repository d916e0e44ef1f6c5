// Only lazy fields are loaded eagerly.
// expect: with<> takes lazy fields
#include "compile_fail/models.hpp"

bool any(const ommi::Database& database) {
#ifdef OMMI_WRONG
  return database.find<Book>().with<&Book::author_id>().all().ok();
#else
  return database.find<Book>().with<&Book::author>().all().ok();
#endif
}
