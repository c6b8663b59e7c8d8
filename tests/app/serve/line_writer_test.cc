#include "app/serve/line_writer.h"

#include <array>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

/// A pipe; its reading end may be closed early.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~Pipe() {
    close_reader();
    ::close(ends_[1]);
  }
  int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  std::string read(std::size_t size) const {
    std::string text(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const ssize_t some = ::read(ends_[0], text.data() + got, size - got);
      if (some <= 0) break;
      got += static_cast<std::size_t>(some);
    }
    text.resize(got);
    return text;
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(LineWriter, WritesWholeLinesInOrder) {
  const Pipe pipe;
  LineWriter writer(pipe.writer());
  writer.write("one");
  writer.write("two");
  EXPECT_EQ(pipe.read(8), "one\ntwo\n");
}

TEST(LineWriter, DropsAndCountsWhatASlowReaderLeavesLying) {
  const Pipe pipe;
  const std::string line(100, 'x');
  constexpr std::size_t kLines = 2 * LineWriter::kMostWaiting;  // a pipe takes 64 KiB
  LineWriter writer(pipe.writer());
  for (std::size_t i = 0; i < kLines; ++i) writer.write(line);
  const std::uint64_t dropped = writer.dropped();
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(pipe.read((kLines - dropped) * (line.size() + 1)).size(), (kLines - dropped) * (line.size() + 1));
  EXPECT_EQ(writer.dropped(), dropped);
}

}  // namespace
}  // namespace tripline::app
