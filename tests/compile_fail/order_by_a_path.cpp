// Rows are ordered by their own members.
// expect: no matching function
#include "compile_fail/models.hpp"

bool any(const ommi::Database& database) {
#ifdef OMMI_WRONG
  return database.find<Book>().order_by(ommi::at<&Book::author, &Author::name>()).exists().ok();
#else
  return database.find<Book>().order_by(ommi::at<&Book::id>()).exists().ok();
#endif
}
