#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/settings.h"
#include "connectors/net/http_message.h"

namespace tripline::tests {

/// How a kind of sink is tried: one row for each that sends by HTTP.
struct KitKind {
  std::string_view name;
  /// Settings that lead to a server at `url` (`http://127.0.0.1:4711`), beside those that all have.
  alerts::Given (*settings)(const std::string& url);
  /// What may be seen nowhere but in requests.
  std::vector<std::string> secrets;
  /// What the real receiver answers when it takes all of a request.
  std::string (*accepts)(const connectors::net::HttpRequest&);
};

const std::vector<KitKind>& kit_kinds();

}  // namespace tripline::tests
