#include "connectors/net/sigv4.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/net/sigv4_verify.h"
#include "engine/text.h"

using namespace tripline::connectors::net;

namespace {

const std::string kSecret = "secret";
const tripline::engine::EventTime kNow = *tripline::engine::parse_time("20260115T101112Z");

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Method, target, headers (`name:value`), an empty line, body.
HttpRequest request_of(std::string_view text) {
  HttpRequest request;
  request.head.method = take_line(text);
  request.head.target = take_line(text);
  for (std::string_view line; !(line = take_line(text)).empty();) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.head.headers.emplace_back(tripline::engine::fold(line.substr(0, colon)),
                                      line.substr(std::min(colon + 1, line.size())));
  }
  request.body = text;
  return request;
}

}  // namespace

/// Whatever the request: an Authorization header that can be read leads to a verdict, and it is no good one, as nobody
/// signed it; and what sign() signs is what check_signature() takes, with no other body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  HttpRequest request = request_of({reinterpret_cast<const char*>(data), size});
  const auto foreign = read_signature(request.head);
  if (foreign) {
    if (foreign->key_id.empty() || foreign->signed_headers.empty() || foreign->time.size() != 16) std::abort();
    check_scope(*foreign, "firehose", kNow);
    if (!check_signature(*foreign, request.head, request.body, kSecret)) std::abort();
  } else if (foreign.error().code.empty() || foreign.error().message.empty()) {
    std::abort();
  }

  HttpHead& head = request.head;
  std::erase_if(head.headers, [](const HttpHeader& header) {
    return header.first == "authorization" || header.first == "x-amz-date" || header.first == "x-amz-content-sha256" ||
           header.first.find_first_of(",;= \r\t") != std::string::npos;
  });
  head.headers.emplace_back("host", "127.0.0.1");
  const auto added = sign(head, request.body, {"AKIDEXAMPLE", kSecret, ""}, {"us-east-1", "firehose"}, kNow);
  head.headers.insert(head.headers.end(), added.begin(), added.end());
  const auto own = read_signature(head);
  if (!own || check_scope(*own, "firehose", kNow)) std::abort();
  if (check_signature(*own, head, request.body, kSecret)) std::abort();
  if (!check_signature(*own, head, request.body + "x", kSecret)) std::abort();
  if (!check_signature(*own, head, request.body, kSecret + "x")) std::abort();
  return 0;
}
