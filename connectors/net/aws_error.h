#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace tripline::connectors::net {

/// How an AWS service with JSON 1.1 refuses. SDKs decide by the code; the message is for people and holds no secret.
struct AwsError {
  std::string_view code;  // `InvalidSignatureException`; a literal
  int status = 400;
  std::string message;
};

/// value() of a failed result is our own mistake.
[[noreturn]] inline void throw_exception_from_error(const AwsError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

template <class T>
using AwsResult = boost::system::result<T, AwsError>;

}  // namespace tripline::connectors::net
