#include "connectors/net/http_head_parser.h"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

namespace tripline::connectors::net {
namespace {

using namespace std::string_literals;

TEST(HttpHeadParser, ReadsWhatARequestSays) {
  const auto parsed = parse_request_head(
      "POST /in/firehose?a=%2f HTTP/1.1\r\nHost: h:1\r\nX-Amz-Firehose-Access-Key: \t s\xc3\xa4\tt \r\nEmpty:\r\n"
      "Content-Length: 0012\r\nExpect: 100-Continue\r\n\r\n",
      {});
  ASSERT_TRUE(std::holds_alternative<RequestHead>(parsed));
  const auto& request = std::get<RequestHead>(parsed);
  EXPECT_EQ(request.head.method, "POST");
  EXPECT_EQ(request.head.path(), "/in/firehose");
  EXPECT_EQ(request.head.query(), "a=%2f");
  EXPECT_EQ(*request.head.find("x-amz-firehose-access-key"), "s\xc3\xa4\tt");
  EXPECT_EQ(*request.head.find("empty"), "");
  EXPECT_EQ(request.body, RequestHead::Body::kLength);
  EXPECT_EQ(request.length, 12u);
  EXPECT_TRUE(request.keep_alive);
  EXPECT_TRUE(request.expects_continue);
  EXPECT_FALSE(request.http_1_0);
}

TEST(HttpHeadParser, TakesEveryFormThatIsPlain) {
  const struct {
    std::string_view name;
    std::string text;
    std::string target;
    bool keep_alive = true;
  } cases[] = {
      {"no headers in 1.0", "GET /a HTTP/1.0\r\n\r\n", "/a", false},
      {"kept in 1.0", "GET /a HTTP/1.0\r\nConnection: foo,Keep-Alive\r\n\r\n", "/a"},
      {"close wins", "GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nConnection: , Close\r\n\r\n", "/a",
       false},
      {"an absolute target of this host", "GET http://Host:80/a?b HTTP/1.1\r\nhost: hOST:80\r\n\r\n", "/a?b"},
      {"an absolute target without a path", "GET HTTPS://h?b HTTP/1.1\r\nHost: h\r\n\r\n", "/?b"},
      {"an asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "*"},
      {"an empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", "/a"},
      {"a body of no bytes", "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n", "/a"},
      {"chunks, in capitals", "PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n", "/a"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto parsed = parse_request_head(c.text, {});
    const auto* const request = std::get_if<RequestHead>(&parsed);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->head.target, c.target);
    EXPECT_EQ(request->keep_alive, c.keep_alive);
    EXPECT_FALSE(request->expects_continue);
  }
}

TEST(HttpHeadParser, RefusesWhatCouldBeReadInTwoWays) {
  const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n";
  const struct {
    std::string_view name;
    std::string text;
    HttpEnd end;
  } cases[] = {
      {"length and chunks", get + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"chunks and length", get + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", HttpEnd::kBadFraming},
      {"two lengths", get + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", HttpEnd::kBadFraming},
      {"the same length twice", get + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", HttpEnd::kBadFraming},
      {"lengths in a list", get + "Content-Length: 3, 3\r\n\r\n", HttpEnd::kBadFraming},
      {"a signed length", get + "Content-Length: +3\r\n\r\n", HttpEnd::kBadFraming},
      {"a negative length", get + "Content-Length: -3\r\n\r\n", HttpEnd::kBadFraming},
      {"a negative nothing", get + "Content-Length: -0\r\n\r\n", HttpEnd::kBadFraming},
      {"a hexadecimal length", get + "Content-Length: 0x3\r\n\r\n", HttpEnd::kBadFraming},
      {"a length with a blank inside", get + "Content-Length: 3 0\r\n\r\n", HttpEnd::kBadFraming},
      {"a fraction", get + "Content-Length: 3.0\r\n\r\n", HttpEnd::kBadFraming},
      {"an empty length", get + "Content-Length:\r\n\r\n", HttpEnd::kBadFraming},
      {"a length past 64 bits", get + "Content-Length: 18446744073709551616\r\n\r\n", HttpEnd::kBadFraming},
      {"an unknown coding", get + "Transfer-Encoding: gzip\r\n\r\n", HttpEnd::kBadFraming},
      {"a coding before the chunks", get + "Transfer-Encoding: gzip, chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"chunked is not last", get + "Transfer-Encoding: chunked, gzip\r\n\r\n", HttpEnd::kBadFraming},
      {"chunked twice", get + "Transfer-Encoding: chunked, chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"two codings", get + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"an empty coding", get + "Transfer-Encoding:\r\n\r\n", HttpEnd::kBadFraming},
      {"a quoted coding", get + "Transfer-Encoding: \"chunked\"\r\n\r\n", HttpEnd::kBadFraming},
      {"a vertical tab around the coding",
       get + "Transfer-Encoding: \x0b"
             "chunked\r\n\r\n",
       HttpEnd::kBadRequest},
      {"chunks in 1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"a folded header", get + "A: b\r\n c\r\n\r\n", HttpEnd::kBadFraming},
      {"a folded coding", get + "Transfer-Encoding:\r\n chunked\r\n\r\n", HttpEnd::kBadFraming},
      {"a blank before the first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", HttpEnd::kBadFraming},
      {"a blank before the colon", get + "Content-Length : 3\r\n\r\n", HttpEnd::kBadFraming},
      {"a tab before the colon", get + "Content-Length\t: 3\r\n\r\n", HttpEnd::kBadFraming},
      {"a bare line feed", "GET / HTTP/1.1\nHost: h\r\n\r\n", HttpEnd::kBadFraming},
      {"a bare line feed behind a header", get + "A: b\nContent-Length: 3\r\n\r\n", HttpEnd::kBadFraming},
      {"a bare carriage return", get + "A: b\rContent-Length: 3\r\n\r\n", HttpEnd::kBadRequest},
      {"a carriage return too many", get + "A: b\r\r\n\r\n", HttpEnd::kBadRequest},
      {"NUL in a value", get + "A: b\0c\r\n\r\n"s, HttpEnd::kBadRequest},
      {"NUL in a name", get + "A\0: b\r\n\r\n"s, HttpEnd::kBadRequest},
      {"NUL in the target", "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n"s, HttpEnd::kBadRequest},
      {"a name with a bracket", get + "A(b): c\r\n\r\n", HttpEnd::kBadRequest},
      {"a name with UTF-8", get + "\xc3\xa4: c\r\n\r\n", HttpEnd::kBadRequest},
      {"no name", get + ": c\r\n\r\n", HttpEnd::kBadRequest},
      {"no colon", get + "Content-Length 3\r\n\r\n", HttpEnd::kBadRequest},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", HttpEnd::kBadRequest},
      {"two Hosts", get + "Host: h\r\n\r\n", HttpEnd::kBadFraming},
      {"hosts in a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", HttpEnd::kBadRequest},
      {"a user in Host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", HttpEnd::kBadRequest},
      {"another host in the target", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", HttpEnd::kBadFraming},
      {"another port in the target", "GET http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n", HttpEnd::kBadFraming},
      {"a user in the target", "GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n", HttpEnd::kBadFraming},
      {"a target without Host", "GET http://a/ HTTP/1.0\r\n\r\n", HttpEnd::kBadFraming},
      {"a target with no host", "GET http:///a HTTP/1.1\r\nHost:\r\n\r\n", HttpEnd::kBadFraming},
      {"another scheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"no path", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", HttpEnd::kBadRequest},
      {"an asterisk for GET", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"two blanks", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a tab", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a blank in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a blank at the end", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"no version", "GET /\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a version in small letters", "GET / http/1.1\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a version with more digits", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", HttpEnd::kBadRequest},
      {"a later version", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", HttpEnd::kNotHttp1},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", HttpEnd::kBadRequest},
      {"another expectation", get + "Expect: 200-ok\r\n\r\n", HttpEnd::kBadExpectation},
      {"nothing", "", HttpEnd::kBadFraming},
      {"no end", get, HttpEnd::kBadFraming},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto parsed = parse_request_head(c.text, {});
    const auto* const refused = std::get_if<HttpRefusal>(&parsed);
    ASSERT_TRUE(refused);
    EXPECT_EQ(row_of(refused->end).label, row_of(c.end).label) << refused->why;
    EXPECT_FALSE(refused->why.empty());
  }
}

}  // namespace
}  // namespace tripline::connectors::net
