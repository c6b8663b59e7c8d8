#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/json_line.h"
#include "app/quantity.h"
#include "app/server_call.h"
#include "app/table.h"
#include "engine/json_text.h"

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;
using engine::Result;
using simdjson::dom::element;

struct OutboxOptions {
  ServerOptions server;
  std::string action;
  std::vector<std::string> ids;
  std::string sink;
  std::uint64_t limit = 50;
  bool parked = false;
  bool waiting = false;
  bool json = false;
};

std::string text(const element& json, std::string_view name) {
  std::string_view value;
  return json[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}
std::uint64_t number(const element& json, std::string_view name) {
  std::uint64_t value = 0;
  return json[name].get(value) == simdjson::SUCCESS ? value : 0;
}
std::string seconds(const element& json, std::string_view name) {
  double value = 0;
  if (json[name].get(value) != simdjson::SUCCESS) return {};
  return duration_text(std::chrono::duration<double>(value));
}

void show_sinks(const simdjson::dom::array& sinks, Console& console) {
  Table table({{"SINK"}, {"WAITING", true}, {"OLDEST", true}, {"PARKED", true}, {"FAILURES", true}, {"TROUBLE"}},
              console, console.width(Stream::kOut));
  for (const element sink : sinks) {
    bool configured = true;
    if (sink["configured"].get(configured) != simdjson::SUCCESS) configured = true;
    const std::uint64_t parked = number(sink, "parked"), failures = number(sink, "failures");
    table.row({{text(sink, "name")},
               {grouped(number(sink, "waiting"))},
               {seconds(sink, "oldest_seconds")},
               {grouped(parked), parked > 0 ? Style::kYellow : Style::kPlain},
               {grouped(failures), failures > 0 ? Style::kYellow : Style::kPlain},
               {configured ? text(sink, "trouble") : "it is not configured any more"}});
  }
  table.finish();
}

void show_deliveries(const simdjson::dom::array& deliveries, Console& console) {
  if (deliveries.size() == 0) return;
  console.line(Stream::kOut, "");
  Table table({{"ID", true}, {"SINK"}, {"STATE"}, {"WRITTEN"}, {"CHANGE"}, {"SIGNAL"}, {"WHY"}}, console,
              console.width(Stream::kOut));
  for (const element one : deliveries) {
    const std::uint64_t signals = number(one, "signals"), failed = number(one, "failed_attempts");
    std::string why = text(one, "why");
    if (why.empty() && failed > 0) why = "failed " + counted(failed, "time");
    table.row({{std::to_string(number(one, "id"))},
               {text(one, "sink")},
               {text(one, "state")},
               {text(one, "written_at")},
               {text(one, "change")},
               {text(one, "signal") + (signals > 1 ? " and " + grouped(signals - 1) + " more" : "")},
               {why}});
  }
  table.finish();
}

std::string percent_encoded(const std::string& words) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

Result<void> list(const OutboxOptions& options, Console& console) {
  std::string path = "/api/v1/outbox?limit=" + std::to_string(options.limit);
  if (!options.sink.empty()) path += "&sink=" + percent_encoded(options.sink);
  if (options.parked != options.waiting) path += options.parked ? "&state=parked" : "&state=waiting";
  const auto answer = call_server(options.server, Token::kRead, "GET", path);
  if (!answer) return answer.error();
  if (options.json) {
    console.out(json_line(*answer) + "\n");
    return {};
  }
  simdjson::dom::parser parser;
  element json;
  simdjson::dom::array sinks, deliveries;
  if (parser.parse(*answer).get(json) != simdjson::SUCCESS || json["sinks"].get(sinks) != simdjson::SUCCESS ||
      json["deliveries"].get(deliveries) != simdjson::SUCCESS) {
    return fail(ErrorCode::kBadInput, base_of(options.server) + ": the answer is not that of a Tripline server");
  }
  show_sinks(sinks, console);
  show_deliveries(deliveries, console);
  if (number(json, "next") > 0) console.note("There are more; see --limit, --sink, --parked and --waiting.");
  return {};
}

Result<std::string> selection_of(const OutboxOptions& options) {
  if (options.ids.empty() == options.sink.empty()) return fail(ErrorCode::kUsage, "name deliveries by ID, or --sink");
  engine::JsonText json;
  json.begin_object();
  if (options.ids.empty()) {
    json.member("sink", options.sink);
    if (options.waiting) json.raw_member("waiting", "true");
    json.end_object();
    return json.take();
  }
  json.key("ids").begin_array();
  for (const std::string& id : options.ids) {
    if (id.empty() || id.size() > 18 || id.find_first_not_of("0123456789") != std::string::npos) {
      return fail(ErrorCode::kUsage, id + " is no ID; `tripline outbox list` shows them");
    }
    json.raw(id);
  }
  json.end_array().end_object();
  return json.take();
}

Result<void> change(const OutboxOptions& options, Console& console) {
  const auto selection = selection_of(options);
  if (!selection) return selection.error();
  const auto answer =
      call_server(options.server, Token::kAdmin, "POST", "/api/v1/outbox/" + options.action, *selection);
  if (!answer) return answer.error();
  simdjson::dom::parser parser;
  element json;
  if (parser.parse(*answer).get(json) != simdjson::SUCCESS) {
    return fail(ErrorCode::kBadInput, base_of(options.server) + ": the answer is not that of a Tripline server");
  }
  console.line(Stream::kOut, counted(number(json, "deliveries"), "delivery", "deliveries") +
                                 (options.action == "retry" ? " will be tried again" : " dropped"));
  return {};
}

struct ActionRow {
  std::string_view name;
  Result<void> (*run)(const OutboxOptions& options, Console& console);
};
constexpr ActionRow kActions[] = {{"list", &list}, {"retry", &change}, {"drop", &change}};

}  // namespace

int run_outbox(std::vector<std::string> words, Console& console) {
  OutboxOptions options;
  Arguments arguments("outbox list|retry|drop [OPTION]... [ID...]",
                      "Shows what waits for the sinks of a running server, and what was parked and why;\n"
                      "tries parked deliveries again, or drops deliveries.");
  arguments.positional("ACTION", options.action, "list; retry: parked ones; drop: never deliver these");
  arguments.optional_positionals("ID", options.ids, "deliveries, for retry and drop; or --sink: its parked ones");
  arguments.text("--sink", "NAME", options.sink, "those of one sink");
  arguments.flag("--parked", options.parked, "list: those that wait for `retry`");
  arguments.flag("--waiting", options.waiting, "list: those to deliver; drop --sink: these, too");
  arguments.number("--limit", "N", options.limit, "list: so many (default 50, at most 500)", {1, 500});
  arguments.flag("--json", options.json, "list: what the server says, as it is");
  declare_server_options(arguments, options.server);
  arguments.example("outbox list", "");
  arguments.example("outbox retry --sink soc", "all that is parked for it");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  for (const ActionRow& action : kActions) {
    if (action.name != options.action) continue;
    const auto done = action.run(options, console);
    if (done) return kRan;
    if (done.error().code == ErrorCode::kUsage) return arguments.refuse(done.error().message, console);
    return arguments.fail(done.error(), console);
  }
  return arguments.refuse("there is no action " + options.action + ": list, retry or drop", console);
}

}  // namespace tripline::app
