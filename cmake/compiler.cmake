# How everything is compiled: language, warnings, sanitizers, ccache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_package(Threads REQUIRED)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast)
# clang counts sign changes under -Wconversion, GCC does not; both compilers shall ask for the same.
add_compile_options($<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
# GCC 12 sees an overlapping copy in `"text" + string` where there is none (GCC bug 105651).
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# Nor can it follow which member of a std::variant is alive; clang and the sanitizers watch over that.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(TRIPLINE_WERROR)
  add_compile_options(-Werror)
endif()

# Paths in messages and debug information start at the repository, wherever it lies.
file(RELATIVE_PATH from_build ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${from_build}=)

if(TRIPLINE_SANITIZE)
  add_compile_options(-fsanitize=${TRIPLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TRIPLINE_SANITIZE})
endif()

if(TRIPLINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # libFuzzer steers by the coverage of everything, not of the target alone
endif()

# Copies of the repository share one cache: ccache sees paths relative to the copy.
find_program(TRIPLINE_CCACHE ccache)
if(TRIPLINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TRIPLINE_CCACHE})
endif()
