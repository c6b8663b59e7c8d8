// What a remembered mint costs, in bytes and in time, with a million of them alive. `bytes/mint` is what Lineage says
// of itself, `heap/mint` what malloc says, texts of actors and origins included.

#include "engine/lineage.h"

#include <cstdint>
#include <malloc.h>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace tripline::engine {
namespace {

const EventTime kStart = *parse_time("2026-01-15T10:00:00Z");
constexpr int kUsers = 2'000;
constexpr int kRoles = 500;

ChainActor role_actor(int role, std::string name) {
  const std::string r = "Role" + std::to_string(role);
  return {"arn:aws:iam::111122223333:role/path/" + r, std::move(name), "111122223333", "role", "role/" + r};
}

/// `chained` percent of the callers hold what an earlier mint issued, under a session name of their own.
std::vector<Mint> make_mints(std::size_t count, int chained) {
  std::mt19937 random(7);
  const auto roll = [&](std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random); };
  std::vector<Mint> mints;
  mints.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    Mint mint;
    mint.time = kStart + std::chrono::milliseconds{i};
    mint.lifetime = std::chrono::hours{36};
    mint.event = i + 1;
    mint.shared = credential_hash("shared" + n);
    mint.issued = {credential_hash("ASIA" + n), credential_hash("AROA:" + n), credential_hash("arn:" + n), mint.time};
    mint.caller.time = mint.time;
    if (i > 0 && roll(100) < static_cast<std::size_t>(chained)) {
      const std::size_t above = roll(i);
      mint.caller.actor = role_actor(static_cast<int>(above % kRoles), "session-" + std::to_string(above));
      mint.caller.behind = Behind::kNobody;
      mint.caller.ids = mints[above].issued;
    } else {
      const std::string user = "user" + std::to_string(roll(kUsers));
      mint.caller.actor = {"arn:aws:iam::111122223333:user/" + user, user, "111122223333", "human", user};
      mint.caller.behind = Behind::kItself;
    }
    mints.push_back(std::move(mint));
  }
  return mints;
}

double heap_in_use() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void add_and_settle(benchmark::State& state) {
  const auto mints = make_mints(static_cast<std::size_t>(state.range(0)), static_cast<int>(state.range(1)));
  double bytes = 0, unsettled_bytes = 0, heap = 0, unsettled_heap = 0;
  for (auto _ : state) {
    const double before = heap_in_use();
    Lineage lineage;
    for (const Mint& mint : mints) lineage.add(mint);
    const auto count = static_cast<double>(lineage.mints());
    unsettled_bytes = static_cast<double>(lineage.memory_bytes()) / count;
    unsettled_heap = (heap_in_use() - before) / count;
    lineage.settle(kStart + std::chrono::hours{1});
    bytes = static_cast<double>(lineage.memory_bytes()) / count;
    heap = (heap_in_use() - before) / count;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes/mint"] = bytes;
  state.counters["bytes/mint unsettled"] = unsettled_bytes;
  state.counters["heap/mint"] = heap;
  state.counters["heap/mint unsettled"] = unsettled_heap;
}
BENCHMARK(add_and_settle)
    ->Args({1'000'000, 0})
    ->Args({1'000'000, 30})
    ->Args({1'050'000, 0})
    ->Unit(benchmark::kMillisecond);

void look_up(benchmark::State& state, bool by_key, bool settled) {
  const auto mints = make_mints(static_cast<std::size_t>(state.range(0)), 30);
  Lineage lineage;
  for (const Mint& mint : mints) lineage.add(mint);
  if (settled) lineage.settle(kStart + std::chrono::hours{1});
  std::mt19937 random(11);
  std::vector<Bearer> bearers(4096);
  for (Bearer& bearer : bearers) {
    const std::size_t i = std::uniform_int_distribution<std::size_t>(0, mints.size() - 1)(random);
    bearer.actor = role_actor(static_cast<int>(i % kRoles), "session-" + std::to_string(i));
    bearer.ids = mints[i].issued;
    if (!by_key) bearer.ids.key = credential_hash("another");
    bearer.time = mints[i].time + std::chrono::minutes{5};
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(lineage.origin_of(bearers[i++ % bearers.size()]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(look_up, by_key, true, true)->Arg(1'000'000);
BENCHMARK_CAPTURE(look_up, by_session, false, true)->Arg(1'000'000);
BENCHMARK_CAPTURE(look_up, by_key_unsettled, true, false)->Arg(1'000'000);

void hash_a_key(benchmark::State& state) {
  const std::string key = "ASIAEXAMPLE000000001";
  for (auto _ : state) benchmark::DoNotOptimize(credential_hash(key));
}
BENCHMARK(hash_a_key);

}  // namespace
}  // namespace tripline::engine
