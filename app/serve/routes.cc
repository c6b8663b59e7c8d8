#include "app/serve/routes.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "app/serve/query_string.h"
#include "engine/json_text.h"

namespace tripline::app {

using connectors::net::Admission;
using connectors::net::HttpHead;
using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using connectors::net::Reply;

namespace {

std::string_view take_segment(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

HttpResponse unauthorised(Access access) {
  HttpResponse response = error_response(
      401, access == Access::kAdmin ? "this call wants `Authorization: Bearer` with one of api.admin_tokens"
                                    : "this call wants `Authorization: Bearer` with one of api.read_tokens");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

HttpResponse error_response(int status, std::string_view message) {
  engine::JsonText json;
  json.begin_object().member("error", message).end_object();
  return {.status = status, .body = json.take() + "\n"};
}

std::optional<std::vector<std::string>> fit_path(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parts;
  if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) return std::nullopt;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view found = take_segment(path);
    if (wanted == "*" && !found.empty()) {
      parts.push_back(percent_decoded(found));
    } else if (wanted != found) {
      return std::nullopt;
    }
  }
  return parts;
}

Routes::Routes(std::vector<Route> routes, const Tokens& tokens)
    : routes_(std::move(routes)),
      keys_{connectors::net::KeyRing(tokens.read), connectors::net::KeyRing(tokens.admin), tokens.open_without},
      thread_([this] { run(); }) {}

Routes::~Routes() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void Routes::change_tokens(const Tokens& tokens) {
  const std::lock_guard lock(mutex_);
  keys_ = {connectors::net::KeyRing(tokens.read), connectors::net::KeyRing(tokens.admin), tokens.open_without};
}

Admission Routes::admit(const HttpHead&) const { return {.max_body_bytes = 64 << 10, .max_inflated_bytes = 64 << 10}; }

bool Routes::may(const HttpHead& head, Access access) const {
  if (access == Access::kOpen) return true;
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* header = head.find("authorization");
  const std::lock_guard lock(mutex_);
  if (keys_.open && keys_.read.empty() && keys_.admin.empty()) return true;
  if (header == nullptr || !header->starts_with(kBearer)) return false;
  const std::string_view token = std::string_view(*header).substr(kBearer.size());
  return keys_.admin.find(token) || (access == Access::kRead && keys_.read.find(token));
}

void Routes::handle(HttpRequest request, Reply reply) {
  std::string methods;
  for (const Route& route : routes_) {
    auto parts = fit_path(route.path, request.head.path());
    if (!parts) continue;
    const bool head_of_get = request.head.method == "HEAD" && route.method == "GET";
    if (route.method != request.head.method && !head_of_get) {
      methods += (methods.empty() ? "" : ", ") + route.method;
      continue;
    }
    if (!may(request.head, route.access)) return reply(unauthorised(route.access));
    {
      const std::lock_guard lock(mutex_);
      if (calls_.size() < kMostWaiting) {
        calls_.push_back({&route, std::move(*parts), std::move(request), std::move(reply)});
        changed_.notify_all();
        return;
      }
      ++refused_;
    }
    return reply(error_response(503, "too many calls wait; ask again later"));
  }
  if (methods.empty()) return reply(error_response(404, "there is nothing at this path"));
  HttpResponse response = error_response(405, "this path takes " + methods);
  response.headers.emplace_back("Allow", methods);
  reply(std::move(response));
}

void Routes::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !calls_.empty(); });
    if (calls_.empty()) return;
    Call call = std::move(calls_.front());
    calls_.pop_front();
    lock.unlock();
    try {
      call.reply(call.route->answer(call.request, call.parts));
    } catch (const std::exception&) {
      call.reply(error_response(500, "the call failed; the log says why"));
    }
  }
}

std::uint64_t Routes::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

}  // namespace tripline::app
