#include "app/log.h"

#include <algorithm>
#include <array>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using namespace std::chrono_literals;

/// A log into memory, at a time that the test sets.
class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { ::close(fd_); }
  Log::Options options(bool json = false) {
    Log::Options made;
    made.json = json;
    made.fd = fd_;
    made.burst = 2;
    made.now = [this] { return now_; };
    return made;
  }
  std::string written() const {
    std::string text;
    std::array<char, 4096> buffer;
    ::lseek(fd_, 0, SEEK_SET);
    for (ssize_t n; (n = ::read(fd_, buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

  const int fd_ = ::memfd_create("log", 0);
  std::chrono::system_clock::time_point now_{1768471872345ms};  // 2026-01-15T10:11:12.345Z
};

TEST_F(LogTest, WritesALineOfText) {
  Log log(options());
  log.info("listening", {{"address", "127.0.0.1:8480"}, {"tls", false}});
  log.warning("slow", {{"took", 1500ms}, {"name", "two words"}, {"empty", ""}, {"quote", "a\"b\\c"}, {"n", -3}});
  EXPECT_EQ(
      written(),
      "2026-01-15T10:11:12.345Z info listening address=127.0.0.1:8480 tls=false\n"
      "2026-01-15T10:11:12.345Z warning slow took=1.500 name=\"two words\" empty=\"\" quote=\"a\\\"b\\\\c\" n=-3\n");
}

TEST_F(LogTest, WritesAnObjectALine) {
  Log log(options(true));
  log.error("no \"luck\"", {{"path", std::string("/a\nb")}, {"bytes", std::uint64_t{18446744073709551615U}}, {"x", 5}});
  log.info("plain");
  EXPECT_EQ(written(), R"({"time":"2026-01-15T10:11:12.345Z","level":"error","message":"no \"luck\"","path":"/a\nb",)"
                       R"("bytes":18446744073709551615,"x":5})"
                       "\n"
                       R"({"time":"2026-01-15T10:11:12.345Z","level":"info","message":"plain"})"
                       "\n");
}

TEST_F(LogTest, KeepsWhatOthersWroteFromDrivingATerminal) {
  for (const bool json : {false, true}) {
    Log log(options(json));
    log.info("peer", {{"name", "a\x1b[2Jb\r\nc\xff"}});
  }
  const std::string text = written();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
}

TEST_F(LogTest, CutsLongValuesBetweenCharacters) {
  Log log(options());
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "ü";
  log.info("long", {{"value", "x" + many}});
  const std::string text = written();
  EXPECT_LT(text.size(), 1200U);
  EXPECT_TRUE(text.ends_with("ü…\n")) << text;
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  Log::Options wanted = options();
  wanted.least = Log::Level::kWarning;
  Log log(wanted);
  log.debug("a");
  log.info("b");
  log.warning("c");
  log.error("d");
  EXPECT_EQ(written(), "2026-01-15T10:11:12.345Z warning c\n2026-01-15T10:11:12.345Z error d\n");
}

TEST_F(LogTest, SaysHowManyRepeatsItLeftOut) {
  Log log(options());
  for (int i = 0; i < 5; ++i) log.warning("refused", {{"peer", i}});
  EXPECT_EQ(log.suppressed(), 3U);
  now_ += 60s;
  log.info("other");
  EXPECT_EQ(written(),
            "2026-01-15T10:11:12.345Z warning refused peer=0\n"
            "2026-01-15T10:11:12.345Z warning refused peer=1\n"
            "2026-01-15T10:12:12.345Z warning repeats left out repeated=refused count=3\n"
            "2026-01-15T10:12:12.345Z info other\n");
}

TEST_F(LogTest, SaysSoWhenItIsAskedAndWhenItEnds) {
  {
    Log log(options());
    for (int i = 0; i < 3; ++i) log.info("a");
    log.tick();
    now_ += 60s;
    log.tick();
    for (int i = 0; i < 4; ++i) log.info("b");
  }
  const std::string text = written();
  EXPECT_NE(text.find("repeats left out repeated=a count=1\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("repeats left out repeated=b count=2\n")) << text;
}

TEST_F(LogTest, CountsLinesThatCannotBeWritten) {
  Log::Options broken = options();
  broken.fd = -1;
  Log log(broken);
  log.info("a");
  log.info("b");
  EXPECT_EQ(log.lost(), 2U);
}

TEST_F(LogTest, IsMadeAsTheConfigurationSays) {
  {
    Log log(Config::Logs{"json", "error"}, fd_);
    log.warning("a");
    log.error("b");
  }
  const std::string text = written();
  EXPECT_TRUE(text.starts_with("{\"time\":\"20")) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

}  // namespace
}  // namespace tripline::app
