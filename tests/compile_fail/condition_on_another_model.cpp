// A condition is on the struct that is looked for.
// expect: ommi::Condition<Author>
#include "compile_fail/models.hpp"

bool any(const ommi::Database& database) {
#ifdef OMMI_WRONG
  return database.find<Book>().where(ommi::at<&Author::id>() == 7).exists().or_raise();
#else
  return database.find<Book>().where(ommi::at<&Book::id>() == 7).exists().or_raise();
#endif
}
