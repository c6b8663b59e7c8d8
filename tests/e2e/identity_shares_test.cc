// The table of docs/identity.md that says of real logs how many origins are known how well.

#include <filesystem>
#include <regex>

#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::lines_of;

struct Share {
  std::string logs;
  int events = 0, key_shown = 0, no_key_shown = 0, inferred = 0, unresolved = 0;

  std::string text() const {
    std::string out = logs;
    for (const int count : {events, key_shown, no_key_shown, inferred, unresolved}) out += " " + std::to_string(count);
    return out;
  }
};

std::vector<Share> documented() {
  std::vector<Share> out;
  const std::regex row(R"(\| `([a-z0-9-]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| .*)");
  for (const auto& line : lines_of(tests::read_file(tests::repository() / "docs/identity.md"))) {
    std::smatch m;
    if (!std::regex_match(line, m, row)) continue;
    out.push_back({m[1], std::stoi(m[2]), std::stoi(m[3]), std::stoi(m[4]), std::stoi(m[5]), std::stoi(m[6])});
  }
  return out;
}

Share counted(const std::string& logs) {
  const auto run =
      tests::run_program({"search", "actor.type:AssumedRole", "--fields", "origin.resolution,actor.access_key",
                          "--format", "csv", tests::shared("data/cloudtrail/" + logs).string()});
  EXPECT_EQ(run.code, 0) << run.err;
  Share out{.logs = logs};
  for (const auto& line : lines_of(run.out)) {
    const std::string resolution = line.substr(0, line.find(','));
    if (resolution == "origin.resolution") continue;
    const bool has_key = line.find(',') + 1 < line.size();
    ++out.events;
    if (resolution == "exact") ++(has_key ? out.key_shown : out.no_key_shown);
    if (resolution == "inferred") ++out.inferred;
    if (resolution == "unresolved") ++out.unresolved;
  }
  return out;
}

TEST(IdentityShares, AreWhatTheDocumentSaysOfRealLogs) {
  if (!std::filesystem::exists(tests::shared("data/cloudtrail"))) GTEST_SKIP() << tests::missing("data/cloudtrail");
  const auto rows = documented();
  ASSERT_GE(rows.size(), 2U);
  for (const Share& row : rows) EXPECT_EQ(row.text(), counted(row.logs).text());
}

}  // namespace
}  // namespace tripline
