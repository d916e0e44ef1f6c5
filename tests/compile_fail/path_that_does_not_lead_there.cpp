// The next member of a path is one of the struct that the lazy field leads to.
// expect: the next member of the path must be one of that struct
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::author, &Book::id>() == 7;
#else
const auto condition = ommi::at<&Book::author, &Author::name>() == "Ann";
#endif
