#include "app/serve/basic_routes.h"

#include "app/serve/server.h"

namespace tripline::app {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using Parts = std::vector<std::string>;

std::vector<Route> basic_routes(Server& server) {
  return {
      {"GET", "/healthz", Access::kOpen,
       [](const HttpRequest&, const Parts&) { return HttpResponse{.body = "ok\n", .content_type = "text/plain"}; }},
      {"GET", "/readyz", Access::kOpen,
       [&server](const HttpRequest&, const Parts&) {
         const std::string why = server.not_ready();
         return HttpResponse{.status = why.empty() ? 200 : 503,
                             .body = (why.empty() ? "ready" : "not ready: " + why) + "\n",
                             .content_type = "text/plain"};
       }},
      {"POST", "/-/reload", Access::kAdmin,
       [&server](const HttpRequest&, const Parts&) {
         const auto done = server.reload();
         if (!done) return error_response(engine::row_of(done.error().code).http_status, done.error().message);
         return HttpResponse{.body = *done ? "{\"reloaded\":true}\n" : "{\"reloaded\":false}\n"};
       }},
  };
}

}  // namespace tripline::app
