// A member that cannot be empty is not compared with nothing.
// expect: std::nullopt only where it may be NULL
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::author_id>() == std::nullopt;
#else
const auto condition = ommi::at<&Book::author_id>() == 7;
#endif
