# One GoogleTest program a folder, what must not compile, the fuzzers' kept inputs, the layers and the format.
#
# Label `unit`: what ./dev test runs under sanitizers. The others run once, against the release build.

find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)

if(DEFINED ENV{TRIPLINE_SHARED})
  set(shared_default $ENV{TRIPLINE_SHARED})
else()
  set(shared_default ${PROJECT_SOURCE_DIR}/../shared)
endif()
cmake_path(NORMAL_PATH shared_default)
set(TRIPLINE_SHARED ${shared_default} CACHE PATH "Real logs and rule sets; tests that need them skip where it is missing")

set(test_environment TRIPLINE_ROOT=${PROJECT_SOURCE_DIR} TRIPLINE_SHARED=${TRIPLINE_SHARED}
    ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1)

file(GLOB support_sources CONFIGURE_DEPENDS tests/support/*.cc)
if(support_sources)
  add_library(tripline_test_support STATIC ${support_sources})
  set(visibility PUBLIC)
else()
  add_library(tripline_test_support INTERFACE)
  set(visibility INTERFACE)
endif()
target_include_directories(tripline_test_support ${visibility} ${PROJECT_SOURCE_DIR})
target_link_libraries(tripline_test_support ${visibility} tripline_alerts tripline_connectors tripline_rules
                      rapidcheck_gtest GTest::gmock)

add_custom_target(unit_tests COMMENT "")

# tripline_tests(<folder> LABEL unit|whole [LINK <library>...] [DRIVES <program>]); TRIPLINE_BIN is the program's path.
function(tripline_tests folder)
  cmake_parse_arguments(arg "" "LABEL;DRIVES" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/*_test.cc tests/${folder}/*/*_test.cc)
  if(NOT sources)
    return()
  endif()
  set(name ${folder}_tests)
  add_executable(${name} ${sources})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE tripline_test_support ${arg_LINK} GTest::gmock_main)
  if(TARGET "${arg_DRIVES}")
    add_dependencies(${name} ${arg_DRIVES})
    list(APPEND test_environment TRIPLINE_BIN=$<TARGET_FILE:${arg_DRIVES}>)
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} ENVIRONMENT "${test_environment}")
  if(arg_LABEL STREQUAL unit)
    add_dependencies(unit_tests ${name})
  endif()
endfunction()

tripline_tests(engine LABEL unit)
tripline_tests(rules LABEL unit)
tripline_tests(connectors LABEL unit LINK tripline_net)
tripline_tests(alerts LABEL unit)
tripline_tests(deploy LABEL unit LINK tripline_net)
tripline_tests(sink_kit LABEL unit)
tripline_tests(app LABEL unit LINK tripline_app DRIVES tripline)
tripline_tests(property LABEL unit LINK tripline_app)
tripline_tests(e2e LABEL whole LINK tripline_app DRIVES tripline)

# What the fuzzers once found or covered, run again by every compiler and sanitizer.
file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/*_fuzz.cc)
foreach(source IN LISTS fuzzers)
  cmake_path(GET source STEM stem)
  string(REGEX REPLACE "_fuzz$" "" name ${stem})
  set(target fuzz_replay_${name})
  add_executable(${target} ${source} tests/fuzz/replay_main.cc)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(${target} PRIVATE tripline_app)
  add_test(NAME ${target} COMMAND ${target} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(${target} PROPERTIES LABELS unit ENVIRONMENT "${test_environment}")
  add_dependencies(unit_tests ${target})
endforeach()

file(GLOB mistakes CONFIGURE_DEPENDS tests/compile_fail/*.cc)
foreach(source IN LISTS mistakes)
  cmake_path(GET source STEM name)
  add_test(NAME compile_fail.${name} COMMAND ${CMAKE_COMMAND} -D COMPILER=${CMAKE_CXX_COMPILER}
    -D ROOT=${PROJECT_SOURCE_DIR} -D SOURCE=${source} -P ${PROJECT_SOURCE_DIR}/cmake/compile_fail.cmake)
  set_tests_properties(compile_fail.${name} PROPERTIES LABELS whole)
endforeach()

add_test(NAME layers COMMAND sh ${PROJECT_SOURCE_DIR}/tests/layers/check.sh ${PROJECT_SOURCE_DIR})
add_test(NAME layers_check_itself COMMAND sh ${PROJECT_SOURCE_DIR}/tests/layers/check_test.sh)
add_test(NAME format COMMAND ${PROJECT_SOURCE_DIR}/dev format --check)
set_tests_properties(layers layers_check_itself format PROPERTIES LABELS whole)
