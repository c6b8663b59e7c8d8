#include "app/serve/silence.h"

#include <map>

namespace tripline::app {

std::vector<Silent> silent_ones(const SilenceOptions& options, const LastSeen& seen, engine::EventTime started,
                                engine::EventTime now) {
  std::map<LastSeen::Who, Silent> who;
  for (const auto& [one, at] : seen.all()) {
    who[one] = {.kind = one.first, .name = one.second, .since = at, .from = at + options.after};
  }
  for (const auto& expected : options.expect) {
    const LastSeen::Who one(expected.kind, expected.name);
    const auto known = seen.all().find(one);
    const engine::EventTime since = known == seen.all().end() ? started : known->second;
    who[one] = {.kind = expected.kind,
                .name = expected.name,
                .since = since,
                .from = since + expected.after,
                .signal = expected.signal};
  }
  std::vector<Silent> silent;
  for (auto& [one, facts] : who) {
    if (facts.from <= now) silent.push_back(std::move(facts));
  }
  return silent;
}

}  // namespace tripline::app
