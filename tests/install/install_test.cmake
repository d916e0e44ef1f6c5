# Installs the build into a folder of its own, then builds and runs a program that knows nothing of this tree.
# cmake -D BUILD=<build folder> -D COMPILER=… -D FLAGS=… -D BUILD_TYPE=… -P install_test.cmake
set(folder "${BUILD}/install-test")
file(REMOVE_RECURSE "${folder}")

function(run expected)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${result}\n${output}")
  endif()
  if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "${ARGN}: expected ${expected}\n${output}")
  endif()
endfunction()

run("libommi\\.a" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${folder}/prefix")
run("" "${CMAKE_COMMAND}" -G Ninja -S "${CMAKE_CURRENT_LIST_DIR}/example" -B "${folder}/build"
  "-DCMAKE_PREFIX_PATH=${folder}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")
run("" "${CMAKE_COMMAND}" --build "${folder}/build")
run("^Ada: 2\nBarbara: 1\n$" "${folder}/build/example")
run("^debug\n$" "${folder}/build/logging")
run("ommi-doctor ${VERSION}" "${folder}/prefix/bin/ommi-doctor" --version)
file(REMOVE_RECURSE "${folder}")
