// A lazy field leads to a model, and a number is none.
// expect: a lazy field leads to a model
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
ommi::LazyLoadTheRelated<int> field;
#else
ommi::LazyLoadTheRelated<Author> field;
#endif
