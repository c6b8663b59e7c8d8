#include "alerts/http_client.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "alerts/url.h"
#include "engine/text.h"

namespace tripline::alerts {
namespace {

using std::chrono::microseconds;

constexpr std::size_t kMostHeaderBytes = 32 << 10;  // of an answer; further headers are not kept
constexpr long kKeptConnections = 32;

struct CodeRow {
  CURLcode code;
  HttpFailure failure;
};
/// All others: kBroken.
constexpr CodeRow kCodes[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, HttpFailure::kRequest},
    {CURLE_URL_MALFORMAT, HttpFailure::kRequest},
    {CURLE_BAD_FUNCTION_ARGUMENT, HttpFailure::kRequest},
    {CURLE_COULDNT_RESOLVE_PROXY, HttpFailure::kResolve},
    {CURLE_COULDNT_RESOLVE_HOST, HttpFailure::kResolve},
    {CURLE_COULDNT_CONNECT, HttpFailure::kConnect},
    {CURLE_PROXY, HttpFailure::kConnect},
    {CURLE_OPERATION_TIMEDOUT, HttpFailure::kTimeout},
    {CURLE_SSL_CONNECT_ERROR, HttpFailure::kTls},
    {CURLE_PEER_FAILED_VERIFICATION, HttpFailure::kTls},
    {CURLE_SSL_CERTPROBLEM, HttpFailure::kTls},
    {CURLE_SSL_CIPHER, HttpFailure::kTls},
    {CURLE_SSL_CACERT_BADFILE, HttpFailure::kTls},
    {CURLE_SSL_ISSUER_ERROR, HttpFailure::kTls},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, HttpFailure::kTls},
    {CURLE_SSL_INVALIDCERTSTATUS, HttpFailure::kTls},
    {CURLE_SSL_ENGINE_NOTFOUND, HttpFailure::kTls},
    {CURLE_SSL_ENGINE_SETFAILED, HttpFailure::kTls},
};

HttpFailure failure_of(CURLcode code) {
  const auto* row =
      std::find_if(std::begin(kCodes), std::end(kCodes), [&](const CodeRow& r) { return r.code == code; });
  return row == std::end(kCodes) ? HttpFailure::kBroken : row->failure;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

/// One request on its way. libcurl's callbacks have its address.
struct Transfer {
  Request request;
  std::shared_ptr<const HttpPolicy> policy;
  HttpClient::Done done;
  Url url{};
  Exchange exchange{};
  std::string_view refused{};  // why its address is refused; empty: it is not
  std::size_t header_bytes = 0;
  std::array<char, CURL_ERROR_SIZE> detail{};
  std::unique_ptr<curl_slist, FreeList> headers{};
  std::unique_ptr<CURL, FreeEasy> easy{};
};

engine::Address address_of(const sockaddr& address) {
  engine::Address bytes{};
  if (address.sa_family == AF_INET) {
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(&bytes[12], &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  } else if (address.sa_family == AF_INET6) {
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  }
  return bytes;  // of another family: `::`, which is refused
}

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (transfer.policy->proxy.empty()) {  // else it is the proxy's, which the operator named
    const auto why = transfer.policy->guard.refusal(transfer.url.host, address_of(to->addr));
    if (!why.empty()) {
      transfer.refused = why;
      return CURL_SOCKET_BAD;
    }
  }
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/// A kept connection may have been opened for a sink that may go where this one may not.
int before_request(void* context, char* address, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (!transfer.policy->proxy.empty()) return CURL_PREREQFUNC_OK;
  const auto parsed = engine::parse_address(address);
  const auto why = parsed ? transfer.policy->guard.refusal(transfer.url.host, *parsed) : "of an unknown kind";
  if (why.empty()) return CURL_PREREQFUNC_OK;
  transfer.refused = why;
  return CURL_PREREQFUNC_ABORT;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  auto& headers = transfer.exchange.response.headers;
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {  // another answer begins, after one of 100 Continue
    headers.clear();
    transfer.header_bytes = 0;
    return size;
  }
  transfer.header_bytes += size;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || transfer.header_bytes > kMostHeaderBytes) return size;
  constexpr std::string_view kBlanks = " \t\r\n";
  std::string_view value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
  value = value.substr(0, value.find_last_not_of(kBlanks) + 1);
  headers.emplace_back(engine::fold(line.substr(0, colon)), value);
  return size;
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  Response& response = transfer.exchange.response;
  const std::size_t room = transfer.policy->most_response_bytes - response.body.size();
  response.body.append(data, std::min(size, room));
  response.cut = size > room;
  return response.cut ? CURL_WRITEFUNC_ERROR : size;
}

void set_text(CURL* easy, CURLoption option, const std::string& value) {
  if (!value.empty()) curl_easy_setopt(easy, option, value.c_str());
}

void set_tls(CURL* easy, const HttpPolicy& policy) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set_text(easy, CURLOPT_CAINFO, policy.ca_file);
  if (!policy.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  set_text(easy, CURLOPT_SSLCERT, policy.client_cert_file);
  set_text(easy, CURLOPT_SSLKEY, policy.client_key_file);
  set_text(easy, CURLOPT_KEYPASSWD, policy.client_key_password);
}

void set_up(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  const HttpPolicy& policy = *transfer.policy;
  const Request& request = transfer.request;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.detail.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // what was signed is sent
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy.connect_limit.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(policy.total_limit.count()));
  curl_easy_setopt(easy, CURLOPT_PROXY, policy.proxy.c_str());  // empty: none, whatever the environment says
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set_tls(easy, policy);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);

  if (request.method == "GET") {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(transfer.headers.get(), line.c_str());
    if (longer == nullptr) return;
    static_cast<void>(transfer.headers.release());
    transfer.headers.reset(longer);
  };
  add("Expect:");  // no waiting for 100 Continue
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    typed = typed || name == "content-type";
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!typed) add("Content-Type:");  // else libcurl calls it a form
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
}

