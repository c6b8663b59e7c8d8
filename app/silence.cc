#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/json_line.h"
#include "app/json_value.h"
#include "app/printable.h"
#include "app/server_call.h"
#include "app/table.h"
#include "engine/json_text.h"

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;
using engine::Result;
using simdjson::dom::element;

struct SilenceWords {
  ServerOptions server;
  std::vector<std::string> rules, actors, accounts, levels;
  std::string lasts, comment, by, end;
  bool json = false;

  bool makes_one() const {
    return !rules.empty() || !actors.empty() || !accounts.empty() || !levels.empty() || !lasts.empty() ||
           !comment.empty();
  }
};

/// `rule is a, account.id is b or c`.
std::string match_text(const element& silence) {
  simdjson::dom::object match;
  std::string words;
  if (silence["match"].get(match) != simdjson::SUCCESS) return words;
  for (const auto& [key, names] : match) {
    words += (words.empty() ? "" : ", ") + std::string(key) + " is";
    simdjson::dom::array list;
    if (names.get(list) != simdjson::SUCCESS) continue;
    bool first = true;
    for (const element name : list) {
      std::string_view one;
      if (name.get(one) == simdjson::SUCCESS) words += (std::exchange(first, false) ? " " : " or ") + std::string(one);
    }
  }
  return words;
}

/// As the server says it, or for people.
void show(const ServerAnswer& answer, const SilenceWords& words, Console& console,
          void (*people)(const element& json, Console& console)) {
  if (words.json) {
    console.out(json_line(answer.text) + "\n");
  } else {
    people(answer.json, console);
  }
}

void show_all(const element& json, Console& console) {
  Table table({{"ID"}, {"STATE"}, {"UNTIL"}, {"BY"}, {"FOR"}, {"COMMENT"}}, console, console.width(Stream::kOut));
  for (const element one : list_in(json, "silences")) {
    const std::string state = text_in(one, "state");
    table.row({{text_in(one, "id")},
               {state, state == "active" ? Style::kYellow : Style::kPlain},
               {text_in(one, "until")},
               {text_in(one, "by")},
               {match_text(one)},
               {text_in(one, "comment")}});
  }
  table.finish();
}

void show_made(const element& json, Console& console) {
  console.line(Stream::kOut, printable("silence " + text_in(json, "id") + " until " + text_in(json, "until") + ": " +
                                       match_text(json)));
}

Result<void> list(const SilenceWords& words, Console& console) {
  const auto answer = ask_server(words.server, Token::kRead, "GET", "/api/v1/silences", "", "silences");
  if (!answer) return answer.error();
  show(**answer, words, console, &show_all);
  return {};
}

void write_names(engine::JsonText& json, std::string_view key, const std::vector<std::string>& names) {
  if (names.empty()) return;
  json.key(key).begin_array();
  for (const std::string& name : names) json.string(name);
  json.end_array();
}

std::string body_of(const SilenceWords& words) {
  engine::JsonText json;
  json.begin_object().key("match").begin_object();
  write_names(json, "level", words.levels);
  write_names(json, "rule", words.rules);
  write_names(json, "account.id", words.accounts);
  write_names(json, "actor.name", words.actors);
  json.end_object().member("for", words.lasts);
  const char* user = std::getenv("USER");
  json.optional_member("by", !words.by.empty() ? words.by : user != nullptr ? user : "");
  return json.member("comment", words.comment).end_object().take();
}

Result<void> add(const SilenceWords& words, Console& console) {
  if (words.lasts.empty()) return fail(ErrorCode::kUsage, "every silence ends: say `--for 2h`");
  const auto answer = ask_server(words.server, Token::kAdmin, "POST", "/api/v1/silences", body_of(words), "id");
  if (!answer) return answer.error();
  show(**answer, words, console, &show_made);
  for (const element warning : list_in((*answer)->json, "warnings")) {
    std::string_view text;
    if (warning.get(text) == simdjson::SUCCESS) console.warning(printable(text));
  }
  return {};
}

Result<void> end(const SilenceWords& words, Console& console) {
  if (words.end.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return fail(ErrorCode::kUsage, words.end + " is no silence's id; `tripline silence` shows them");
  }
  const auto answer = call_server(words.server, Token::kAdmin, "POST", "/api/v1/silences/" + words.end + "/end", "{}");
  if (!answer) return answer.error();
  console.line(Stream::kOut, "silence " + words.end + " has ended");
  return {};
}

}  // namespace

int run_silence(std::vector<std::string> words, Console& console) {
  SilenceWords options;
  Arguments arguments("silence [OPTION]...",
                      "Keeps signals of a running server from its sinks for a while; they are kept and\n"
                      "counted. Without options: the silences that there are.");
  arguments.repeated("--rule", "ID", options.rules, "signals of this rule; this and others may be repeated");
  arguments.repeated("--actor", "NAME", options.actors, "of nobody but these: who acted, or who started it");
  arguments.repeated("--account", "ID", options.accounts, "about no account but these: ids or names");
  arguments.repeated("--level", "LEVEL", options.levels, "of these levels");
  arguments.text("--for", "TIME", options.lasts, "how long: 30m, 2h, 7d; at most 90d");
  arguments.text("--comment", "TEXT", options.comment, "why");
  arguments.text("--by", "WHO", options.by, "who says so (default: $USER)");
  arguments.text("--end", "ID", options.end, "end a silence now");
  arguments.flag("--json", options.json, "what the server says, as it is");
  declare_server_options(arguments, options.server);
  arguments.example("silence --rule root-login --for 2h --comment 'game day'", "");
  arguments.example("silence --end 0123456789abcdef", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  if (!options.end.empty() && options.makes_one()) {
    return arguments.refuse("--end goes with no other silence", console);
  }
  const auto done = !options.end.empty()  ? end(options, console)
                    : options.makes_one() ? add(options, console)
                                          : list(options, console);
  return done ? kRan : arguments.fail(done.error(), console);
}

}  // namespace tripline::app
