#include "app/status_screen.h"

#include <chrono>
#include <optional>

#include <simdjson.h>

#include "app/printable.h"
#include "app/quantity.h"
#include "app/table.h"
#include "engine/event_time.h"

namespace tripline::app {
namespace {

using Element = simdjson::dom::element;

/// A member, however deep: `/store/file_bytes`; nothing when it is missing or of another kind.
template <class T>
std::optional<T> member(const Element& json, const std::string& pointer) {
  T value{};
  if (json.at_pointer(pointer).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> count(const Element& json, const std::string& pointer) {
  return member<std::uint64_t>(json, pointer);
}

std::string text(const Element& json, const std::string& pointer) {
  return std::string(member<std::string_view>(json, pointer).value_or(std::string_view{}));
}

std::string grouped_at(const Element& json, const std::string& pointer) {
  const auto value = count(json, pointer);
  return value ? grouped(*value) : "";
}

/// A number of seconds as `3 min 05 s`; empty when it is missing.
std::string span(const Element& json, const std::string& pointer) {
  const auto seconds = member<double>(json, pointer);
  return seconds ? duration_text(std::chrono::duration<double>(*seconds)) : "";
}

std::string since(const Element& json, const std::string& from) {
  const auto begin = engine::parse_time(text(json, from));
  const auto now = engine::parse_time(text(json, "/now"));
  return begin && now && *begin <= *now ? duration_text(*now - *begin) : "";
}

class Screen {
 public:
  Screen(const Element& json, Console& console) : json_(json), console_(console) {}

  bool show(const std::string& url) {
    const bool ready = member<bool>(json_, "/ready").value_or(false);
    const std::string up = since(json_, "/started");
    line("server", url + ", version " + text(json_, "/version") + (up.empty() ? "" : ", up for " + up));
    const std::string why = text(json_, "/not_ready");
    line("ready", ready ? "yes" : "no" + (why.empty() ? "" : ": " + why), ready ? Style::kGreen : Style::kRed);
    watermark();
    rules();
    intake();
    outbox();
    store();
    last_signal();
    sources();
    return ready;
  }

 private:
  void line(const std::string& name, const std::string& value, Style style = Style::kPlain) {
    constexpr std::size_t kNames = 12;
    console_.line(Stream::kOut, console_.paint(Stream::kOut, Style::kBold, name) +
                                    std::string(kNames - name.size(), ' ') +
                                    console_.paint(Stream::kOut, style, printable(value)));
  }

  void watermark() {
    const std::string lag = span(json_, "/watermark/lag_seconds");
    if (lag.empty()) return;
    const bool held = member<bool>(json_, "/watermark/held").value_or(false);
    line("watermark", text(json_, "/watermark/at") + ", " + lag + " ago" +
                          (held ? ", held until intake has kept up after the start" : ""));
  }

  void rules() {
    const auto loaded = count(json_, "/rules/loaded");
    if (!loaded) return;
    const std::uint64_t failed = count(json_, "/rules/failed").value_or(0);
    std::string words = grouped(*loaded) + " loaded, " + grouped(failed) + " failed";
    if (const auto disabled = count(json_, "/rules/disabled")) words += ", " + grouped(*disabled) + " disabled";
    line("rules", words, failed > 0 ? Style::kYellow : Style::kPlain);
    const std::string refused = text(json_, "/reload/error");
    if (!refused.empty()) line("reload", "the last one was refused: " + refused, Style::kYellow);
  }

  void intake() {
    const auto bytes = count(json_, "/intake/bytes");
    if (!bytes) return;
    const std::string oldest = span(json_, "/intake/oldest_seconds");
    line("intake", byte_size(*bytes) + " of " + byte_size(count(json_, "/intake/limit_bytes").value_or(0)) + " in " +
                       counted(count(json_, "/intake/deliveries").value_or(0), "delivery", "deliveries") +
                       (oldest.empty() ? "" : ", the oldest since " + oldest));
  }

  void outbox() {
    const auto waiting = count(json_, "/outbox/waiting");
    if (!waiting || count(json_, "/outbox/sinks") == 0U) return;
    const std::string oldest = span(json_, "/outbox/oldest_seconds");
    const auto parked = count(json_, "/outbox/parked").value_or(0);
    line("outbox", grouped(*waiting) + " to deliver" + (oldest.empty() ? "" : ", the oldest since " + oldest) +
                       (parked > 0 ? ", " + grouped(parked) + " parked" : ""));
    if (const auto stranded = count(json_, "/outbox/stranded").value_or(0); stranded > 0) {
      line("", grouped(stranded) + " parked for sinks that are not configured any more; see `tripline outbox list`",
           Style::kYellow);
    }
    if (const std::string trouble = text(json_, "/outbox/trouble"); !trouble.empty()) {
      line("", trouble, Style::kYellow);
    }
    simdjson::dom::array failing;
    if (json_.at_pointer("/outbox/failing").get(failing) != simdjson::SUCCESS) return;
    for (const Element sink : failing) {
      line("",
           "sink " + text(sink, "/sink") + ": failed " + counted(count(sink, "/failures").value_or(0), "time") +
               " in a row; " + text(sink, "/trouble"),
           Style::kYellow);
    }
  }

  void store() {
    const auto bytes = count(json_, "/store/file_bytes");
    const auto free = count(json_, "/store/disk_free_bytes");
    std::string words;
    if (bytes)
      words = byte_size(*bytes) + " and " + byte_size(count(json_, "/store/log_bytes").value_or(0)) + " of log";
    if (free) words += (words.empty() ? "" : ", ") + byte_size(*free) + " of disk free";
    if (const auto letters = count(json_, "/store/dead_letters").value_or(0); letters > 0) {
      words += ", " + counted(letters, "dead letter");
    }
    if (!words.empty()) line("store", words);
  }

  void last_signal() {
    const std::string title = text(json_, "/last_signal/rule/title");
    if (title.empty()) {
      line("last signal", "none");
      return;
    }
    line("last signal",
         text(json_, "/last_signal/last") + " [" + text(json_, "/last_signal/rule/level") + "] " + title);
  }

  void sources() {
    simdjson::dom::array all;
    if (json_.at_pointer("/sources").get(all) != simdjson::SUCCESS) return;
    console_.line(Stream::kOut, "");
    Table table({{"SOURCE"},
                 {"LAG", true},
                 {"SILENT FOR", true},
                 {"EVENTS", true},
                 {"DUPLICATES", true},
                 {"MALFORMED", true},
                 {"FAILED", true}},
                console_, console_.width(Stream::kOut));
    for (const Element source : all) {
      const std::uint64_t failed = count(source, "/failed_deliveries").value_or(0);
      table.row({{text(source, "/name")},
                 {span(source, "/lag_seconds")},
                 {span(source, "/silent_seconds")},
                 {grouped_at(source, "/events")},
                 {grouped_at(source, "/duplicates")},
                 {grouped_at(source, "/malformed")},
                 {grouped(failed), failed > 0 ? Style::kYellow : Style::kPlain}});
    }
    table.finish();
  }

  const Element& json_;
  Console& console_;
};

}  // namespace

engine::Result<void> check_status(std::string_view json, const std::string& url) {
  simdjson::dom::parser parser;
  Element root;
  const bool parsed = parser.parse(json.data(), json.size()).get(root) == simdjson::SUCCESS;
  if (parsed && member<bool>(root, "/ready")) return {};
  return engine::fail(engine::ErrorCode::kBadInput, url + ": the answer is not the status of a Tripline server");
}

bool show_status(std::string_view json, const std::string& url, Console& console) {
  simdjson::dom::parser parser;
  Element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return false;
  return Screen(root, console).show(url);
}

}  // namespace tripline::app
