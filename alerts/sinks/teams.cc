#include "alerts/card.h"
#include "alerts/sinks/kinds.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using enum SettingType;

// A message has at most about 28 KB. Ours add up to less, even where JSON escapes every byte once more.
constexpr std::size_t kMostText = 1'000;
constexpr std::size_t kMostFact = 400;

constexpr Setting kSettings[] = {
    {.key = "url",
     .type = kUrl,
     .meaning = "The URL of a workflow that begins with \"When a Teams webhook request is received\".",
     .required = true,
     .secret = true},
};

/// Adaptive cards read a little Markdown, links among it. At most `most` bytes, the marks of what is cut aside.
std::string escaped(std::string_view text, std::size_t most) {
  constexpr std::string_view kMarks = "\\`*_[]()#~|<>!";
  std::string out;
  while (!text.empty()) {
    const std::string_view piece = engine::cut_utf8(text, 4);  // whole characters
    if (out.size() + 2 * piece.size() > most) return out + "…";
    for (const char c : piece) {
      if (kMarks.find(c) != std::string_view::npos) out += '\\';
      out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    text.remove_prefix(piece.size());
  }
  return out;
}

void block(JsonText& json, std::string_view text, bool title = false) {
  json.begin_object().member("type", "TextBlock").raw_member("wrap", "true");
  if (title) json.member("size", "Medium").member("weight", "Bolder");
  json.member("text", text).end_object();
}

std::string body(const Card& card) {
  JsonText json;
  json.begin_array();
  block(json, escaped(card.title, kMostFact), true);
  block(json, escaped(card.headline, kMostText));
  if (!card.facts.empty()) {
    json.begin_object().member("type", "FactSet").key("facts").begin_array();
    for (const Fact& fact : card.facts) {
      json.begin_object().member("title", fact.name).member("value", escaped(fact.value, kMostFact)).end_object();
    }
    json.end_array().end_object();
  }
  std::string lines;
  for (const std::string& line : card.lines)
    lines += "- " + escaped(line, kMostFact) + "\r";  // a list, in their Markdown
  if (!lines.empty()) block(json, lines);
  if (!card.todo.empty()) block(json, "**What to do** " + escaped(card.todo, kMostText));
  if (!card.next.empty() && card.next.size() <= kMostText) block(json, escaped(card.next, kMostText));
  block(json, escaped(card.footer, kMostFact));
  return json.end_array().take();
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  JsonText json;
  json.begin_object().member("type", "message").key("attachments").begin_array().begin_object();
  json.member("contentType", "application/vnd.microsoft.card.adaptive").raw_member("contentUrl", "null");
  json.key("content").begin_object().member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  json.member("type", "AdaptiveCard").member("version", "1.4");
  json.raw_member("body", body(card_of(messages.front(), context.surroundings)));
  json.end_object().end_object().end_array().end_object();
  return {Request{.url = settings.text("url"), .headers = {{"content-type", "application/json"}}, .body = json.take()}};
}

}  // namespace

const SinkKind kTeamsSink{
    .name = "teams",
    .meaning =
        "A Microsoft Teams channel or chat, by a workflow. Teams does not know repetitions: a message whose answer "
        "was lost comes twice, with the same key in its last line.",
    .settings = kSettings,
    .render = &render,
    .judge = &judge_alike,
};

}  // namespace tripline::alerts
