#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/http_answer.h"
#include "connectors/net/http_request_reader.h"
#include "tests/support/beast_reading.h"

namespace {

using namespace tripline::connectors::net;
using State = HttpRequestReader::State;

constexpr std::size_t kMaxBody = 2000;
constexpr std::size_t kMaxInflated = 5000;

void require(bool holds) {
  if (!holds) std::abort();
}

/// What was made of a connection's bytes, to be compared with another reading of them.
struct Found {
  std::vector<HttpRequest> requests;
  HttpEnd end = HttpEnd::kPeerGone;  // where the bytes ended in the middle, or all was read
};

Admission admit(const HttpHead& head) {
  Admission admission;
  admission.max_body_bytes = kMaxBody;
  admission.max_inflated_bytes = kMaxInflated;
  admission.inflate = head.path() != "/raw";
  return admission;
}

void check(const HttpRequest& request) {
  const auto& head = request.head;
  require(is_token(head.method));
  require(head.target == "*" || head.target.front() == '/');
  require(head.target.find_first_of(std::string_view(" \r\n\0", 4)) == std::string::npos);
  require(request.body.size() <= std::max(kMaxBody, kMaxInflated));
  std::size_t lengths = 0;
  std::size_t codings = 0;
  for (const auto& [name, value] : head.headers) {
    require(is_token(name) && is_field_value(value));
    require(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
    require(value.empty() || (value.front() != ' ' && value.back() != ' '));
    lengths += name == "content-length" ? 1 : 0;
    codings += name == "transfer-encoding" ? 1 : 0;
  }
  require(lengths + codings <= 1);
  if (lengths + codings == 0) require(request.body.empty());
}

/// Reads as many requests as there are, as a connection does, in parts of `size`.
Found read(std::string_view bytes, std::size_t size, const HttpLimits& limits) {
  Found found;
  for (;;) {
    const std::string_view begin = bytes;
    HttpRequestReader reader(limits, "peer", false);
    while (reader.state() != State::kWhole && reader.state() != State::kRefused) {
      if (reader.state() == State::kAdmission) {
        reader.admit(admit(reader.request().head));
        continue;
      }
      if (bytes.empty()) return found;
      const auto taken = reader.feed(bytes.substr(0, size));
      require(taken <= std::min(size, bytes.size()));
      require(taken > 0 || reader.state() == State::kRefused);
      require(reader.held_bytes() <= 2 * (kMaxBody + kMaxInflated) + 65536);
      bytes.remove_prefix(taken);
    }
    if (reader.state() == State::kRefused) {
      found.end = reader.refusal().end;
      const auto answer = reader.refusal_answer();
      require(answer.status >= 400 && is_sendable(answer) && !answer_head(answer, {}).empty());
      return found;
    }
    found.requests.push_back(reader.take());
    const HttpRequest& request = found.requests.back();
    check(request);
    // What we take off is nothing that Beast does.
    if (!request.head.find("content-encoding")) {
      const auto consumed = static_cast<std::size_t>(bytes.data() - begin.data());
      require(tripline::tests::difference_from_beast(begin, request, consumed).empty());
    }
  }
}

}  // namespace

/// Whatever the bytes: no crash, nothing beyond the limits; every request that comes out can be read in one way only,
/// Boost.Beast reads it so, and it does not depend on how the bytes were cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HttpLimits limits;
  limits.max_request_line_bytes = 100;
  limits.max_head_bytes = 1000;
  limits.max_headers = 10;
  const Found whole = read(bytes, std::max<std::size_t>(size, 1), limits);
  for (const std::size_t part : {1, 7}) {
    const Found parts = read(bytes, part, limits);
    require(parts.end == whole.end && parts.requests.size() == whole.requests.size());
    for (std::size_t i = 0; i < parts.requests.size(); ++i) {
      require(parts.requests[i].body == whole.requests[i].body);
      require(parts.requests[i].head.target == whole.requests[i].head.target);
      require(parts.requests[i].head.headers == whole.requests[i].head.headers);
    }
  }
  return 0;
}
