#include "app/asked_signal.h"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "engine/action_count.h"

namespace tripline::app {
namespace {

using alerts::SignalTraits;
using engine::ErrorCode;
using engine::fail;
using engine::Result;
using simdjson::dom::element;
using Names = SignalTraits::Names;

std::string text(const element& json, std::string_view name) {
  std::string_view value;
  return json[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

std::vector<element> items(const element& json, std::string_view name) {
  simdjson::dom::array array;
  std::vector<element> all;
  if (json[name].get(array) == simdjson::SUCCESS) all.assign(array.begin(), array.end());
  return all;
}

void add(SignalTraits::Things& things, Names names) {
  std::erase(names, "");
  if (std::find(things.begin(), things.end(), names) == things.end()) things.push_back(std::move(names));
}

/// As SignalTraits::of() has it of a signal. Of those who acted all names are known of the first alone.
SignalTraits traits_of(const element& signal, const element& rule, const engine::Accounts* accounts) {
  SignalTraits traits;
  add(traits.level, {text(rule, "level")});
  add(traits.rule, {text(rule, "id")});
  for (const element tag : items(rule, "tags")) {
    if (std::string_view word; tag.get(word) == simdjson::SUCCESS) add(traits.tag, {std::string(word)});
  }
  for (const element action : items(signal, "actions")) {
    for (const auto& row : engine::kOutcomeCounts) {
      std::uint64_t count = 0;
      if (action[row.outcome].get(count) == simdjson::SUCCESS && count > 0) {
        add(traits.outcome, {std::string(row.outcome)});
      }
    }
  }
  for (const element account : items(signal, "accounts")) {
    const std::string id = text(account, "id");
    const engine::AccountFacts* facts = accounts == nullptr ? nullptr : accounts->find(id);
    add(traits.account, {id, facts == nullptr ? text(account, "name") : facts->name});
    add(traits.account_env, {facts == nullptr ? "" : facts->env});
  }
  element actor, origin;
  const bool has_actor = signal["actor"].get(actor) == simdjson::SUCCESS;
  const bool has_origin = signal["origin"].get(origin) == simdjson::SUCCESS;
  Names first;
  if (has_actor) {
    first = {text(actor, "name"), text(actor, "principal")};
    add(traits.actor_kind, {text(actor, "kind")});
  }
  if (has_actor && has_origin) {
    first.insert(first.end(), {text(origin, "name"), text(origin, "principal")});
    if (!text(origin, "kind").empty()) add(traits.origin_kind, {text(origin, "kind")});
  }
  if (has_actor) add(traits.actor, first);
  for (const element name : items(signal, "actors")) {
    std::string_view word;
    if (name.get(word) != simdjson::SUCCESS) continue;
    if (std::find(first.begin(), first.end(), word) == first.end()) add(traits.actor, {std::string(word)});
  }
  return traits;
}

Result<AskedSignal> read_signal(const element& json, const engine::Accounts* accounts) {
  element rule;
  if (json["rule"].get(rule) != simdjson::SUCCESS) {
    return fail(ErrorCode::kBadInput,
                "it is no signal: it has no `rule`; `tripline store export` and sinks write some");
  }
  AskedSignal signal;
  signal.title = text(rule, "title");
  signal.rule = text(rule, "id");
  const auto level = engine::parse_level(text(rule, "level"));
  if (!level) return fail(ErrorCode::kBadInput, "it is no signal: its rule has no `level`");
  signal.level = *level;
  signal.continues = !text(json, "continues").empty();
  signal.traits = traits_of(json, rule, accounts);
  return signal;
}

Result<void> read_document(const element& json, const engine::Accounts* accounts, std::vector<AskedSignal>& into) {
  element data = json;
  if (json["type"].error() == simdjson::SUCCESS && json["data"].get(data) != simdjson::SUCCESS) data = json;
  std::vector<element> signals;
  if (data["signals"].error() != simdjson::SUCCESS) {
    signals.push_back(data);
  } else {
    for (const element one : items(data, "signals")) {
      element signal = one;
      if (one["signal"].get(signal) != simdjson::SUCCESS) signal = one;
      signals.push_back(signal);
    }
  }
  for (const element& one : signals) {
    auto signal = read_signal(one, accounts);
    if (!signal) return signal.error();
    into.push_back(std::move(*signal));
  }
  return {};
}

}  // namespace

Result<std::vector<AskedSignal>> read_asked_signals(std::string_view text, const engine::Accounts* accounts) {
  simdjson::dom::parser parser;
  std::vector<AskedSignal> all;
  element json;
  if (parser.parse(simdjson::padded_string(text)).get(json) == simdjson::SUCCESS) {
    if (auto read = read_document(json, accounts, all); !read) return read.error();
    return all;
  }
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = "line " + std::to_string(number) + ": ";
    if (parser.parse(simdjson::padded_string(line)).get(json) != simdjson::SUCCESS) {
      return fail(ErrorCode::kBadInput, where + "it is no JSON");
    }
    if (auto read = read_document(json, accounts, all); !read) {
      return fail(read.error().code, where + read.error().message);
    }
  }
  if (all.empty()) return fail(ErrorCode::kBadInput, "there is no signal in it");
  return all;
}

}  // namespace tripline::app
