#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

namespace tripline::engine {

/// Every way the world can fail us. What a code means to callers is one row of `kErrorCodes`.
enum class ErrorCode {
  kBadInput,   // text that is not what it should be: JSON, YAML, a query, a time
  kNotALog,    // readable, but nothing in it is an event
  kTruncated,  // the input ends in the middle
  kTooLarge,   // a cap on size was reached
  kTooDeep,    // a cap on nesting was reached
  kIo,         // the operating system refused
  kUsage,      // the command line or the configuration
  kBadRule,    // a rule did not compile
  kStore,      // the store is corrupt or cannot be written
};

struct ErrorCodeRow {
  ErrorCode code;
  std::string_view label;  // metric label and `code` in machine-readable output
  bool retryable;
  int http_status;
  int exit_code;
};

inline constexpr ErrorCodeRow kErrorCodes[] = {
    {ErrorCode::kBadInput, "bad_input", false, 400, 3}, {ErrorCode::kNotALog, "not_a_log", false, 400, 3},
    {ErrorCode::kTruncated, "truncated", true, 400, 3}, {ErrorCode::kTooLarge, "too_large", false, 400, 3},
    {ErrorCode::kTooDeep, "too_deep", false, 400, 3},   {ErrorCode::kIo, "io", true, 503, 3},
    {ErrorCode::kUsage, "usage", false, 400, 3},        {ErrorCode::kBadRule, "bad_rule", false, 400, 2},
    {ErrorCode::kStore, "store", true, 503, 3},
};

constexpr const ErrorCodeRow& row_of(ErrorCode code) {
  for (const auto& row : kErrorCodes) {
    if (row.code == code) return row;
  }
  return kErrorCodes[0];
}

/// A failure of the world: a sentence that says what was expected and where, never a payload or a secret.
struct Error {
  ErrorCode code;
  std::string message;
};

/// value() of a failed Result is our own mistake, or a test's or a benchmark's way to stop.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

template <class T>
using Result = boost::system::result<T, Error>;

inline Error fail(ErrorCode code, std::string message) { return Error{code, std::move(message)}; }

}  // namespace tripline::engine
