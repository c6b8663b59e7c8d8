// SigmaHQ's rules for AWS over two real trails: the matcher finds what a plain full scan finds, and the table in
// docs/sigma-aws.md is what comes of it.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "connectors/file_source.h"
#include "connectors/record_reader.h"
#include "engine/matcher.h"
#include "rules/loader.h"
#include "tests/support/places.h"

namespace tripline {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTrails = {"invictus", "sans504"};

struct Count {
  std::array<std::uint64_t, kTrails.size()> matches{};
};

std::string table(const engine::RuleSet& rules, const std::vector<Count>& counts,
                  const std::array<std::uint64_t, kTrails.size()>& events) {
  std::map<std::string, Count> by_title;
  for (std::size_t i = 0; i < counts.size(); ++i) by_title[rules.detections[i].rule.title] = counts[i];
  std::ostringstream out;
  out << "# SigmaHQ's AWS rules over real trails\n\n"
         "All "
      << rules.detections.size()
      << " rules of SigmaHQ `rules/cloud/aws` over two public trails: `invictus` (attack techniques of Stratus Red\n"
         "Team, one hour) and `sans504` (a lab account, five days; a fifth of its events are delivered twice). Matches "
         "of\n"
         "records as delivered, duplicates included; the matcher's and those of a plain full scan of every rule, "
         "which\n"
         "are equal, record by record.\n\n"
         "Made by `REGENERATE=1 ./dev test property 'RealTrails*'`, which needs the trails.\n\n"
         "| rule | invictus | sans504 |\n|---|--:|--:|\n";
  out << "| *events* | " << events[0] << " | " << events[1] << " |\n";
  std::uint64_t silent = 0;
  for (const auto& [title, count] : by_title) {
    if (count.matches[0] + count.matches[1] == 0) {
      ++silent;
      continue;
    }
    out << "| " << title << " | " << count.matches[0] << " | " << count.matches[1] << " |\n";
  }
  out << "\nThe other " << silent << " rules match nothing in either.\n";
  return out.str();
}

TEST(RealTrails, TheMatcherFindsWhatAFullScanFindsAndTheDocumentedTableIsTrue) {
  const std::string rule_folder = "data/sigma/aws/rules";
  if (!fs::is_directory(tests::shared(rule_folder))) GTEST_SKIP() << tests::missing(rule_folder);
  const auto loaded = rules::load_rules({tests::shared(rule_folder).string()}, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->rules->detections.size(), 57u);
  const engine::RuleSet& rules = *loaded->rules;
  engine::Matcher matcher(loaded->rules);
  engine::Event event(rules.fields);
  std::vector<Count> counts(rules.detections.size());
  std::array<std::uint64_t, kTrails.size()> events{};
  for (std::size_t trail = 0; trail < kTrails.size(); ++trail) {
    const auto source = connectors::FileSource::open({(tests::shared("data/cloudtrail") / kTrails[trail]).string()});
    ASSERT_TRUE(source) << source.error().message;
    connectors::RecordBatch batch;
    while (const auto envelope = (*source)->next().value()) {
      connectors::RecordReader reader(*envelope, {});
      while (reader.next(batch).value()) {
        for (const engine::Record& record : batch.records) {
          ASSERT_TRUE(event.read(record)) << envelope->path;
          ++events[trail];
          const auto& found = matcher.match(event);
          ASSERT_EQ(found, engine::full_scan(rules, event)) << envelope->path << " at byte " << record.offset;
          for (const std::uint32_t rule : found) ++counts[rule].matches[trail];
        }
      }
    }
  }
  const std::string now = table(rules, counts, events);
  const fs::path document = tests::repository() / "docs/sigma-aws.md";
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(document) << now;
  std::ifstream in(document);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), now) << "regenerate " << document;
}

}  // namespace
}  // namespace tripline
