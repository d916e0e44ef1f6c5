// A condition names members, and a number is none.
// expect: MemberPointer
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
const auto condition = ommi::at<7>() == 7;
#else
const auto condition = ommi::at<&Book::id>() == 7;
#endif
