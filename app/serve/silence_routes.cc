#include "app/serve/silence_routes.h"

#include <memory>
#include <utility>

#include "app/serve/api_answer.h"
#include "app/silence_json.h"

namespace tripline::app {

using alerts::Silence;
using connectors::net::HttpRequest;
using connectors::net::HttpResponse;

namespace {

class SilenceApi {
 public:
  explicit SilenceApi(SilenceParts parts) : parts_(std::move(parts)) {}

  HttpResponse list() const {
    const auto all = parts_.all();
    if (!all) return failed(all.error());
    const auto now = parts_.now();
    engine::JsonText json;
    json.begin_object().key("silences").begin_array();
    for (const Silence& silence : *all) write_silence(silence, now, json);
    json.end_array().end_object();
    return answer(json.take() + "\n");
  }

  HttpResponse add(const HttpRequest& request) const {
    if (!is_json(request)) return wants_json();
    const auto now = parts_.now();
    const auto silence = read_silence(request.body, now);
    if (!silence) return failed(silence.error());
    if (const auto put = parts_.put(*silence); !put) return failed(put.error());
    engine::JsonText json;
    write_silence(*silence, now, json, parts_.doubts(*silence));
    return answer(json.take() + "\n");
  }

  HttpResponse end(const HttpRequest& request, const std::string& id) const {
    if (!is_json(request)) return wants_json();
    if (const auto ended = parts_.end(id); !ended) {
      const bool none = ended.error().code == engine::ErrorCode::kBadInput;
      return none ? error_response(404, ended.error().message) : failed(ended.error());
    }
    return answer("{}\n");
  }

 private:
  SilenceParts parts_;
};

}  // namespace

std::vector<Route> silence_routes(SilenceParts parts) {
  using Path = std::vector<std::string>;
  const auto api = std::make_shared<const SilenceApi>(std::move(parts));
  return {
      {"GET", "/api/v1/silences", Access::kRead, [api](const HttpRequest&, const Path&) { return api->list(); }},
      {"POST", "/api/v1/silences", Access::kAdmin,
       [api](const HttpRequest& request, const Path&) { return api->add(request); }},
      {"POST", "/api/v1/silences/*/end", Access::kAdmin,
       [api](const HttpRequest& request, const Path& path) { return api->end(request, path[0]); }},
  };
}

}  // namespace tripline::app
