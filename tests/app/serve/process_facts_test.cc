#include "app/serve/process_facts.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(ProcessFacts, AreReadBehindTheNameOfTheProgram) {
  constexpr std::string_view kStat =
      "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 5 0 12345 1048576 300 18446744073709551615 1\n";
  const ProcessFacts facts = read_process_stat(kStat, 100, 4096);
  EXPECT_EQ(facts.cpu_seconds, 3.0);
  EXPECT_EQ(facts.threads, 5u);
  EXPECT_EQ(facts.virtual_bytes, 1048576u);
  EXPECT_EQ(facts.resident_bytes, 300u * 4096);
}

TEST(ProcessFacts, OfWhatIsNoStatAreNothing) {
  for (const std::string_view text : {"", "42", "42 (x", "42 (x)", "42 (x) S 1"}) {
    const ProcessFacts facts = read_process_stat(text, 100, 4096);
    EXPECT_EQ(facts.cpu_seconds, 0) << text;
    EXPECT_EQ(facts.resident_bytes, 0u) << text;
  }
}

TEST(ProcessFacts, OfThisProcessAreThere) {
  const ProcessFacts facts = read_process_facts();
  EXPECT_GT(facts.resident_bytes, 1u << 20);
  EXPECT_GT(facts.virtual_bytes, facts.resident_bytes);
  EXPECT_GE(facts.open_files, 3u);
  EXPECT_GE(facts.max_files, facts.open_files);
  EXPECT_GE(facts.threads, 1u);
  EXPECT_GT(facts.start_seconds, 1.7e9);
  EXPECT_GT(free_disk_bytes("/"), 0u);
  EXPECT_EQ(free_disk_bytes("/no/such/folder"), 0u);
}

}  // namespace
}  // namespace tripline::app