/// A value with a line feed would be another header.
bool sound(const Request& request) {
  const auto plain = [](const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' && c != '\t'; });
  };
  return std::all_of(request.headers.begin(), request.headers.end(),
                     [&](const HttpHeader& header) { return plain(header.first) && plain(header.second); });
}

}  // namespace

class HttpClient::Loop {
 public:
  Loop() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (multi_ = curl_multi_init()) == nullptr) {
      throw std::runtime_error("libcurl cannot be set up");
    }
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void send(std::unique_ptr<Transfer> transfer) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_);
  }

  Counters counters;

 private:
  void run() {
    while (take_waiting()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_done();
      curl_multi_poll(multi_, nullptr, 0, 60'000, nullptr);  // woken by send(), sockets and libcurl's own timers
    }
    while (!active_.empty()) finish(active_.begin()->first, HttpFailure::kStopped);
  }

  /// False: the client is being destroyed.
  bool take_waiting() {
    std::vector<std::unique_ptr<Transfer>> waiting;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
      stopping = stopping_;
    }
    for (auto& transfer : waiting) start(std::move(transfer), stopping);
    return !stopping;
  }

  void start(std::unique_ptr<Transfer> transfer, bool stopping) {
    ++counters.requests;
    const auto url = parse_url(transfer->request.url);
    transfer->easy.reset(curl_easy_init());
    if (url) transfer->url = *url;
    const auto refused = transfer->policy->guard.refusal_of_host(transfer->url.host);
    if (stopping) {
      end(*transfer, HttpFailure::kStopped);
    } else if (!url || !transfer->easy || !sound(transfer->request)) {
      end(*transfer, HttpFailure::kRequest);
    } else if (!refused.empty()) {
      transfer->refused = refused;
      end(*transfer, HttpFailure::kRefusedAddress);
    } else {
      set_up(*transfer);
      CURL* easy = transfer->easy.get();
      curl_multi_add_handle(multi_, easy);
      active_.emplace(easy, std::move(transfer));
    }
  }

  void finish_done() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      const Transfer& transfer = *active_.at(easy);
      HttpFailure failure = HttpFailure::kNone;
      if (!transfer.refused.empty() && code != CURLE_OK) {
        failure = HttpFailure::kRefusedAddress;
      } else if (code != CURLE_OK && !transfer.exchange.response.cut) {
        failure = failure_of(code);
      }
      finish(easy, failure);
    }
  }

  void finish(CURL* easy, HttpFailure failure) {
    const auto at = active_.find(easy);
    const auto transfer = std::move(at->second);
    active_.erase(at);
    curl_multi_remove_handle(multi_, easy);
    end(*transfer, failure);
  }

  void end(Transfer& transfer, HttpFailure failure) {
    Exchange& exchange = transfer.exchange;
    exchange.failure = failure;
    ++counters.failures[static_cast<int>(failure)];
    if (failure == HttpFailure::kRefusedAddress) ++counters.refused_addresses;
    if (exchange.response.cut) ++counters.cut_answers;
    if (transfer.easy) {
      long status = 0;
      curl_off_t took = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_TOTAL_TIME_T, &took);
      exchange.response.status = static_cast<int>(status);
      exchange.took = microseconds(took);
    }
    if (failure != HttpFailure::kNone) {
      exchange.response = {};
      exchange.why = why(transfer, failure);
    }
    transfer.done(std::move(exchange));
  }

  static std::string why(const Transfer& transfer, HttpFailure failure) {
    std::string text = transfer.url.host.empty() ? "a URL" : transfer.url.host;
    text.append(": ").append(row_of(failure).meaning);
    if (failure == HttpFailure::kRefusedAddress) {
      text.append(" (").append(transfer.refused).append("); the sink's `allow` would let them");
    }
    // Of certificates libcurl knows best; it says nothing there of paths, headers or bodies.
    if (failure == HttpFailure::kTls && transfer.detail[0] != '\0') text.append(": ").append(transfer.detail.data());
    return text;
  }

  CURLM* multi_ = nullptr;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active_;  // of the thread alone
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

HttpClient::HttpClient() : loop_(std::make_unique<Loop>()) {}
HttpClient::~HttpClient() = default;

void HttpClient::send(Request request, std::shared_ptr<const HttpPolicy> policy, Done done) {
  auto transfer = std::make_unique<Transfer>();
  transfer->request = std::move(request);
  transfer->policy = std::move(policy);
  transfer->done = std::move(done);
  loop_->send(std::move(transfer));
}

const HttpClient::Counters& HttpClient::counters() const { return loop_->counters; }

}  // namespace tripline::alerts
