// A lazy field that never has rows is a mistake.
// expect: a Limit of no rows
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
inline constexpr ommi::Limit rows{0};
#else
inline constexpr ommi::Limit rows{3};
#endif
