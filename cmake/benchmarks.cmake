# One google-benchmark program for each benchmarks/*_bench.cc. They are the target `benchmarks`, not part of a plain build.

find_package(benchmark REQUIRED)
add_custom_target(benchmarks)

file(GLOB benchmark_sources CONFIGURE_DEPENDS benchmarks/*_bench.cc)
foreach(source IN LISTS benchmark_sources)
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks)
  target_link_libraries(${name} PRIVATE tripline_app benchmark::benchmark_main)
  add_dependencies(benchmarks ${name})
endforeach()
