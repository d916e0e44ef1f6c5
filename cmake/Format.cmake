# Targets format and format-check: scripts/format does the work.
add_custom_target(format COMMAND "${PROJECT_SOURCE_DIR}/scripts/format" USES_TERMINAL VERBATIM)
add_custom_target(format-check COMMAND "${PROJECT_SOURCE_DIR}/scripts/format" --check USES_TERMINAL VERBATIM)
