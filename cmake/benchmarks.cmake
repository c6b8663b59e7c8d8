# One google-benchmark program for each benchmarks/*_bench.cc (one with a main of its own is a program of its own).
# They are the target `benchmarks`, not part of a plain build. The other sources there are what they share.

find_package(benchmark REQUIRED)
add_custom_target(benchmarks)

file(GLOB benchmark_sources CONFIGURE_DEPENDS benchmarks/*_bench.cc)
file(GLOB benchmark_support CONFIGURE_DEPENDS benchmarks/*.cc)
list(REMOVE_ITEM benchmark_support ${benchmark_sources})
# What tests and benchmarks share: a client for the HTTP server, and a server to be started.
list(APPEND benchmark_support tests/support/certificates.cc tests/support/http_client.cc tests/support/places.cc
     tests/support/serving.cc)
add_library(tripline_benchmark_support STATIC EXCLUDE_FROM_ALL ${benchmark_support})
target_link_libraries(tripline_benchmark_support PUBLIC tripline_app ZLIB::ZLIB)

# serve_bench starts it.
add_dependencies(benchmarks tripline)

foreach(source IN LISTS benchmark_sources)
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks)
  target_link_libraries(${name} PRIVATE tripline_benchmark_support benchmark::benchmark_main)
  add_dependencies(benchmarks ${name})
endforeach()
