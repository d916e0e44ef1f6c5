# The program, and libommi with its CMake package: find_package(ommi) then gives ommi::ommi, and with
# COMPONENTS spdlog also ommi::spdlog, the only part that needs spdlog.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/ommi")

install(TARGETS ommi-doctor RUNTIME COMPONENT program)
install(TARGETS ommi EXPORT ommi ARCHIVE COMPONENT library)
install(TARGETS ommi_spdlog EXPORT ommi_spdlog ARCHIVE COMPONENT library)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ommi" TYPE INCLUDE COMPONENT library
  FILES_MATCHING PATTERN "*.hpp")
install(EXPORT ommi NAMESPACE ommi:: FILE ommiTargets.cmake
  DESTINATION "${package_folder}" COMPONENT library)
install(EXPORT ommi_spdlog NAMESPACE ommi:: FILE ommiSpdlogTargets.cmake
  DESTINATION "${package_folder}" COMPONENT library)

file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/ommiConfig.cmake" @ONLY CONTENT [[
include(CMakeFindDependencyMacro)
find_dependency(SQLite3)
find_dependency(fmt)
include("${CMAKE_CURRENT_LIST_DIR}/ommiTargets.cmake")
if("spdlog" IN_LIST ommi_FIND_COMPONENTS)
  find_package(spdlog QUIET)
  if(spdlog_FOUND)
    include("${CMAKE_CURRENT_LIST_DIR}/ommiSpdlogTargets.cmake")
    set(ommi_spdlog_FOUND TRUE)
  endif()
endif()
foreach(component IN LISTS ommi_FIND_COMPONENTS)
  if(ommi_FIND_REQUIRED_${component} AND NOT ommi_${component}_FOUND)
    set(ommi_FOUND FALSE)
    set(ommi_NOT_FOUND_MESSAGE "${component}: there is no such part of ommi, or what it needs is not there")
  endif()
endforeach()
]])
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ommiConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/ommiConfig.cmake" "${PROJECT_BINARY_DIR}/ommiConfigVersion.cmake"
  DESTINATION "${package_folder}" COMPONENT library)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
