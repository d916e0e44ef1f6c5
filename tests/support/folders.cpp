#include "support/folders.hpp"

namespace folders {

std::string source() { return OMMI_SOURCE_DIR; }
std::string binary() { return OMMI_BINARY_DIR; }
std::string shared_data() { return OMMI_SOURCE_DIR "/../shared/data"; }
std::string shared_schemas() { return OMMI_SOURCE_DIR "/../shared/schemas"; }

}  // namespace folders
