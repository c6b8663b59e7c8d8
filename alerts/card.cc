#include "alerts/card.h"

#include <algorithm>

#include "alerts/next_step.h"
#include "alerts/summary.h"
#include "engine/arn.h"

namespace tripline::alerts {
namespace {

using engine::Evidence;
using engine::Signal;

constexpr std::size_t kMostValues = 5;  // of a list
constexpr std::size_t kMostLines = 10;  // of several signals

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

/// The first few, and how many more there are.
std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), kMostValues); ++i) {
    text += (i == 0 ? "" : ", ") + values[i];
  }
  if (values.size() > kMostValues) text += " and " + std::to_string(values.size() - kMostValues) + " more";
  return text;
}

const Evidence* first_event(const Signal& signal) {
  return signal.evidence.empty() ? nullptr : signal.evidence.front().get();
}

std::string who(const Signal& signal, const engine::Accounts*) {
  std::string text = listed(signal.actors);
  const Evidence* event = first_event(signal);
  if (event == nullptr || signal.actors.size() > 1) return text;
  if (!event->actor_kind.empty()) text += " (" + event->actor_kind + ")";
  return text;
}

std::string started_by(const Signal& signal, const engine::Accounts*) {
  const Evidence* event = first_event(signal);
  if (event == nullptr || event->origin.empty() || event->origin == event->actor) return {};
  return event->chain.empty() ? event->origin : event->chain;
}

std::string did(const Signal& signal, const engine::Accounts*) {
  std::vector<std::string> calls;
  for (const engine::ActionCount& action : signal.actions) {
    std::string call = action.event_name;
    std::string ends;
    for (const auto& row : engine::kOutcomeCounts) {
      const auto count = action.*row.count;
      if (count > 0) ends += (ends.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(row.outcome);
    }
    calls.push_back(ends.empty() ? call : call + " (" + ends + ")");
  }
  return listed(calls);
}

std::string to_what(const Signal& signal, const engine::Accounts*) {
  std::vector<std::string> names;
  for (const engine::Resource& resource : signal.resources) {
    const auto arn = engine::parse_arn(resource.id);
    names.emplace_back(arn ? arn->resource_name() : std::string_view(resource.id));
  }
  return listed(names);
}

std::string accounts(const Signal& signal, const engine::Accounts* known) {
  std::vector<std::string> names;
  for (const std::string& id : signal.accounts) {
    const engine::AccountFacts* facts = known == nullptr ? nullptr : known->find(id);
    names.push_back(facts == nullptr || facts->name.empty() ? id : facts->name + " (" + id + ")");
  }
  return listed(names);
}

std::string regions(const Signal& signal, const engine::Accounts*) { return listed(signal.regions); }
std::string addresses(const Signal& signal, const engine::Accounts*) { return listed(signal.addresses); }
std::string agents(const Signal& signal, const engine::Accounts*) {
  std::vector<std::string> first = signal.agents;
  first.resize(std::min<std::size_t>(first.size(), 1));
  const std::size_t more = signal.agents.size() - first.size();
  return listed(first) + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::string when(const Signal& signal, const engine::Accounts*) {
  std::string text = engine::format_time(signal.first);
  if (signal.last != signal.first) text += " to " + engine::format_time(signal.last);
  return signal.triggers > 1 ? text + ", " + std::to_string(signal.triggers) + " times" : text;
}

std::string tags(const Signal& signal, const engine::Accounts*) { return listed(signal.rule().tags); }
std::string harmless(const Signal& signal, const engine::Accounts*) { return listed(signal.rule().false_positives); }

constexpr struct {
  std::string_view name;
  std::string (*value)(const Signal&, const engine::Accounts*);
} kFacts[] = {
    {"Who", &who},
    {"Started by", &started_by},
    {"Did", &did},
    {"To", &to_what},
    {"Account", &accounts},
    {"Region", &regions},
    {"From", &addresses},
    {"With", &agents},
    {"When", &when},
    {"Tags", &tags},
    {"May be harmless", &harmless},
};

std::string title_of(const Message& message) {
  const std::string level = "[" + upper(name_of(level_of(message))) + "] ";
  std::string title = message.test ? "TEST " + level : level;
  if (message.grouped()) return title + std::to_string(message.signals()) + " signals";
  const Told& told = message.told.front();
  if (told.change != Change::kOpened) title += std::string(name_of(told.change)) + ": ";
  return title + told.signal->rule().title;
}

std::string line_of(const Told& told, const engine::Accounts* known) {
  return "[" + upper(name_of(told.signal->rule().level)) + "] " + std::string(name_of(told.change)) + ": " +
         summary(*told.signal, known);
}

void tell_several(const Message& message, const engine::Accounts* known, Card& card) {
  std::size_t shown = 0;
  for (; shown < std::min(message.told.size(), kMostLines); ++shown) {
    card.lines.push_back(line_of(message.told[shown], known));
  }
  const std::uint64_t more = message.signals() - shown;
  if (more > 0) card.lines.push_back("and " + std::to_string(more) + " more");
}

}  // namespace

Card card_of(const Message& message, const MessageSurroundings& surroundings) {
  const Signal& first = *message.told.front().signal;
  Card card;
  card.title = title_of(message);
  card.headline = headline(message, surroundings.accounts);
  if (message.test) card.headline = "This is a test, nothing has happened. " + card.headline;
  if (message.grouped()) {
    tell_several(message, surroundings.accounts, card);
  } else {
    for (const auto& row : kFacts) {
      std::string value = row.value(first, surroundings.accounts);
      if (!value.empty()) card.facts.push_back({row.name, std::move(value)});
    }
    card.todo = first.rule().response;
    card.next = next_step(first, surroundings.logs);
  }
  card.footer = "Tripline · rule " + first.rule().id + " · " + message.key;
  return card;
}

std::string plain_text(const Card& card) {
  std::string text = card.title + "\n\n" + card.headline + "\n\n";
  for (const Fact& fact : card.facts) text.append(fact.name).append(": ").append(fact.value).append("\n");
  for (const std::string& line : card.lines) text.append("- ").append(line).append("\n");
  if (!card.todo.empty()) text.append("\nWhat to do: ").append(card.todo).append("\n");
  if (!card.next.empty()) text.append("\nLook further:\n  ").append(card.next).append("\n");
  return text.append("\n").append(card.footer).append("\n");
}

}  // namespace tripline::alerts
