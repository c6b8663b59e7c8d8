#include "app/timeline_entry.h"

#include <string_view>
#include <tuple>

#include "app/printable.h"
#include "engine/bearer.h"
#include "engine/outcome.h"
#include "engine/principal.h"
#include "engine/processor.h"
#include "engine/secrets.h"
#include "engine/shown_record.h"
#include "engine/text.h"

namespace tripline::app {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMostOfRequest = 160;  // bytes, about
constexpr std::size_t kMostOfValue = 60;     // columns

std::string_view service_of(std::string_view source) {
  constexpr std::string_view kDomain = ".amazonaws.com";
  if (source.ends_with(kDomain)) source.remove_suffix(kDomain.size());
  return source;
}

/// `key=value` of every scalar, the key being the last step to it.
void add_scalars(dom::element element, std::string_view key, std::string& out, bool secret = false) {
  if (out.size() >= kMostOfRequest) return;
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    const bool names_secret = engine::names_secret(object);
    for (const auto [name, value] : object) {
      add_scalars(value, name, out, secret || engine::is_secret(name) || (names_secret && engine::is_setting(name)));
    }
    return;
  }
  if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    for (const dom::element value : array) add_scalars(value, key, out, secret);
    return;
  }
  std::string_view text;
  if (element.is_null() || (element.get(text) == simdjson::SUCCESS && text.empty())) return;
  const std::string value = secret                                   ? std::string(engine::kSecret)
                            : element.get(text) == simdjson::SUCCESS ? std::string(text)
                                                                     : simdjson::minify(element);
  if (!out.empty()) out += ", ";
  out.append(key).append("=").append(engine::holds_secret(value) ? std::string(engine::kSecret)
                                                                 : truncated(printable(value), kMostOfValue));
}

/// Of names of users, roles and resources; a dot may as well end a sentence.
bool is_word_byte(char c) {
  return c == '-' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool stands_in(std::string_view text, std::string_view folded_name) {
  for (std::size_t at = 0; (at = engine::find_folded(text, folded_name, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + folded_name.size();
    const bool begins = at == 0 || !is_word_byte(text[at - 1]) || !is_word_byte(text[at]);
    const bool ends = end == text.size() || !is_word_byte(text[end]) || !is_word_byte(text[end - 1]);
    if (begins && ends) return true;
  }
  return false;
}

bool stands_in(dom::element element, std::string_view folded_name) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto [key, value] : object) {
      if (stands_in(value, folded_name)) return true;
    }
    return false;
  }
  if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    for (const dom::element value : array) {
      if (stands_in(value, folded_name)) return true;
    }
    return false;
  }
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS && stands_in(text, folded_name);
}

}  // namespace

TimelineEntry timeline_entry(engine::Event& event) {
  TimelineEntry out;
  const engine::Principal& actor = event.principal();
  out.time = engine::parse_time(event.find_text("eventTime"));
  out.key = engine::event_key(event.identity(), event.record());
  out.principal = actor.principal;
  out.actor = engine::bearer_of(event).actor.label;
  out.account = event.find_text("recipientAccountId");
  out.region = event.find_text("awsRegion");
  out.service = service_of(event.find_text("eventSource"));
  out.call = event.find_text("eventName");
  out.outcome = engine::outcome_of(event);
  out.error = event.find_text("errorCode");
  out.message = event.find_text("errorMessage");
  out.address = event.find_text("sourceIPAddress");
  out.agent = event.find_text("userAgent");
  out.access_key = actor.access_key;
  out.event_id = event.find_text("eventID");
  out.reads_only = event.find_text("readOnly") == "true";
  if (dom::element request; event.root().at_key("requestParameters").get(request) == simdjson::SUCCESS) {
    add_scalars(request, "", out.request);
  }
  return out;
}

bool involves(const engine::Event& event, std::string_view folded_name) {
  for (const char* part : {"requestParameters", "responseElements", "errorMessage"}) {
    dom::element element;
    if (event.root().at_key(part).get(element) == simdjson::SUCCESS && stands_in(element, folded_name)) return true;
  }
  return false;
}

bool comes_before(const TimelineEntry& a, const TimelineEntry& b) {
  return std::tuple(a.time, a.hop.value_or(0)) < std::tuple(b.time, b.hop.value_or(0));
}

}  // namespace tripline::app
