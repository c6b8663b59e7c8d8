#include "app/silence_json.h"

#include <algorithm>
#include <optional>

#include <simdjson.h>

#include "app/config/value.h"

namespace tripline::app {
namespace {

namespace dom = simdjson::dom;
using alerts::Silence;
using engine::EventTime;
using engine::Result;

engine::Error bad(const std::string& why) { return engine::fail(engine::ErrorCode::kBadInput, why); }

Result<void> read_match(const dom::element& value, alerts::SignalMatch& match) {
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return bad("`match` is an object");
  for (const auto& [key, names] : object) {
    const auto* trait = std::find_if(std::begin(alerts::kTraits), std::end(alerts::kTraits),
                                     [key = std::string_view(key)](const auto& row) { return row.key == key; });
    if (trait == std::end(alerts::kTraits)) {
      std::string all;
      for (const alerts::Trait& row : alerts::kTraits) all += (all.empty() ? "" : ", ") + std::string(row.key);
      return bad("`match` has " + all + " and nothing else");
    }
    dom::array list;
    if (names.get(list) != simdjson::SUCCESS) return bad("`" + std::string(key) + "` is a list of texts");
    for (const dom::element name : list) {
      std::string_view text;
      if (name.get(text) != simdjson::SUCCESS) return bad("`" + std::string(key) + "` is a list of texts");
      (match.*trait->wanted).emplace_back(text);
    }
  }
  return {};
}

Result<EventTime> time_of(std::string_view name, std::string_view text) {
  if (const auto time = engine::parse_time(text)) return *time;
  return bad("`" + std::string(name) + "` is a time, such as 2026-01-15T10:11:12Z");
}

Result<std::chrono::milliseconds> span_of(std::string_view text) {
  constexpr ConfigKey kFor{.path = "for", .type = ConfigType::kDuration};
  ConfigNode node;
  if (const auto fault = read_value(kFor, text, node)) return bad("`for` " + fault.what + ": " + fault.hint);
  return node.duration();
}

}  // namespace

Result<Silence> read_silence(std::string_view body, EventTime now) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get(object) != simdjson::SUCCESS) {
    return bad(R"(the body is {"match": {"rule": ["..."]}, "for": "2h", "by": "who", "comment": "why"})");
  }
  Silence silence;
  silence.made = silence.from = now;
  std::optional<EventTime> until;
  std::optional<std::chrono::milliseconds> lasts;
  for (const auto& [key, value] : object) {
    const std::string_view name = key;
    if (name == "match") {
      if (auto read = read_match(value, silence.match); !read) return read.error();
      continue;
    }
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return bad("`" + std::string(name) + "` is not known, or no text");
    if (name == "by") {
      silence.by = text;
    } else if (name == "comment") {
      silence.comment = text;
    } else if (name == "for") {
      const auto span = span_of(text);
      if (!span) return span.error();
      lasts = *span;
    } else if (name == "from" || name == "until") {
      const auto time = time_of(name, text);
      if (!time) return time.error();
      if (name == "from") silence.from = *time;
      if (name == "until") until = *time;
    } else {
      return bad("`" + std::string(name) + "` is not known; there are match, for, from, until, by and comment");
    }
  }
  if (until.has_value() == lasts.has_value()) return bad("a silence ends: give one of `for` and `until`");
  if (lasts && *lasts > Silence::kLongest) lasts = Silence::kLongest + std::chrono::milliseconds{1};  // no overflow
  silence.until = until ? *until : silence.from + *lasts;
  if (auto good = alerts::check(silence, now); !good) return good.error();
  silence.id = alerts::silence_id(silence);
  return silence;
}

void write_silence(const Silence& silence, EventTime now, engine::JsonText& json,
                   const std::vector<std::string>& warnings) {
  json.begin_object().member("id", silence.id).member("state", silence.state(now)).key("match").begin_object();
  for (const alerts::Trait& trait : alerts::kTraits) {
    const auto& names = silence.match.*trait.wanted;
    if (names.empty()) continue;
    json.key(trait.key).begin_array();
    for (const std::string& name : names) json.string(name);
    json.end_array();
  }
  json.end_object();
  json.member("from", engine::format_time(silence.from)).member("until", engine::format_time(silence.until));
  json.member("made", engine::format_time(silence.made)).optional_member("by", silence.by);
  json.member("comment", silence.comment);
  if (!warnings.empty()) {
    json.key("warnings").begin_array();
    for (const std::string& warning : warnings) json.string(warning);
    json.end_array();
  }
  json.end_object();
}

}  // namespace tripline::app
