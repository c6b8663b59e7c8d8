// Our reading of requests beside Boost.Beast's: what we accept, it accepts, and to the same end.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/net/http_request_reader.h"
#include "tests/support/beast_reading.h"
#include "tests/support/places.h"

namespace tripline::connectors::net {
namespace {

struct Reading {
  HttpRequest request;
  std::size_t consumed;
};

/// The first request of `bytes`; nothing: it is refused, or not whole.
std::optional<Reading> read(std::string_view bytes) {
  const HttpLimits limits;
  HttpRequestReader reader(limits, "", false);
  std::size_t consumed = 0;
  for (;;) {
    switch (reader.state()) {
      case HttpRequestReader::State::kAdmission:
        reader.admit({.max_body_bytes = 1 << 20, .max_inflated_bytes = 1 << 20, .inflate = false});
        break;
      case HttpRequestReader::State::kWhole:
        return Reading{reader.take(), consumed};
      case HttpRequestReader::State::kRefused:
        return std::nullopt;
      default:
        if (consumed == bytes.size()) return std::nullopt;
        consumed += reader.feed(bytes.substr(consumed));
    }
  }
}

/// Parts that servers have differed about, in some order, which now and then is a request.
std::string some_request(std::mt19937& random) {
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  static const std::vector<std::string> kMethods = {"GET", "POST", "HEAD", "OPTIONS", "X-$1", "get", "PRI", "G(T", ""};
  static const std::vector<std::string> kTargets = {
      "/",     "/a?b=%20#c", "*", "http://h/x", "HTTPS://h?q", "http://h",
      "/\"<>", "/\xc3\xa4",  "",  "x",          "/{}|\\^`",    "http://other/"};
  static const std::vector<std::string> kVersions = {"HTTP/1.1", "HTTP/1.1", "HTTP/1.0",
                                                     "HTTP/2.0", "http/1.1", "HTTP/1.1 "};
  static const std::vector<std::string> kHeaders = {"Host: h",
                                                    "host:h",
                                                    "Host: h:80",
                                                    "Content-Length: 5",
                                                    "Content-Length: 05",
                                                    "content-length:0",
                                                    "Content-Length: 5, 5",
                                                    "Content-Length: +5",
                                                    "Transfer-Encoding: chunked",
                                                    "transfer-encoding: CHUNKED",
                                                    "Transfer-Encoding: gzip, chunked",
                                                    "Transfer-Encoding : chunked",
                                                    "A: b",
                                                    "A:",
                                                    "A: \t b \t ",
                                                    "A:b: c",
                                                    "A: \xff\x80",
                                                    " folded",
                                                    "A b: c",
                                                    "Connection: close",
                                                    "Connection: keep-alive, x",
                                                    "Upgrade: h2c",
                                                    "Expect: 100-continue",
                                                    "X: a\x01"
                                                    "b",
                                                    "X: a\rb",
                                                    ": empty",
                                                    "Trailer: A",
                                                    "Content-Encoding: gzip",
                                                    "Proxy-Connection: close"};
  static const std::vector<std::string> kBodies = {"hello",
                                                   "",
                                                   "5\r\nhello\r\n0\r\n\r\n",
                                                   "3;a=b\r\nabc\r\n0\r\n\r\n",
                                                   "003\r\nabc\r\n00\r\n\r\n",
                                                   "3;a=\"b c\";d\r\nabc\r\n0\r\nA: t\r\nZ: t\r\n\r\n",
                                                   "3 \r\nabc\r\n0\r\n\r\n",
                                                   "A\r\n0123456789\r\n0;x\r\n\r\n",
                                                   "a\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                                                   "5\nhello\n0\n\n",
                                                   "ffffffffffffffff1\r\n"};
  static const std::vector<std::string> kEnds = {"\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r"};
  const auto end = [&] { return random() % 4 == 0 ? pick(kEnds) : "\r\n"; };
  std::string text = random() % 8 == 0 ? "\r\n" : "";
  const std::string method = random() % 2 ? "POST" : pick(kMethods);
  text += method + " " + (random() % 2 ? "/x" : pick(kTargets)) + " " + pick(kVersions) + end();
  if (random() % 8 != 0) text += "Host: h\r\n";
  for (std::size_t i = random() % 4; i > 0; --i) text += pick(kHeaders) + end();
  text += end() + pick(kBodies);
  for (std::size_t i = random() % 10 == 0 ? 1 + random() % 3 : 0; i > 0; --i) {
    text[random() % text.size()] = static_cast<char>(random());
  }
  return text;
}

TEST(HttpBeast, ReadsWhatWeAcceptAsWeDo) {
  std::mt19937 random(9112);
  std::size_t accepted = 0, with_body = 0;
  for (int round = 0; round < 60'000; ++round) {
    const std::string text = some_request(random);
    const auto ours = read(text);
    if (!ours) continue;
    ++accepted;
    with_body += ours->request.body.empty() ? 0 : 1;
    ASSERT_EQ(tests::difference_from_beast(text, ours->request, ours->consumed), "") << text;
  }
  EXPECT_GT(accepted, 5'000u);
  EXPECT_GT(with_body, 500u);
}

TEST(HttpBeast, ReadsWhatFuzzingKeptAsWeDo) {
  std::size_t accepted = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(tests::repository() / "tests/fuzz/corpus/http_request")) {
    const std::string text = tests::read_file(entry.path());
    const auto ours = read(text);
    if (!ours) continue;
    ++accepted;
    EXPECT_EQ(tests::difference_from_beast(text, ours->request, ours->consumed), "") << entry.path();
  }
  EXPECT_GT(accepted, 5u);
}

}  // namespace
}  // namespace tripline::connectors::net
