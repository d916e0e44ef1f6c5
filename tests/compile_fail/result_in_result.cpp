// A result inside a result would be two places to look for one failure.
// expect: a DBResult inside a DBResult
#include "ommi/result.hpp"

#ifdef OMMI_WRONG
ommi::DBResult<ommi::DBResult<int>> answer = ommi::DBResult<int>(1);
#else
ommi::DBResult<int> answer = 1;
#endif
