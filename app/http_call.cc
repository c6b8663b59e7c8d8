#include "app/http_call.h"

#include <array>
#include <memory>

#include <curl/curl.h>

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;

struct Body {
  std::string text;
  std::size_t most;
  bool too_large = false;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<Body*>(into);
  if (body.text.size() + size * count > body.most) {
    body.too_large = true;
    return 0;
  }
  body.text.append(data, size * count);
  return size * count;
}

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

engine::Result<HttpCallAnswer> http_call(const std::string& url, const HttpCallOptions& options) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) return fail(ErrorCode::kIo, url + ": no memory for a request");
  Body body{.text = {}, .most = options.max_bytes};
  std::array<char, CURL_ERROR_SIZE> reason{};
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add_header = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) return;
    headers.release();  // it is a part of the longer one
    headers.reset(longer);
  };
  if (!options.token.empty()) add_header("Authorization: Bearer " + options.token);
  if (!options.json.empty()) {
    add_header("Content-Type: application/json");
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, options.json.data());
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(options.json.size()));
  }
  if (headers) curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, options.method.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_limit.count()));
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options.limit.count()));
  if (!options.ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, reason.data());
  const CURLcode code = curl_easy_perform(handle.get());
  if (body.too_large) {
    return fail(ErrorCode::kTooLarge, url + ": the answer is longer than " + std::to_string(body.most) + " bytes");
  }
  if (code != CURLE_OK) {
    const std::string why = reason[0] != '\0' ? std::string(reason.data()) : curl_easy_strerror(code);
    return fail(ErrorCode::kIo, url + ": " + why);
  }
  HttpCallAnswer answer;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  answer.body = std::move(body.text);
  return answer;
}

}  // namespace tripline::app
