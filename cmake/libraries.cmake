# The third-party libraries, all from Debian packages (./dev installs them), and how a folder becomes a library.

find_package(Boost 1.81 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(spdlog REQUIRED)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)

# For the libraries whose package has no CMake file (and so that pkg-config need not be there).
function(tripline_find_library name header library package)
  find_path(TRIPLINE_${name}_INCLUDE ${header})
  find_library(TRIPLINE_${name}_LIBRARY ${library})
  if(NOT TRIPLINE_${name}_INCLUDE OR NOT TRIPLINE_${name}_LIBRARY)
    message(FATAL_ERROR "${header} or lib${library} not found: install the Debian package ${package}")
  endif()
  add_library(tripline::${name} UNKNOWN IMPORTED)
  set_target_properties(tripline::${name} PROPERTIES
    IMPORTED_LOCATION ${TRIPLINE_${name}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${TRIPLINE_${name}_INCLUDE})
endfunction()

tripline_find_library(re2 re2/re2.h re2 libre2-dev)
tripline_find_library(sqlite sqlite3.h sqlite3 libsqlite3-dev)
tripline_find_library(deflate libdeflate.h deflate libdeflate-dev)
tripline_find_library(xxhash xxhash.h xxhash libxxhash-dev)

# tripline_library(<folder> SOURCES <glob>... [EXCEPT <file>...] [LINK <library>...]) makes tripline_<folder>.
# A folder without sources yet becomes a library of headers alone.
function(tripline_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;EXCEPT;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${arg_SOURCES})
  list(REMOVE_ITEM sources ${arg_EXCEPT})
  if(sources)
    add_library(tripline_${folder} STATIC ${sources})
    set(visibility PUBLIC)
  else()
    add_library(tripline_${folder} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(tripline_${folder} ${visibility} ${PROJECT_SOURCE_DIR})
  target_link_libraries(tripline_${folder} ${visibility} ${arg_LINK} Threads::Threads)
endfunction()

# tripline_define(<folder> <NAME="value">...) defines macros for the folder's own sources.
function(tripline_define folder)
  get_target_property(type tripline_${folder} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    target_compile_definitions(tripline_${folder} PRIVATE ${ARGN})
  endif()
endfunction()
