#include "app/firehose_client.h"

#include <algorithm>
#include <utility>

#include <curl/curl.h>
#include <libdeflate.h>

#include "app/printable.h"
#include "connectors/json_members.h"

namespace tripline::app {

using engine::ErrorCode;
using engine::fail;

namespace {

constexpr std::size_t kMostAnswer = std::size_t{1} << 20;

std::size_t take_answer(char* data, std::size_t size, std::size_t count, void* to) {
  auto& answer = *static_cast<std::string*>(to);
  if (answer.size() + size * count > kMostAnswer) return 0;  // ends the transfer
  answer.append(data, size * count);
  return size * count;
}

std::string text_of(std::string_view string) {
  std::string text(string.size(), '\0');
  const std::string_view escaped = connectors::inner(string);
  text.resize(static_cast<std::size_t>(connectors::unescape(escaped, text.data()) - text.data()));
  return text;
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// Headers of one request.
class Headers {
 public:
  Headers() = default;
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;
  ~Headers() { curl_slist_free_all(list_); }
  void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
  curl_slist* list() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace

struct FirehoseClient::State {
  Options options;
  std::unique_ptr<CURL, FreeHandle> handle;
  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;

  std::string compress(std::string_view body) const {
    std::string to(libdeflate_gzip_compress_bound(compressor.get(), body.size()), '\0');
    to.resize(libdeflate_gzip_compress(compressor.get(), body.data(), body.size(), to.data(), to.size()));
    return to;
  }
};

FirehoseClient::FirehoseClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
FirehoseClient::FirehoseClient(FirehoseClient&&) noexcept = default;
FirehoseClient::~FirehoseClient() = default;
const std::string& FirehoseClient::url() const { return state_->options.url; }

engine::Result<FirehoseClient> FirehoseClient::make(Options options) {
  options.url = firehose_url(options.url);
  if (options.url.empty()) return fail(ErrorCode::kUsage, "--to wants a URL: http://HOST:PORT or https://HOST");
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  state->handle.reset(curl_easy_init());
  constexpr int kFast = 1;
  state->compressor.reset(libdeflate_alloc_compressor(kFast));
  if (!state->handle || !state->compressor) return fail(ErrorCode::kIo, "there is no memory for a connection");
  CURL* handle = state->handle.get();
  curl_easy_setopt(handle, CURLOPT_URL, state->options.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(state->options.limit.count()));
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_answer);
  if (!state->options.ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, state->options.ca.c_str());
  return FirehoseClient(std::move(state));
}

FirehoseClient::Answer FirehoseClient::post(const std::string& request_id, std::string_view body) {
  CURL* handle = state_->handle.get();
  std::string compressed;
  Headers headers;
  headers.add("Content-Type: application/json");
  headers.add("X-Amz-Firehose-Protocol-Version: 1.0");
  headers.add("X-Amz-Firehose-Request-Id: " + request_id);
  headers.add("User-Agent: tripline");
  headers.add("Expect:");
  if (!state_->options.key.empty()) headers.add("X-Amz-Firehose-Access-Key: " + state_->options.key);
  if (state_->options.gzip) {
    headers.add("Content-Encoding: gzip");
    compressed = state_->compress(body);
    body = compressed;
  }
  std::string answer;
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, nullptr);
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    return {Outcome::kRefused, curl_easy_strerror(code)};
  }
  if (code != CURLE_OK) return {Outcome::kRetry, curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return judge(status, answer, request_id);
}

std::string firehose_url(std::string_view url) {
  const bool http = url.starts_with("http://");
  if (!http && !url.starts_with("https://")) return {};
  const std::string_view rest = url.substr(http ? 7 : 8);
  const std::size_t slash = rest.find('/');
  if (rest.empty() || slash == 0) return {};
  if (slash == std::string_view::npos) return std::string(url) + "/firehose";
  if (slash + 1 == rest.size()) return std::string(url) + "firehose";
  return std::string(url);
}

FirehoseClient::Answer judge(long status, std::string_view body, std::string_view request_id) {
  using Outcome = FirehoseClient::Outcome;
  if (status == 200) {
    if (text_of(connectors::find_member(body, "requestId")) == request_id) return {Outcome::kAccepted, ""};
    return {Outcome::kRefused, "the server says 200, but not as Firehose wants it; is this its URL for deliveries?"};
  }
  const bool may_pass = status == 408 || status == 429 || status >= 500;
  std::string why = "the server says " + std::to_string(status);
  const std::string message = text_of(connectors::find_member(body, "errorMessage"));
  if (!message.empty()) why += ": " + truncated(printable(message), 300);
  return {may_pass ? Outcome::kRetry : Outcome::kRefused, why};
}

std::chrono::milliseconds back_off(int n) {
  return std::min<std::chrono::milliseconds>(std::chrono::seconds{1} * (1 << std::min(n, 10)), std::chrono::minutes{2});
}

}  // namespace tripline::app
