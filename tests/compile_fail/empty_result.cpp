// A result that wraps nothing cannot be written.
// expect: deleted
#include "ommi/result.hpp"

#ifdef OMMI_WRONG
ommi::DBResult<int> answer;
#else
ommi::DBResult<int> answer = 1;
#endif
