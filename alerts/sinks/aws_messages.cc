#include "alerts/sinks/aws_messages.h"

#include <algorithm>
#include <charconv>

#include "alerts/aws_request.h"
#include "alerts/card.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

constexpr std::size_t kMostAttribute = 256;
constexpr std::size_t kLeastBytes = 16 << 10;  // what a message can always be trimmed to, with room to spare

}  // namespace

std::size_t AwsMessage::size() const {
  std::size_t bytes = body.size();
  for (const auto& [name, value] : attributes) bytes += name.size() + std::string_view("String").size() + value.size();
  return bytes;
}

void check_aws_max_bytes(const Settings& settings, std::vector<SettingFault>& faults) {
  if (settings.number("max_bytes") < kLeastBytes) faults.push_back({"max_bytes", "is at least 16KiB"});
}

AwsMessage aws_message(const Message& message, const RenderContext& context, std::size_t most, bool text, bool fifo) {
  const engine::Signal& first = *message.told.front().signal;
  AwsMessage made;
  const auto add = [&](std::string_view name, std::string_view value) {
    const std::string clean = for_xml(std::string(engine::cut_utf8(value, kMostAttribute)), false);
    if (!clean.empty()) made.attributes.emplace_back(name, clean);
  };
  add("level", name_of(level_of(message)));
  add("rule_id", first.rule().id);
  if (!first.accounts.empty()) add("account", first.accounts.front());
  add("change", change_of(message));
  if (message.test) add("test", "true");
  const std::size_t room = most - std::min(most, made.size());
  // A character that XML lacks has three bytes, its escape six: one that is there twenty times is worth its room. What
  // cannot be trimmed so far goes as short as it gets, for AWS to refuse.
  for (std::size_t aim = room; made.body.empty() || made.body.size() > room; aim = aim / 8 * 7) {
    made.body =
        text ? for_xml(std::string(engine::cut_utf8(plain_text(card_of(message, context.surroundings)), aim)), false)
             : for_xml(message_json(message, context.surroundings, aim), true);
    if (aim == 0) break;
  }
  if (fifo) {
    made.group = thread_of(message);
    made.deduplication = message.key;
  }
  return made;
}

std::vector<AwsMessage> aws_batch(std::span<const Message> messages, const RenderContext& context, std::size_t most,
                                  bool text, bool fifo) {
  std::vector<AwsMessage> batch;
  std::size_t bytes = 0;
  for (const Message& message : messages) {
    AwsMessage made = aws_message(message, context, most, text, fifo);
    bytes += made.size();
    if (!batch.empty() && bytes > most) break;
    batch.push_back(std::move(made));
  }
  return batch;
}

std::string entry_id(std::size_t place) { return "m" + std::to_string(place); }

namespace {

/// npos: it is none of ours.
std::size_t place_of_entry(std::string_view id) {
  std::size_t place = std::string_view::npos;
  if (!id.starts_with('m')) return place;
  const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), place);
  return error == std::errc{} && end == id.data() + id.size() ? place : std::string_view::npos;
}

}  // namespace

std::vector<Verdict> judge_entries(std::size_t messages, std::string_view service,
                                   std::span<const EntryAnswer> answers) {
  std::vector<Verdict> verdicts(messages, Verdict::retry(std::string(service) + " did not say what became of it"));
  for (const EntryAnswer& answer : answers) {
    const std::size_t place = place_of_entry(answer.id);
    if (place >= verdicts.size()) continue;
    verdicts[place] = answer.error ? judge_aws_entry(*answer.error, answer.sender_fault) : Verdict::delivered();
  }
  return verdicts;
}

}  // namespace tripline::alerts
