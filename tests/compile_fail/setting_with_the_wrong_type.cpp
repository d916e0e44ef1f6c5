// A number is not set to a text.
// expect: ComparableWith
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto setting = ommi::set<&Book::author_id>("Ann");
#else
const auto setting = ommi::set<&Book::author_id>(7);
#endif
