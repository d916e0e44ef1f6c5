# add_catalogue(<target> FOLDER <folder> TYPE <type> FUNCTION <function> NAMESPACE <ns> HEADER <header>)
#
# Adds every .cpp file of FOLDER to <target>. Each file defines one <type> in <ns>, named like the file.
# Writes the source that lists them, sorted, and defines <function> to return the list. Adding a file is all it
# takes: the glob is looked at again in every build.
function(add_catalogue target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER;TYPE;FUNCTION;NAMESPACE;HEADER" "")
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${arg_FOLDER}/*.cpp")
  list(SORT files)

  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    string(APPEND declarations "extern const ${arg_TYPE} ${name};\n")
    string(APPEND entries "    &${arg_NAMESPACE}::${name},\n")
  endforeach()

  string(MAKE_C_IDENTIFIER "${arg_NAMESPACE}" slug)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${slug}_catalogue.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT [[
// Written by cmake/Catalogue.cmake.
#include "@arg_HEADER@"

namespace @arg_NAMESPACE@ {
@declarations@}

namespace {
constexpr const @arg_TYPE@* entries[] = {
@entries@};
}

std::span<const @arg_TYPE@* const> @arg_FUNCTION@() noexcept { return entries; }
]])
  target_sources(${target} PRIVATE ${files} "${generated}")
endfunction()
