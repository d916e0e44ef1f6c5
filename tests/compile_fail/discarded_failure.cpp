// Nor is a result that was already at hand, or the value in it.
// expect: ignoring return
// flags: -Werror=unused-result
#include "ommi/result.hpp"

void look(const ommi::DBResult<int>& answer) {
#ifdef OMMI_WRONG
  answer.or_raise();
#else
  if (answer.or_raise() > 0) return;
#endif
}
