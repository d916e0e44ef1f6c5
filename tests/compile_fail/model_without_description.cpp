// A struct that does not say how it is stored is no model.
// expect: every type needs
#include "compile_fail/models.hpp"

void add(ommi::Catalog& catalog) {
#ifdef OMMI_WRONG
  catalog.add<NoModel>();
#else
  catalog.add<Book, Author>();
#endif
}
