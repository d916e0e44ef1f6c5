// What is set is a member of the struct that is looked for.
// expect: no matching function
#include "compile_fail/models.hpp"

bool change(const ommi::Database& database) {
#ifdef OMMI_WRONG
  return database.find<Book>().all_rows().update(ommi::set<&Author::name>("Ann")).ok();
#else
  return database.find<Book>().all_rows().update(ommi::set<&Book::author_id>(7)).ok();
#endif
}
