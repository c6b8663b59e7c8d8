#include "alerts/line_stream.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/pipe.h"
#include "tests/support/places.h"

namespace tripline::alerts {
namespace {

using std::chrono::milliseconds;
using tests::Pipe;

constexpr milliseconds kShort{20}, kLong{20'000};
const std::atomic<bool> kGoesOn = false;

std::string lines(std::size_t from, std::size_t to, std::size_t size) {
  std::string all;
  for (std::size_t i = from; i < to; ++i) {
    std::string line = std::to_string(i);
    line.resize(size, 'x');
    all += line + "\n";
  }
  return all;
}

TEST(LineStream, WritesToPipesSocketsAndFiles) {
  const tests::TemporaryFolder folder;
  const Pipe pipe;
  int sockets[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
  const std::string path = folder.write("out", "");
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  for (const int descriptor : {pipe.writer(), sockets[0], file}) {
    LineStream stream(descriptor);
    const auto written = stream.write("one\ntwo\n", kLong, kGoesOn);
    EXPECT_EQ(written.lines, 2u);
    EXPECT_EQ(written.why, "");
  }
  for (const int reader : {pipe.reader(), sockets[1]}) {
    char got[16]{};
    EXPECT_EQ(::read(reader, got, sizeof got), 8);
    EXPECT_STREQ(got, "one\ntwo\n");
  }
  EXPECT_EQ(tests::read_file(path), "one\ntwo\n");
  for (const int open : {sockets[0], sockets[1], file}) ::close(open);
}

TEST(LineStream, WaitsNoLongerThanItMayForAReaderThatHasStopped) {
  const Pipe pipe;
  LineStream stream(pipe.writer());
  const auto begin = std::chrono::steady_clock::now();
  const auto written = stream.write(lines(0, 1000, 1000), kShort, kGoesOn);  // a pipe takes 64 KiB
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong);
  EXPECT_GT(written.lines, 0u);
  EXPECT_LT(written.lines, 100u);
  EXPECT_EQ(written.why, "nobody has read it for 20 ms");
  EXPECT_EQ(stream.write("more\n", kShort, kGoesOn).lines, 0u);
  EXPECT_EQ(::fcntl(pipe.writer(), F_GETFL) & O_NONBLOCK, 0) << "whoever shares it goes on as before";
}

TEST(LineStream, EndsWhenItIsTold) {
  const Pipe pipe;
  pipe.fill();
  LineStream stream(pipe.writer());
  std::atomic<bool> stop = false;
  std::thread other([&] { stop = true; });
  const auto written = stream.write("one\n", std::chrono::hours{1}, stop);
  other.join();
  EXPECT_EQ(written.lines, 0u);
  EXPECT_EQ(written.why, "it was stopped");
}

TEST(LineStream, SaysWhenTheReaderIsGone) {
  Pipe pipe;
  LineStream stream(pipe.writer());
  pipe.close_reader();
  ::signal(SIGPIPE, SIG_IGN);
  const auto written = stream.write("one\n", kLong, kGoesOn);
  EXPECT_EQ(written.lines, 0u);
  EXPECT_EQ(written.why, "Broken pipe");
}

/// Whoever writes tries again what is not out; somebody reads a part now and then.
TEST(LineStream, CompletesWhatItHasBegunAndRepeatsNothing) {
  std::mt19937 random(11);
  for (const bool socket : {false, true}) {
    SCOPED_TRACE(socket);
    int ends[2];
    ASSERT_EQ(socket ? ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) : ::pipe2(ends, O_CLOEXEC), 0);
    const int from = ends[0], to = ends[1];
    LineStream stream(to);
    constexpr std::size_t kLines = 400, kSize = 3'001;
    std::string got;
    std::size_t out = 0, halves = 0;
    while (out < kLines) {
      const auto written = stream.write(lines(out, std::min(kLines, out + 40), kSize), milliseconds{1}, kGoesOn);
      out += written.lines;
      std::string some(random() % 50'000, '\0');
      const ssize_t size = ::recv(from, some.data(), some.size(), MSG_DONTWAIT);
      const ssize_t read = size < 0 && errno == ENOTSOCK ? ::read(from, some.data(), some.size()) : size;
      if (read > 0) got += some.substr(0, static_cast<std::size_t>(read));
      halves += written.why.empty() ? 0 : 1;
    }
    ::close(to);
    // The stream has the pipe open, too: what is left is read without waiting for its end.
    const std::string all = lines(0, kLines, kSize);
    while (got.size() < all.size()) {
      std::string some(all.size() - got.size(), '\0');
      const ssize_t read = ::read(from, some.data(), some.size());
      ASSERT_GT(read, 0);
      got += some.substr(0, static_cast<std::size_t>(read));
    }
    EXPECT_TRUE(got == all);
    EXPECT_GT(halves, 5u);
    ::close(from);
  }
}

TEST(LineStream, CompletesALineThatIsNotWantedAnyMoreBeforeOthers) {
  Pipe pipe;
  const std::string long_line = lines(0, 1, 100'000);
  std::string got;
  std::thread reader;
  {
    LineStream stream(pipe.writer());
    EXPECT_EQ(stream.write(long_line, kShort, kGoesOn).lines, 0u);
    reader = std::thread([&] { got = tests::read_to_end(pipe.reader()); });
    EXPECT_EQ(stream.write("next\nand next\n", kLong, kGoesOn).lines, 2u);
    EXPECT_EQ(stream.write(long_line, kLong, kGoesOn).lines, 1u) << "what is said anew is written anew";
  }
  pipe.close_writer();
  reader.join();
  EXPECT_TRUE(got == long_line + "next\nand next\n" + long_line) << got.size();
}

}  // namespace
}  // namespace tripline::alerts
