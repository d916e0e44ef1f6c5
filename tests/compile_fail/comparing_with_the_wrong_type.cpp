// A number is not compared with a text.
// expect: a field is compared with a value of its own type
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::id>() == "7";
#else
const auto condition = ommi::at<&Book::id>() == 7;
#endif
