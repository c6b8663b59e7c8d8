#pragma once

#include <string>

namespace tripline::tests {

/// A certificate with its key, both in PEM, that was made a moment ago and holds for a day.
struct Certificate {
  std::string certificate;
  std::string key;
};

/// `name` is its common name. Without an issuer it is signed by itself, and may sign others.
Certificate make_certificate(const std::string& name, const Certificate* issuer = nullptr);

}  // namespace tripline::tests
