// A condition is on a field that is stored; a lazy field is none.
// expect: a condition is on a field that is stored
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::author>() == 7;
#else
const auto condition = ommi::at<&Book::author, &Author::id>() == 7;
#endif
