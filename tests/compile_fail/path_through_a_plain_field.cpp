// Only lazy fields lead on to another struct.
// expect: only lazy fields lead on
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<&Book::author_id, &Author::name>() == "Ann";
#else
const auto condition = ommi::at<&Book::author, &Author::name>() == "Ann";
#endif
