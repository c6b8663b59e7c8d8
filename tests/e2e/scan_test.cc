#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace {

std::string run(const std::string& arguments) {
  const std::string command = std::string(std::getenv("TRIPLINE_BIN")) + " " + arguments;
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), got);
  pclose(pipe);
  return out;
}

TEST(Scan, ARuleAndALogGiveASignal) {
  const auto folder = std::filesystem::temp_directory_path() / "tripline_scan_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "rule.yml") << "title: Detector deleted\nid: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01\n"
                                        "detection:\n  selection:\n    eventSource: guardduty.amazonaws.com\n"
                                        "    eventName: DeleteDetector\n  condition: selection\n";
  std::ofstream(folder / "log.json")
      << R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventSource":"guardduty.amazonaws.com",)"
      << R"("eventName":"DeleteDetector","eventID":"1","recipientAccountId":"111122223333"})"
      << "\n"
      << R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:13Z","eventSource":"guardduty.amazonaws.com",)"
      << R"("eventName":"GetDetector","eventID":"2","recipientAccountId":"111122223333"})"
      << "\n";
  const std::string out = run("scan -r " + (folder / "rule.yml").string() + " " + (folder / "log.json").string());
  EXPECT_NE(out.find("\"title\":\"Detector deleted\""), std::string::npos) << out;
  EXPECT_NE(out.find("\"triggers\":1"), std::string::npos) << out;
}

}  // namespace
