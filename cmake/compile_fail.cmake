# Compiles SOURCE, which must fail with a message that matches the regular expression of its first line, `// expect: ...`.
# Run as: cmake -D COMPILER=c++ -D ROOT=<repository> -D SOURCE=<file> -P compile_fail.cmake

file(STRINGS ${SOURCE} first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${SOURCE}:1: expected `// expect: <regular expression of the compiler's message>`")
endif()
set(expected "${CMAKE_MATCH_1}")

execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${ROOT} ${SOURCE}
                RESULT_VARIABLE result OUTPUT_VARIABLE message ERROR_VARIABLE message)
if(result EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles, and must not: expected an error that matches `${expected}`")
elseif(NOT message MATCHES "${expected}")
  message(FATAL_ERROR "${SOURCE} fails for another reason than `${expected}`:\n${message}")
endif()
