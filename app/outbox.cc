#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "alerts/url.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/json_line.h"
#include "app/json_value.h"
#include "app/printable.h"
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

std::string seconds(const element& json, std::string_view name) {
  double value = 0;
  if (json[name].get(value) != simdjson::SUCCESS) return {};
  return duration_text(std::chrono::duration<double>(value));
}

void show_sinks(const std::vector<element>& sinks, Console& console) {
  Table table({{"SINK"}, {"WAITING", true}, {"OLDEST", true}, {"PARKED", true}, {"FAILURES", true}, {"TROUBLE"}},
              console, console.width(Stream::kOut));
  for (const element sink : sinks) {
    bool configured = true;
    if (sink["configured"].get(configured) != simdjson::SUCCESS) configured = true;
    const std::uint64_t parked = number_in(sink, "parked"), failures = number_in(sink, "failures");
    table.row({{text_in(sink, "name")},
               {grouped(number_in(sink, "waiting"))},
               {seconds(sink, "oldest_seconds")},
               {grouped(parked), parked > 0 ? Style::kYellow : Style::kPlain},
               {grouped(failures), failures > 0 ? Style::kYellow : Style::kPlain},
               {configured ? text_in(sink, "trouble") : "it is not configured any more"}});
  }
  table.finish();
}

void show_deliveries(const std::vector<element>& deliveries, Console& console) {
  if (deliveries.empty()) return;
  console.line(Stream::kOut, "");
  Table table({{"ID", true}, {"SINK"}, {"STATE"}, {"WRITTEN"}, {"CHANGE"}, {"SIGNAL"}, {"WHY"}}, console,
              console.width(Stream::kOut));
  for (const element one : deliveries) {
    const std::uint64_t signals = number_in(one, "signals"), failed = number_in(one, "failed_attempts");
    std::string why = text_in(one, "why");
    if (why.empty() && failed > 0) why = "failed " + counted(failed, "time");
    table.row({{std::to_string(number_in(one, "id"))},
               {text_in(one, "sink")},
               {text_in(one, "state")},
               {text_in(one, "written_at")},
               {text_in(one, "change")},
               {text_in(one, "signal") + (signals > 1 ? " and " + grouped(signals - 1) + " more" : "")},
               {why}});
  }
  table.finish();
}

Result<void> list(const OutboxOptions& options, Console& console) {
  std::string path = "/api/v1/outbox?limit=" + std::to_string(options.limit);
  if (!options.sink.empty()) path += "&sink=" + alerts::percent_encoded(options.sink);
  if (options.parked != options.waiting) path += options.parked ? "&state=parked" : "&state=waiting";
  const auto answer = ask_server(options.server, Token::kRead, "GET", path, "", "deliveries");
  if (!answer) return answer.error();
  if (options.json) {
    console.out(json_line((*answer)->text) + "\n");
    return {};
  }
  const element& json = (*answer)->json;
  show_sinks(list_in(json, "sinks"), console);
  show_deliveries(list_in(json, "deliveries"), console);
  if (number_in(json, "next") > 0) console.note("There are more; see --limit, --sink, --parked and --waiting.");
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
      ask_server(options.server, Token::kAdmin, "POST", "/api/v1/outbox/" + options.action, *selection, "deliveries");
  if (!answer) return answer.error();
  const std::uint64_t deliveries = number_in((*answer)->json, "deliveries");
  const bool retry = options.action == "retry";
  if (deliveries > 0) {
    console.line(Stream::kOut,
                 counted(deliveries, "delivery", "deliveries") + (retry ? " will be tried again" : " dropped"));
  } else {
    const bool parked_alone = retry || (!options.sink.empty() && !options.waiting);
    console.line(Stream::kOut, std::string(parked_alone ? "nothing is parked" : "nothing is there") +
                                   (options.sink.empty() ? " under these IDs" : " for " + printable(options.sink)) +
                                   "; `tripline outbox list` shows what is");
  }
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
  arguments.action(action_names(kActions), options.action, "list; retry: parked ones; drop: never deliver these");
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
  const auto done = action_row(kActions, options.action).run(options, console);
  return done ? kRan : arguments.fail(done.error(), console);
}

}  // namespace tripline::app
