// A result is not its value: somebody has to say what a failure means.
// expect: cannot convert
#include "ommi/result.hpp"

ommi::DBResult<int> answer();

#ifdef OMMI_WRONG
const int value = answer();
#else
const int value = answer().or_use(7);
#endif
