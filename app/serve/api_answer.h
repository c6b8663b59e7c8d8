#pragma once

#include <string>
#include <utility>

#include "app/serve/routes.h"
#include "connectors/net/http_message.h"
#include "engine/result.h"

namespace tripline::app {

// What calls of /api/v1 have in common.

inline connectors::net::HttpResponse answer(std::string json) { return {.status = 200, .body = std::move(json)}; }

inline connectors::net::HttpResponse failed(const engine::Error& error) {
  return error_response(engine::row_of(error.code).http_status, error.message);
}

/// Calls that change something want it, so that no page in a browser can make them.
inline bool is_json(const connectors::net::HttpRequest& request) {
  const std::string* type = request.head.find("content-type");
  return type != nullptr && type->substr(0, type->find(';')) == "application/json";
}
inline connectors::net::HttpResponse wants_json() {
  return error_response(415, "this call wants `Content-Type: application/json`");
}

}  // namespace tripline::app
