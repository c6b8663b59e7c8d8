#include "tests/support/origins.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/field.h"
#include "engine/lineage.h"
#include "tests/support/events.h"

namespace tripline::tests {

namespace {

const engine::FieldTable kNoFields;

}  // namespace

engine::Mint mint_in(const std::string& record) {
  OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  auto mint = engine::mint_of(*event);
  EXPECT_TRUE(mint) << record;
  return mint.value_or(engine::Mint{});
}

bool mints(const std::string& record) {
  OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  return engine::mint_of(*event).has_value();
}

engine::Bearer bearer_in(const std::string& record) {
  OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  return engine::bearer_of(*event);
}

const engine::EventTime kEnd = *engine::parse_time("2100-01-01T00:00:00Z");

std::string origin_of(const std::vector<std::string>& mint_records, const std::string& record) {
  std::vector<engine::Mint> mints;
  for (const auto& text : mint_records) mints.push_back(mint_in(text));
  const engine::Bearer bearer = bearer_in(record);
  std::vector<std::size_t> order(mints.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::string answer;
  do {
    engine::Lineage lineage;
    for (const std::size_t i : order) lineage.add(mints[i]);
    lineage.settle(kEnd);
    EXPECT_TRUE(lineage.is_final(bearer));
    const engine::Origin origin = lineage.origin_of(bearer);
    std::string text = origin.path + " (" + std::string(engine::name_of(origin.resolution)) + ")";
    if (answer.empty()) answer = text;
    EXPECT_EQ(text, answer);
  } while (std::next_permutation(order.begin(), order.end()));
  return answer;
}

}  // namespace tripline::tests
