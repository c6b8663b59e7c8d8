#include "connectors/net/http_answer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "connectors/net/http_head_parser.h"

namespace tripline::connectors::net {
namespace {

struct Reason {
  int status;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

std::string_view reason_of(int status) {
  const auto* const found = std::find_if(std::begin(kReasons), std::end(kReasons),
                                         [status](const Reason& row) { return row.status == status; });
  return found == std::end(kReasons) ? std::string_view("Answer") : found->text;
}

constexpr std::array<std::string_view, 6> kOwnHeaders = {
    "connection", "content-encoding", "content-length", "content-type", "date", "transfer-encoding"};

/// RFC 9110, 5.6.7: in English and Greenwich's time, whatever the locale.
std::string http_date(std::time_t now) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                    kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text, static_cast<std::size_t>(size)};
}

void add_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool is_sendable(const HttpResponse& answer) {
  return answer.status >= 200 && answer.status <= 599 && is_field_value(answer.content_type) &&
         std::all_of(answer.headers.begin(), answer.headers.end(),
                     [](const HttpHeader& header) { return is_token(header.first) && is_field_value(header.second); });
}

std::string answer_head(const HttpResponse& answer, const AnswerFraming& framing) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  head.append(reason_of(answer.status)).append("\r\n");
  if (has_body(answer.status)) {
    if (!answer.content_type.empty()) add_header(head, "Content-Type", answer.content_type);
    add_header(head, "Content-Length", std::to_string(answer.body.size()));
  }
  add_header(head, "Date", http_date(framing.now));
  if (!framing.keep_alive) {
    add_header(head, "Connection", "close");
  } else if (framing.http_1_0) {
    add_header(head, "Connection", "keep-alive");
  }
  for (const auto& [name, value] : answer.headers) {
    std::string lowered(name);
    for (char& c : lowered) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lowered) == kOwnHeaders.end()) add_header(head, name, value);
  }
  return head += "\r\n";
}

}  // namespace tripline::connectors::net
