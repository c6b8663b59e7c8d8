// Random chains of credentials over random accounts, delivered in any order, give the same origins as an oracle that
// sees everything at once and looks at all of it for each answer.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lineage.h"
#include "tests/support/lineage_oracle.h"

namespace tripline::engine {
namespace {

using Random = std::mt19937;
using std::chrono::seconds;

int roll(Random& random, int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(random); }
bool chance(Random& random, int percent) { return roll(random, 100) < percent; }

const EventTime kStart = *parse_time("2026-01-15T10:00:00Z");

std::string answer(const Lineage& lineage, const Bearer& bearer) {
  const Origin origin = lineage.origin_of(bearer);
  return origin.path + " (" + std::string(name_of(origin.resolution)) + ", " + origin.principal + ", " +
         std::to_string(origin.depth) + ")";
}

// ---- Random histories --------------------------------------------------------------------------------------------

struct History {
  std::vector<Mint> mints;  // some are never delivered and not in here
  std::vector<Bearer> calls;
};

/// `strange`: keys are minted twice, credentials go in circles, sessions share names.
class Histories {
 public:
  Histories(unsigned seed, bool strange) : random_(seed), strange_(strange) {}

  History make() {
    History out;
    std::vector<Mint> known;  // all that happened
    EventTime now = kStart;
    const int count = 1 + roll(random_, 30);
    for (int i = 0; i < count; ++i) {
      now += seconds{chance(random_, 30) ? roll(random_, 900) : roll(random_, 3)};
      Mint mint;
      mint.caller = bearer(known, now);
      mint.time = now;
      mint.lifetime = seconds{900 << roll(random_, 3)};
      mint.event = ++event_;
      if (chance(random_, 85)) mint.issued.key = new_key();
      const int role = roll(random_, 4);
      const int session = strange_ ? roll(random_, 2) : i;
      mint.issued.session_id = chance(random_, 80) ? hash("id", role, session) : 0;
      mint.issued.session_arn = hash("arn", role, session);
      mint.same_bearer = mint.caller.needs_mint() && chance(random_, 10);
      known.push_back(mint);
      roles_[mint.event] = role;
      if (chance(random_, 40)) {
        // Two copies: the owner's knows the session that called, not its key.
        mint.shared = credential_hash("shared" + std::to_string(mint.event));
        Mint outside = mint;
        outside.event = ++event_;
        outside.outside_view = true;
        outside.caller.actor = actor("role/AROA" + mint.caller.actor.label, mint.caller.actor.account, "role");
        outside.caller.behind = Behind::kNobody;
        outside.caller.other = {};
        outside.caller.ids = {};
        outside.caller.ids.session_id = mint.caller.ids.session_id;
        if (chance(random_, 20)) outside.issued.key = 0;
        known.back() = mint;
        if (chance(random_, 80)) out.mints.push_back(outside);
      }
      if (chance(random_, 80)) out.mints.push_back(mint);
      if (chance(random_, 10)) out.mints.push_back(mint);  // delivered twice
    }
    for (int i = 0; i < 2 * count; ++i) {
      now = kStart + seconds{roll(random_, 4000)};
      Bearer call = bearer(known, now);
      if (chance(random_, 20)) {
        Mint copy;
        copy.caller = call;
        copy.time = now;
        copy.event = ++event_;
        copy.shared = credential_hash("shared" + std::to_string(copy.event));
        if (chance(random_, 80)) out.mints.push_back(copy);
        out.calls.push_back(owners_copy(copy));
      }
      out.calls.push_back(std::move(call));
    }
    for (const Mint& mint : known) {
      if (mint.shared != 0) out.calls.push_back(owners_copy(mint));
    }
    return out;
  }

  Random& random() { return random_; }

 private:
  static std::uint64_t hash(std::string_view kind, int role, int session) {
    return credential_hash(std::string(kind) + std::to_string(role) + "/" + std::to_string(session));
  }
  std::uint64_t new_key() {
    const int reuse = strange_ ? 8 : 1'000'000;
    return credential_hash("key" + std::to_string(strange_ ? roll(random_, reuse) : ++key_));
  }
  static ChainActor actor(std::string label, std::string account, std::string kind) {
    return {"arn:" + label, label, std::move(account), std::move(kind), label};
  }
  /// What the owner's copy of a mint or call shows of who made it.
  static Bearer owners_copy(const Mint& mint) {
    Bearer out;
    out.time = mint.time;
    out.shared = mint.shared;
    out.actor = actor("AROA" + mint.caller.actor.label, mint.caller.actor.account, "role");
    out.behind = mint.caller.needs_mint() ? Behind::kNobody : Behind::kItself;
    out.ids.session_id = mint.caller.ids.session_id;
    return out;
  }

  std::string account() { return std::string(12, static_cast<char>('1' + roll(random_, 3))); }

