#include <algorithm>

#include "alerts/card.h"
#include "alerts/sinks/kinds.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using enum SettingType;

// Limits of the Block Kit reference: header 150 characters, section 3,000, 10 fields of 2,000 each; about 13,000 for
// all blocks together (observed). Ours add up to less, in bytes, escapes counted.
constexpr std::size_t kMostHeader = 150;
constexpr std::size_t kMostHeadline = 1'500;
constexpr std::size_t kMostFact = 450;
constexpr std::size_t kMostFacts = 10;
constexpr std::size_t kMostLine = 265;
constexpr std::size_t kMostTodo = 1'000;
constexpr std::size_t kMostNext = 1'500;
constexpr std::size_t kMostFooter = 500;

constexpr Setting kSettings[] = {
    {.key = "url",
     .type = kUrl,
     .meaning = "The incoming webhook, `https://hooks.slack.com/services/...`, which says the channel, too.",
     .required = true,
     .secret = true},
};

/// For mrkdwn: nothing in it is a link, a mention or a command. At most `most` bytes.
std::string escaped(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = engine::cut_utf8(text, 4).size();  // whole characters, some at once
    std::string piece;
    for (const char c : text.substr(0, size)) {
      const bool control = static_cast<unsigned char>(c) < ' ';
      piece += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, control ? ' ' : c);
    }
    if (out.size() + piece.size() + 3 > most) return out + "…";
    out += piece;
    text.remove_prefix(size);
  }
  return out;
}

void text_object(JsonText& json, std::string_view type, std::string_view text) {
  json.begin_object().member("type", type).member("text", text).end_object();
}

void section(JsonText& json, std::string_view text) {
  json.begin_object().member("type", "section").key("text");
  text_object(json, "mrkdwn", text);
  json.end_object();
}

std::string blocks(const Card& card) {
  JsonText json;
  json.begin_array().begin_object().member("type", "header").key("text");
  text_object(json, "plain_text", engine::cut_utf8(card.title, kMostHeader));
  json.end_object();
  section(json, escaped(card.headline, kMostHeadline));
  if (!card.facts.empty()) {
    json.begin_object().member("type", "section").key("fields").begin_array();
    for (std::size_t i = 0; i < std::min(card.facts.size(), kMostFacts); ++i) {
      const Fact& fact = card.facts[i];
      text_object(json, "mrkdwn", "*" + std::string(fact.name) + "*\n" + escaped(fact.value, kMostFact));
    }
    json.end_array().end_object();
  }
  std::string lines;
  for (const std::string& line : card.lines) lines += "• " + escaped(line, kMostLine) + "\n";
  if (!lines.empty()) section(json, lines.substr(0, lines.size() - 1));
  if (!card.todo.empty()) section(json, "*What to do*\n" + escaped(card.todo, kMostTodo));
  if (!card.next.empty() && escaped(card.next, 2 * kMostNext).size() <= kMostNext) {  // half a command is none
    section(json, "```" + escaped(card.next, kMostNext) + "```");
  }
  json.begin_object().member("type", "context").key("elements").begin_array();
  text_object(json, "mrkdwn", escaped(card.footer, kMostFooter));
  return json.end_array().end_object().end_array().take();
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  const Card card = card_of(messages.front(), context.surroundings);
  Request request{.url = settings.text("url"), .headers = {{"content-type", "application/json"}}};
  request.body = JsonText()
                     .begin_object()
                     .member("text", escaped(card.title + ": " + card.headline, kMostHeadline))
                     .raw_member("blocks", blocks(card))
                     .end_object()
                     .take();
  return {std::move(request)};
}

}  // namespace

const SinkKind kSlackSink{
    .name = "slack",
    .meaning =
        "A Slack channel, by an incoming webhook. Slack does not know repetitions: a message whose answer was lost "
        "comes twice, with the same key in its last line.",
    .settings = kSettings,
    .render = &render,
    .judge = &judge_alike,
};

}  // namespace tripline::alerts
