#include "app/serve/basic_routes.h"

#include <utility>

namespace tripline::app {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using Parts = std::vector<std::string>;

std::vector<Route> basic_routes(std::function<std::string()> not_ready, std::function<engine::Result<bool>()> reload) {
  return {
      {"GET", "/healthz", Access::kOpen,
       [](const HttpRequest&, const Parts&) { return HttpResponse{.body = "ok\n", .content_type = "text/plain"}; }},
      {"GET", "/readyz", Access::kOpen,
       [not_ready = std::move(not_ready)](const HttpRequest&, const Parts&) {
         const std::string why = not_ready();
         return HttpResponse{.status = why.empty() ? 200 : 503,
                             .body = (why.empty() ? "ready" : "not ready: " + why) + "\n",
                             .content_type = "text/plain"};
       }},
      {"POST", "/-/reload", Access::kAdmin,
       [reload = std::move(reload)](const HttpRequest&, const Parts&) {
         const auto done = reload();
         if (!done) return error_response(engine::row_of(done.error().code).http_status, done.error().message);
         return HttpResponse{.body = *done ? "{\"reloaded\":true}\n" : "{\"reloaded\":false}\n"};
       }},
  };
}

}  // namespace tripline::app
