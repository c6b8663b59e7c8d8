#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

namespace tripline::connectors::net {

/// How an AWS service with JSON 1.1 refuses. SDKs decide by the code; the message is for people and holds no secret.
struct AwsError {
  AwsError() = default;  // boost::system::result asks for it
  /// A constructor, so that a lone text is no AwsError and may be the value of an AwsResult.
  AwsError(std::string_view a_code, int a_status, std::string a_message)
      : code(a_code), status(a_status), message(std::move(a_message)) {}

  std::string_view code;  // `InvalidSignatureException`; a literal
  int status = 500;
  std::string message;
};

/// value() of a failed result is our own mistake.
[[noreturn]] inline void throw_exception_from_error(const AwsError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

template <class T>
using AwsResult = boost::system::result<T, AwsError>;

}  // namespace tripline::connectors::net
