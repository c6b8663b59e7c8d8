#include "connectors/net/http_request_reader.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"
#include "tests/support/http_client.h"

namespace tripline::connectors::net {
namespace {

using State = HttpRequestReader::State;
using tests::chunked;
using tests::post;

struct Reading {
  State state;
  HttpRequest request;
  std::string end;   // of a refusal
  std::size_t left;  // bytes
};

/// Reads one request that comes in parts of `size`.
Reading read(std::string_view bytes, std::size_t size, const Admission& admission = {}, const HttpLimits& limits = {}) {
  HttpRequestReader reader(limits, "peer", true);
  while (!bytes.empty() && (reader.state() == State::kHead || reader.state() == State::kBody)) {
    auto part = bytes.substr(0, size);
    while (!part.empty() && (reader.state() == State::kHead || reader.state() == State::kBody)) {
      const auto taken = reader.feed(part);
      part.remove_prefix(taken);
      bytes.remove_prefix(taken);
      if (reader.state() == State::kAdmission) reader.admit(admission);
    }
  }
  Reading reading{reader.state(), {}, {}, bytes.size()};
  if (reader.state() == State::kWhole) reading.request = reader.take();
  if (reader.state() == State::kRefused) reading.end = row_of(reader.refusal().end).label;
  return reading;
}

std::string in_chunks(std::string_view body, std::string_view headers = {}) {
  std::string text = "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n";
  return text.append(headers).append("\r\n").append(chunked(body, 7));
}

constexpr std::string_view kGzip = "Content-Encoding: gzip\r\n";

TEST(HttpRequestReader, ReadsTheSameInPartsOfAnySize) {
  const std::string body = "a body\r\n\r\nof some lines\n";
  const std::string zipped = tests::gzip(body);
  for (const auto& text : {post("/p?q", body), in_chunks(body), post("/z", zipped, kGzip), in_chunks(zipped, kGzip),
                           "\r\n" + post("/p", body, "content-encoding: identity\r\n")}) {
    for (const std::size_t size : {1, 2, 3, 10, 1000}) {
      SCOPED_TRACE(text.substr(0, 30));
      const auto reading = read(text + "GET /next", size);
      ASSERT_EQ(reading.state, State::kWhole);
      EXPECT_EQ(reading.request.body, body);
      EXPECT_EQ(reading.request.head.method, "POST");
      EXPECT_EQ(reading.request.head.peer, "peer");
      EXPECT_TRUE(reading.request.head.tls);
      EXPECT_EQ(reading.left, std::string_view("GET /next").size());
    }
  }
}

TEST(HttpRequestReader, LeavesTheBodyAsItIsForAServiceThatAsksForThat) {
  Admission admission;
  admission.inflate = false;
  EXPECT_EQ(read(post("/", "zzz", "Content-Encoding: zstd\r\n"), 10, admission).request.body, "zzz");
  EXPECT_EQ(read(post("/", "zzz", kGzip), 10, admission).request.body, "zzz");
}

TEST(HttpRequestReader, InflatesLargeBodiesAsSmallOnes) {
  // Beyond what is kept to be inflated in one go; hardly compressible.
  std::string body;
  std::uint32_t x = 1;
  while (body.size() < (std::size_t{3} << 20))
    body += static_cast<char>('a' + ((x = x * 1664525 + 1013904223) >> 24) % 26);
  Admission admission;
  admission.max_body_bytes = std::size_t{4} << 20;
  admission.max_inflated_bytes = body.size();
  const std::string zipped = tests::gzip(body);
  ASSERT_GT(zipped.size(), std::size_t{1} << 20);
  EXPECT_EQ(read(post("/", zipped, kGzip), 10'000, admission).request.body, body);
  const std::string half = body.substr(0, 100'000);
  const auto members = tests::gzip(half) + tests::gzip("") + tests::gzip(body.substr(half.size()));
  EXPECT_EQ(read(post("/", members, kGzip), 10'000, admission).request.body, body);
  --admission.max_inflated_bytes;
  EXPECT_EQ(read(post("/", zipped, kGzip), 10'000, admission).end, "inflates_too_large");
}

TEST(HttpRequestReader, HoldsBodiesToTheServicesLimits) {
  const std::string zeros(std::size_t{1} << 20, '\0');
  const std::string bomb = tests::gzip(zeros);
  ASSERT_LT(bomb.size(), 2000u);
  auto lying = bomb;  // its last four bytes say how much it inflates to
  lying.replace(lying.size() - 4, 4, std::string("\x01\0\0\0", 4));
  const struct {
    std::string_view name;
    std::string text;
    std::size_t max_body_bytes;
    std::size_t max_inflated_bytes;
    std::string end;
  } cases[] = {
      {"a length at the limit", post("/", "12345"), 5, 0, ""},
      {"a length beyond it", post("/", "123456"), 5, 0, "body_too_large"},
      {"an absurd length", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\nx", 5, 5,
       "body_too_large"},
      {"chunks at the limit", in_chunks("12345678"), 8, 0, ""},
      {"chunks beyond it", in_chunks("12345678"), 7, 0, "body_too_large"},
      {"one byte more than a chunk may have", in_chunks("12345678"), 6, 0, "body_too_large"},
      {"inflates to the limit", post("/", bomb, kGzip), 2000, zeros.size(), ""},
      {"inflates beyond it", post("/", bomb, kGzip), 2000, zeros.size() - 1, "inflates_too_large"},
      {"inflates beyond it in chunks", in_chunks(bomb, kGzip), 2000, 1000, "inflates_too_large"},
      {"says that it inflates to less", post("/", lying, kGzip), 2000, 1000, "inflates_too_large"},
      {"gzip itself is too large", post("/", bomb, kGzip), 1000, zeros.size(), "body_too_large"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Admission admission;
    admission.max_body_bytes = c.max_body_bytes;
    admission.max_inflated_bytes = c.max_inflated_bytes;
    EXPECT_EQ(read(c.text, 100, admission).end, c.end);
  }
}

TEST(HttpRequestReader, RefusesGzipThatIsNone) {
  const std::string zipped = tests::gzip("some text, some text, some text");
  auto damaged = zipped;
  damaged[zipped.size() / 2] ^= 0x55;
  auto wrong_sum = zipped;
  wrong_sum[zipped.size() - 6] ^= 0x55;
  const struct {
    std::string_view name;
    std::string body;
    std::string headers;
    std::string end;
  } cases[] = {
      {"plain text", "some text", "Content-Encoding: gzip\r\n", "bad_gzip"},
      {"damaged", damaged, "Content-Encoding: gzip\r\n", "bad_gzip"},
      {"a wrong checksum", wrong_sum, "Content-Encoding: gzip\r\n", "bad_gzip"},
      {"ends in the middle", zipped.substr(0, zipped.size() - 3), "Content-Encoding: gzip\r\n", "bad_gzip"},
      {"text behind it", zipped + "text", "Content-Encoding: gzip\r\n", "bad_gzip"},
      {"by its old name", zipped, "Content-Encoding: X-GZIP\r\n", ""},
      {"twice", zipped, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", "unknown_encoding"},
      {"in a list", zipped, "Content-Encoding: gzip, gzip\r\n", "unknown_encoding"},
      {"deflate", zipped, "Content-Encoding: deflate\r\n", "unknown_encoding"},
      {"aws-chunked", zipped, "Content-Encoding: aws-chunked\r\n", "unknown_encoding"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(read(post("/", c.body, c.headers), 1000).end, c.end);
    EXPECT_EQ(read(in_chunks(c.body, c.headers), 3).end, c.end);
  }
}

TEST(HttpRequestReader, HoldsHeadsToTheLimits) {
  HttpLimits limits;
  limits.max_request_line_bytes = 30;
  limits.max_head_bytes = 200;
  limits.max_headers = 3;
  const std::string line = "GET /" + std::string(16, 'a') + " HTTP/1.1\r\n";
  ASSERT_EQ(line.size(), 32u);
  const struct {
    std::string_view name;
    std::string text;
    std::string end;
  } cases[] = {
      {"all at the limit", line + "Host: h\r\nA: b\r\nC: " + std::string(200 - 32 - 9 - 6 - 3 - 4, 'c') + "\r\n\r\n",
       ""},
      {"a longer line", "GET /a" + line.substr(5) + "Host: h\r\n\r\n", "request_line_too_long"},
      {"a line without end", std::string(33, 'a'), "request_line_too_long"},
      {"a header more", line + "Host: h\r\nA: b\r\nC: d\r\nE: f\r\n\r\n", "head_too_large"},
      {"a byte more", line + "Host: h\r\nA: b\r\nC: " + std::string(200 - 32 - 9 - 6 - 3 - 3, 'c') + "\r\n\r\n",
       "head_too_large"},
      {"a header without end", line + std::string(170, 'a'), "head_too_large"},
      {"short lines without end", line + "a:\r\nb:\r\nc:\r\nd:\r\n", "head_too_large"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(read(c.text, 7, {}, limits).end, c.end);
    EXPECT_EQ(read(c.text, 1000, {}, limits).end, c.end);
  }
}

TEST(HttpRequestReader, TellsAtOnceWhatIsNoRequest) {
  const struct {
    std::string_view name;
    std::string text;
    std::string end;
  } cases[] = {
      {"a TLS handshake", "\x16\x03\x01", "bad_request"},
      {"a bare line feed before the request", "\n", "bad_request"},
      {"two empty lines", "\r\n\r\n", "bad_request"},
      {"a request line that ends in a line feed", "GET / HTTP/1.1\n", "bad_framing"},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "bad_request"},
      {"a chunk's size that is none", in_chunks("").substr(0, in_chunks("").size() - 5) + "x", "bad_framing"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(read(c.text, 1).end, c.end);
    EXPECT_EQ(read(c.text, 1000).end, c.end);
  }
}

TEST(HttpRequestReader, TakesMemoryForWhatCameAndNotForWhatWasAnnounced) {
  Admission admission;
  admission.max_body_bytes = std::size_t{1} << 30;
  const HttpLimits limits;
  HttpRequestReader reader(limits, "", false);
  reader.feed("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
  reader.admit(admission);
  EXPECT_LT(reader.held_bytes(), 100u);
  const std::string part(1000, 'a');
  for (int i = 0; i < 100; ++i) reader.feed(part);
  EXPECT_LE(reader.held_bytes(), 200'000u);
  EXPECT_EQ(reader.received_body_bytes(), 100'000u);
}

TEST(HttpRequestReader, RefusesInTheServicesWordsOnceItSaidHow) {
  Admission admission;
  admission.max_body_bytes = 1;
  admission.refuse = [](int status, std::string_view why) {
    return HttpResponse{.status = 400, .body = std::to_string(status) + std::string(why)};
  };
  const HttpLimits limits;
  HttpRequestReader reader(limits, "", false);
  reader.feed(post("/", "12"));
  reader.admit(admission);
  EXPECT_EQ(reader.refusal_answer().status, 400);
  EXPECT_EQ(reader.refusal_answer().body, "413the body is too large");
  HttpRequestReader early(limits, "", false);
  early.feed("?");
  EXPECT_EQ(early.refusal_answer().body, R"({"message":"the request is not HTTP/1.1"})");
}

}  // namespace
}  // namespace tripline::connectors::net
