# One libFuzzer program for each tests/fuzz/<name>_fuzz.cc: build/<preset>/fuzz/<name>. `./dev fuzz` runs them.

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "TRIPLINE_FUZZ needs clang: cmake --preset fuzz")
endif()

file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/*_fuzz.cc)
foreach(source IN LISTS fuzzers)
  cmake_path(GET source STEM stem)
  string(REGEX REPLACE "_fuzz$" "" name ${stem})
  add_executable(fuzz_${name} ${source})
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz OUTPUT_NAME ${name})
  target_link_libraries(fuzz_${name} PRIVATE tripline_app)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endforeach()
