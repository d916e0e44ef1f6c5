// A success cannot hold a failure.
// expect: a success cannot hold a failure
#include "ommi/result.hpp"

#ifdef OMMI_WRONG
using Answer = ommi::DBResult<ommi::Failure>;
#else
using Answer = ommi::DBResult<ommi::Done>;
#endif
Answer answer = ommi::Failure(ommi::DatabaseError(ommi::ErrorCode::query, "no"));
