#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>

#include "tests/support/places.h"

namespace tripline::tests {

/// A port of 127.0.0.1 that nobody listens at.
std::uint16_t free_port();

/// Debian's Prometheus, with the scrape interval made a second and the alert rules as they are shipped.
class Prometheus {
 public:
  /// Whether it is installed.
  static bool installed();

  /// Scrapes 127.0.0.1:target. Its files are in the folder.
  Prometheus(const TemporaryFolder& folder, std::uint16_t target);
  ~Prometheus();
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  /// The answer to a query, once it has a result; what it last said after a minute.
  std::string query(const std::string& promql) const;
  /// The answer to a query, whatever it is.
  std::string answer(const std::string& promql) const;
  /// What it tells of its alert rules, once it has evaluated each.
  std::string rules() const;

 private:
  std::string ask_until(const std::string& request, const std::function<bool(const std::string&)>& enough) const;

  std::uint16_t port_ = free_port();
  pid_t child_ = -1;
};

}  // namespace tripline::tests