  /// Somebody who calls at `now`: with credentials of their own, or with those that one of `known` issued.
  Bearer bearer(const std::vector<Mint>& known, EventTime now) {
    Bearer out;
    out.time = now;
    const int kind = roll(random_, 10);
    if (known.empty() || kind < 3) {
      const bool service = kind == 0;
      out.actor = service ? actor("ec2.amazonaws.com", "", "service")
                          : actor("user" + std::to_string(roll(random_, 3)), account(), "human");
      out.behind = kind == 2 ? Behind::kIssuer : Behind::kItself;
      if (kind == 2) out.other = actor("broker", account(), "human");
      return out;
    }
    const Mint& mint = known[static_cast<std::size_t>(roll(random_, static_cast<int>(known.size())))];
    out.actor = actor("role/R" + std::to_string(roles_[mint.event]), account(), "role");
    switch (roll(random_, 8)) {
      case 0:
        out.behind = Behind::kNamed;
        out.other = actor("named", "", "human");
        break;
      case 1:
        out.behind = Behind::kImplied;
        out.other = actor("person" + std::to_string(roll(random_, 3)), account(), "human");
        break;
      case 2:
        out.behind = Behind::kImplied;
        out.other = actor("owner.amazonaws.com", "", "service");
        break;
      default:
        break;
    }
    if (chance(random_, 10)) {  // the owner's view
      out.ids.session_id = mint.issued.session_id;
      return out;
    }
    out.ids.session_arn = mint.issued.session_arn;
    if (chance(random_, 15)) return out;  // as a change of role in the console names who changed
    out.ids.session_id = mint.issued.session_id;
    if (chance(random_, 70)) out.ids.key = chance(random_, 80) ? mint.issued.key : credential_hash("rotated");
    if (chance(random_, 10)) out.ids.sign_in = mint.issued.key;
    if (chance(random_, 70)) out.ids.created = mint.time + seconds{chance(random_, 50) ? 0 : roll(random_, 7) - 3};
    return out;
  }

  Random random_;
  bool strange_;
  std::uint64_t event_ = 0;
  int key_ = 0;
  std::map<std::uint64_t, int> roles_;  // by mint
};

class LineageProperty : public testing::TestWithParam<bool> {};

TEST_P(LineageProperty, AnyOrderOfDeliveryGivesTheOriginsOfTheOracle) {
  constexpr seconds kLateness{1800};
  int traced = 0, final_early = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    Histories histories(seed, GetParam());
    const History history = histories.make();
    const auto expected = tests::expected_origins(history.mints, history.calls);

    struct Delivery {
      EventTime at;
      const Mint* mint;
    };
    for (int round = 0; round < 3; ++round) {
      std::vector<Delivery> deliveries;
      for (const Mint& mint : history.mints) {
        deliveries.push_back(
            {mint.time + seconds{roll(histories.random(), static_cast<int>(kLateness.count()))}, &mint});
      }
      std::stable_sort(deliveries.begin(), deliveries.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
      Lineage lineage;
      EventTime complete{};
      for (const Delivery& delivery : deliveries) {
        if (chance(histories.random(), 60)) {
          complete = delivery.at - kLateness - seconds{1};
          lineage.settle(complete);
        }
        lineage.add(*delivery.mint);
        const std::size_t some =
            static_cast<std::size_t>(roll(histories.random(), static_cast<int>(history.calls.size())));
        const Bearer& call = history.calls[some];
        const bool sure = call.time + seconds{2} <= complete || !GetParam();
        if (sure && lineage.is_final(call)) {
          ++final_early;
          EXPECT_EQ(answer(lineage, call), expected[some]);
        }
      }
      lineage.settle(kStart + seconds{100'000});
      for (std::size_t i = 0; i < history.calls.size(); ++i) {
        EXPECT_TRUE(lineage.is_final(history.calls[i]));
        EXPECT_EQ(answer(lineage, history.calls[i]), expected[i]);
        traced += expected[i].find("exact") != std::string::npos && history.calls[i].needs_mint() ? 1 : 0;
      }
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(traced, 1000) << "the histories have chains to trace";
  EXPECT_GT(final_early, 1000);
}

TEST_P(LineageProperty, WhatIsForgottenIsNotMissed) {
  constexpr seconds kLateness{600};
  constexpr seconds kSettled{30};  // clocks differ at each step of a chain
  std::size_t forgotten = 0;
  for (unsigned seed = 1000; seed < 1200; ++seed) {
    SCOPED_TRACE(seed);
    Histories histories(seed, GetParam());
    History history = histories.make();
    const std::vector<Mint> as_they_happened = history.mints;
    const auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };
    std::stable_sort(history.mints.begin(), history.mints.end(), by_time);
    std::stable_sort(history.calls.begin(), history.calls.end(), by_time);
    const auto expected = tests::expected_origins(as_they_happened, history.calls);
    Lineage lineage;
    auto mint = history.mints.begin();
    for (std::size_t i = 0; i < history.calls.size(); ++i) {
      const Bearer& call = history.calls[i];
      for (; mint != history.mints.end() && mint->time <= call.time + kSettled + kLateness; ++mint) lineage.add(*mint);
      lineage.settle(call.time + kSettled);
      const std::size_t before = lineage.mints();
      lineage.forget(call.time);
      forgotten += before - lineage.mints();
      EXPECT_TRUE(lineage.is_final(call));
      EXPECT_EQ(answer(lineage, call), expected[i]);
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(forgotten, 100U);
}

INSTANTIATE_TEST_SUITE_P(Histories, LineageProperty, testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "strange" : "plain"; });

}  // namespace
}  // namespace tripline::engine
