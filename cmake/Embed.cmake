# embed_files(<target> FILES <file>... FUNCTION <function> NAMESPACE <ns> HEADER <header>)
#
# Makes files a part of <target>: HEADER declares `std::string_view FUNCTION() noexcept` in NAMESPACE, which gives their
# bytes, one file after the other. Run by itself (cmake -P) it writes the source that holds them.
if(CMAKE_SCRIPT_MODE_FILE)
  set(digits "")
  foreach(file IN LISTS FILES)
    file(READ "${file}" more HEX)
    string(APPEND digits "${more}")
  endforeach()
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

function(embed_files target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FUNCTION;NAMESPACE;HEADER" "FILES")
  set(files "")
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file)
    list(APPEND files "${file}")
  endforeach()
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.cpp")
  add_custom_command(OUTPUT "${generated}" DEPENDS ${files} "${embed_script}" VERBATIM
    COMMAND "${CMAKE_COMMAND}" -D "FILES=${files}" -D "OUTPUT=${generated}" -D "HEADER=${arg_HEADER}"
      -D "NAMESPACE=${arg_NAMESPACE}" -D "FUNCTION=${arg_FUNCTION}" -P "${embed_script}")
  target_sources(${target} PRIVATE "${generated}")
  set_source_files_properties("${generated}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
