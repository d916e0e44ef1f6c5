// Patterns are for texts.
// expect: constraints not satisfied
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::id>().like("7%");
#else
const auto condition = ommi::at<&Author::name>().like("A%");
#endif
