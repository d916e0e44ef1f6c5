// A reference names a model and a field, and is read by the compiler.
// expect: ReferenceTo needs a model and a field
#include "compile_fail/models.hpp"

#ifdef OMMI_WRONG
constexpr ommi::ReferenceTo reference{"Author"};
#else
constexpr ommi::ReferenceTo reference{"Author.id"};
#endif
static_assert(!reference.model.empty());
