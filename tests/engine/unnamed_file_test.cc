#include "engine/unnamed_file.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

/// $TMPDIR for as long as this lives.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const char* folder) {
    if (const char* before = std::getenv("TMPDIR"); before != nullptr) before_ = before;
    ::setenv("TMPDIR", folder, 1);
  }
  ~TemporaryFolder() {
    if (before_) {
      ::setenv("TMPDIR", before_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

 private:
  std::optional<std::string> before_;
};

std::string bytes_at(const UnnamedFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '?');
  const auto read = file.read(offset, bytes);
  return read ? bytes : read.error().message;
}

TEST(UnnamedFile, GivesBackWhatWasPutWhereItSaysItWasPut) {
  UnnamedFile file("numbers");
  const auto one = file.append("one");
  const auto nothing = file.append("");
  const auto two = file.append("two");
  ASSERT_TRUE(one && nothing && two);
  EXPECT_EQ(*one, 0U);
  EXPECT_EQ(*nothing, 3U);
  EXPECT_EQ(*two, 3U);
  EXPECT_EQ(bytes_at(file, *two, 3), "two");
  EXPECT_EQ(bytes_at(file, *one, 6), "onetwo");
}

TEST(UnnamedFile, SaysThatMoreIsWantedThanWasPut) {
  UnnamedFile file("numbers");
  ASSERT_TRUE(file.append("one"));
  const std::string said = bytes_at(file, 1, 3);
  EXPECT_NE(said.find("numbers cannot be read again from "), std::string::npos) << said;
  EXPECT_NE(said.find("the file has become shorter"), std::string::npos) << said;
}

TEST(UnnamedFile, SaysWhatCannotBePutWhereAndWhatNamesAnotherFolder) {
  const TemporaryFolder nowhere("/nowhere/at/all");
  UnnamedFile file("numbers");
  for (const auto& error : {file.append("one").error(), file.append("two").error(), file.stand_in_for(0).error()}) {
    EXPECT_EQ(error.code, ErrorCode::kIo);
    EXPECT_EQ(error.message,
              "numbers cannot be put into /nowhere/at/all: No such file or directory; TMPDIR names another folder");
  }
}

TEST(UnnamedFile, TakesTheSlashTmpFolderWhenNoneIsNamed) {
  const TemporaryFolder unnamed("");
  UnnamedFile file("numbers");
  ASSERT_TRUE(file.append("one"));
  EXPECT_NE(bytes_at(file, 0, 4).find(" from /tmp: "), std::string::npos);
}

TEST(UnnamedFile, StandsInForADescriptorThatOutlivesIt) {
  for (const std::string_view put : {"one two", ""}) {
    SCOPED_TRACE(put);
    const int descriptor = ::open("/dev/null", O_RDONLY);
    {
      UnnamedFile file("numbers");
      if (!put.empty()) {
        ASSERT_TRUE(file.append(put));
      }
      ASSERT_TRUE(file.stand_in_for(descriptor));
    }
    char bytes[16];
    const ssize_t got = ::read(descriptor, bytes, sizeof bytes);
    EXPECT_EQ(std::string_view(bytes, static_cast<std::size_t>(std::max<ssize_t>(got, 0))), put);
    EXPECT_EQ(::lseek(descriptor, 0, SEEK_SET), 0);
    ::close(descriptor);
  }
}

}  // namespace
}  // namespace tripline::engine
