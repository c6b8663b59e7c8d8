#include "alerts/judge_status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using std::chrono::seconds;

struct StatusRow {
  int first;
  int last;
  Verdict::Kind kind;
  bool of_sink;
  std::string_view meaning;
};
// The first row that holds the status. Source: RFC 9110, section 15; RFC 6585; RFC 8470; Standard Webhooks 1.0.0.
constexpr StatusRow kStatuses[] = {
    {200, 299, Verdict::Kind::kDelivered, false, ""},
    {300, 399, Verdict::Kind::kGiveUp, true, "a redirect, and redirects are not followed"},
    {401, 401, Verdict::Kind::kGiveUp, true, "it does not know us: look at the sink's credentials"},
    {403, 403, Verdict::Kind::kGiveUp, true, "it forbids it: look at the sink's credentials"},
    {404, 404, Verdict::Kind::kGiveUp, true, "there is nothing at that URL"},
    {405, 405, Verdict::Kind::kGiveUp, true, "that URL takes nothing like this"},
    {407, 407, Verdict::Kind::kGiveUp, true, "the proxy wants other credentials"},
    {408, 408, Verdict::Kind::kRetry, false, "it waited too long for the request"},
    {409, 409, Verdict::Kind::kRetry, false, "it is at odds with another request"},
    {410, 410, Verdict::Kind::kGiveUp, true, "what was at that URL is gone"},
    {413, 413, Verdict::Kind::kGiveUp, false, "the message is too large for it"},
    {421, 421, Verdict::Kind::kRetry, false, "another server is meant"},
    {423, 425, Verdict::Kind::kRetry, false, "not now"},
    {429, 429, Verdict::Kind::kRetry, true, "too many messages"},
    {400, 499, Verdict::Kind::kGiveUp, false, "it refuses the message"},
    {501, 501, Verdict::Kind::kGiveUp, true, "it cannot do what was asked"},
    {505, 505, Verdict::Kind::kGiveUp, true, "it cannot do what was asked"},
    {500, 500, Verdict::Kind::kRetry, false, "it failed"},  // perhaps of this message alone
    {500, 599, Verdict::Kind::kRetry, true, "it is not well"},
    {0, 999, Verdict::Kind::kGiveUp, true, "no answer that is known"},
};

std::optional<engine::EventTime> http_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT: the form that senders must write.
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char month[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  const std::string line(text);
  if (std::sscanf(line.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute, &second) !=
      6) {
    return std::nullopt;
  }
  const auto at = kMonths.find(month);
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  std::array<char, 40> iso{};
  std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", year, static_cast<int>(at / 3) + 1, day, hour,
                minute, second);
  return engine::parse_time(iso.data());
}

}  // namespace

std::optional<seconds> retry_after(const Response& response, engine::EventTime now) {
  const std::string* text = response.find("retry-after");
  if (text == nullptr) return std::nullopt;
  std::optional<seconds> wait;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc{} && end == text->data() + text->size()) {
    wait = seconds{number};
  } else if (const auto date = http_date(*text)) {
    wait = std::chrono::ceil<seconds>(*date - now);
  }
  if (wait) wait = std::clamp<seconds>(*wait, seconds{0}, kLongestRetryAfter);
  return wait;
}

std::string said(std::string_view body) {
  constexpr std::size_t kMost = 200;
  std::string line;
  for (const char c : engine::cut_utf8(body.substr(0, engine::utf8_prefix(body)), kMost)) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line.empty() ? line : ": " + line;
}

Verdict judge_status(const Response& response, engine::EventTime now) {
  const auto* row = std::find_if(std::begin(kStatuses), std::end(kStatuses) - 1, [&](const StatusRow& candidate) {
    return response.status >= candidate.first && response.status <= candidate.last;
  });
  Verdict verdict{row->kind, std::nullopt, row->of_sink, {}};
  if (row->kind == Verdict::Kind::kDelivered) return verdict;
  if (row->kind == Verdict::Kind::kRetry) verdict.after = retry_after(response, now);
  verdict.why = "status " + std::to_string(response.status) + ", " + std::string(row->meaning) + said(response.body);
  return verdict;
}

}  // namespace tripline::alerts
