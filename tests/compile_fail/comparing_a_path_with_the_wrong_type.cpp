// At the end of a path, too, a text is not compared with a number.
// expect: a field is compared with a value of its own type
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::author, &Author::name>() == 7;
#else
const auto condition = ommi::at<&Book::author, &Author::name>() == "Ann";
#endif
