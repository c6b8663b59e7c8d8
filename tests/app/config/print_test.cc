#include "app/config/print.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "app/config/config.h"

namespace tripline::app {
namespace {

Environment environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    return name == "ENV" ? std::optional<std::string>("value") : std::nullopt;
  };
}

constexpr std::string_view kText = R"(
lateness: 45m
accounts: ${ENV}-accounts.yml
rules:
  fields: {src.ip: sourceIPAddress, 'odd key': 'it''s'}
  paths: [one, 'two words', 'true']
sources:
  events:
    - token: 0123456789abcdef
      name: '12'
)";

TEST(ConfigPrint, SaysWhereEachValueCameFrom) {
  const std::string text = config_text(read_config(kText, "t.yml", environment()).tree);
  std::istringstream in(text);
  std::set<std::pair<std::string, std::string>> lines;  // without the blanks between value and comment
  for (std::string line; std::getline(in, line);) {
    const std::size_t comment = std::min(line.find("  # "), line.size());
    const std::string value = line.substr(0, line.find_last_not_of(' ', comment == 0 ? 0 : comment - 1) + 1);
    lines.emplace(value, comment == line.size() ? "" : line.substr(comment + 4));
  }
  const std::pair<std::string, std::string> wanted[] = {
      {"  - address: 127.0.0.1:8480", "default"},
      {"lateness: 45m", "t.yml:2"},
      {"accounts: value-accounts.yml", "t.yml:3, ${ENV}"},
      {"  paths: [one, 'two words', 'true']", "t.yml:6"},
      {"  fields:", "t.yml:5"},
      {"    src.ip: sourceIPAddress", ""},
      {"    'odd key': 'it''s'", ""},
      {"    - token: (secret)", "t.yml:9"},
      {"      name: '12'", "t.yml:10"},
  };
  for (const auto& line : wanted) EXPECT_TRUE(lines.contains(line)) << line.first << "\n" << text;
  EXPECT_EQ(text.find("tls"), std::string::npos) << "absent";
  EXPECT_EQ(text.find("sinks"), std::string::npos) << "absent";
}

TEST(ConfigPrint, IsAConfigurationOfTheSameMeaning) {
  for (const std::string_view text : {std::string_view(), kText}) {
    LoadedConfig first = read_config(text, "t.yml", environment());
    std::string printed = config_text(first.tree);
    for (std::size_t at; (at = printed.find("(secret)")) != std::string::npos;) {
      printed.replace(at, 8, "0123456789abcdef");
    }
    const LoadedConfig second = read_config(printed, "t.yml", environment());
    EXPECT_EQ(second.diagnostics.first_error(), "") << printed;
    EXPECT_EQ(first.config, second.config);
  }
}

TEST(ConfigPrint, HasAnObjectAValueAsJson) {
  const std::string json = config_json(read_config(kText, "t.yml", environment()).tree);
  for (
      const std::string object : {
          R"({"key":"listen[0].address","value":"127.0.0.1:8480","origin":"default"})",
          R"({"key":"workers","value":0,"origin":"default"})",
          R"({"key":"reload.watch","value":true,"origin":"default"})",
          R"({"key":"lateness","value":"45m","origin":"file","path":"t.yml","line":2,"column":11})",
          R"({"key":"accounts","value":"value-accounts.yml","origin":"file","path":"t.yml","line":3,"column":11,"variables":["ENV"]})",
          R"({"key":"rules.paths","value":["one","two words","true"],"origin":"file")",
          R"({"key":"rules.fields","value":{"src.ip":"sourceIPAddress","odd key":"it's"})",
          R"x({"key":"sources.events[0].token","value":"(secret)","origin":"file")x",
      }) {
    EXPECT_NE(json.find(object), std::string::npos) << object << "\n" << json;
  }
}

}  // namespace
}  // namespace tripline::app
