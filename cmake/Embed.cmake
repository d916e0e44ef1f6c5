# embed_file(<target> FILE <file> FUNCTION <function> NAMESPACE <ns> HEADER <header>)
#
# Makes a file a part of <target>: HEADER declares `std::string_view FUNCTION() noexcept` in NAMESPACE, which gives its
# bytes. Run by itself (cmake -P) it writes the source that holds them.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${FILE}" digits HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${digits}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
    bytes "${bytes}")
  file(WRITE "${OUTPUT}" "// Written by cmake/Embed.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
constexpr unsigned char bytes[] = {
${bytes}};
}

std::string_view ${FUNCTION}() noexcept { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }
}  // namespace ${NAMESPACE}
")
  return()
endif()

set(embed_script "${CMAKE_CURRENT_LIST_FILE}")

function(embed_file target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE;FUNCTION;NAMESPACE;HEADER" "")
  cmake_path(ABSOLUTE_PATH arg_FILE OUTPUT_VARIABLE file)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.cpp")
  add_custom_command(OUTPUT "${generated}" DEPENDS "${file}" "${embed_script}" VERBATIM
    COMMAND "${CMAKE_COMMAND}" -D "FILE=${file}" -D "OUTPUT=${generated}" -D "HEADER=${arg_HEADER}"
      -D "NAMESPACE=${arg_NAMESPACE}" -D "FUNCTION=${arg_FUNCTION}" -P "${embed_script}")
  target_sources(${target} PRIVATE "${generated}")
  set_source_files_properties("${generated}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
