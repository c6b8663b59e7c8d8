#include "connectors/s3_path.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/accounts.h"

namespace tripline::connectors {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter_or_digit(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z'); }

template <class Test>
bool all_of(std::string_view text, Test test) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

bool is_kind(std::string_view text) {
  return text.starts_with("CloudTrail") && all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}
bool is_region(std::string_view text) {
  return text.find('-') != std::string_view::npos &&
         all_of(text, [](char c) { return is_digit(c) || is_lower(c) || c == '-'; });
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

/// The part before the first `_`, which goes too.
std::string_view take_part(std::string_view& text) {
  const std::size_t end = std::min(text.find('_'), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

/// `20260115T1010Z`, or with seconds.
std::optional<engine::EventTime> parse_delivery_time(std::string_view text) {
  if (!text.ends_with('Z')) return std::nullopt;
  if (text.size() == 14) return engine::parse_time(std::string(text.substr(0, 13)) + "00Z");
  return text.size() == 16 ? engine::parse_time(text) : std::nullopt;
}

}  // namespace

std::optional<S3Path> parse_s3_path(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  take_suffix(name, ".gz");
  if (!take_suffix(name, ".json")) return std::nullopt;
  S3Path result;
  result.account = take_part(name);
  result.kind = take_part(name);
  result.region = take_part(name);
  if (!engine::is_account_id(result.account) || !is_kind(result.kind) || !is_region(result.region)) return std::nullopt;

  // A log file ends in its time and an id; a digest in the trail's name and home region, its time, perhaps a mark.
  std::string_view last = name;
  if (result.is_digest()) {
    take_suffix(name, "_backfill");
    last = name.substr(name.rfind('_') + 1);
  } else {
    last = take_part(name);
    if (!all_of(name, is_letter_or_digit)) return std::nullopt;
  }
  const auto delivered = parse_delivery_time(last);
  if (!delivered) return std::nullopt;
  result.delivered = *delivered;
  return result;
}

}  // namespace tripline::connectors
