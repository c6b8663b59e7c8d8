#include "app/accounts_watch.h"

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::app {
namespace {

constexpr char kOne[] = "accounts:\n  \"111122223333\": {name: one}\n";
constexpr char kOther[] = "accounts:\n  \"111122223333\": {name: the-other}\n";

TEST(AccountsWatch, ReadsAChangedFileWhenItIsAsked) {
  tests::TemporaryFolder folder;
  const std::string path = folder.write("accounts.yml", kOne);
  auto watch = AccountsWatch::open(path);
  ASSERT_TRUE(watch) << watch.error().message;
  const auto before = watch->accounts();
  EXPECT_EQ(before->find("111122223333")->name, "one");
  const auto unchanged = watch->refresh();
  ASSERT_TRUE(unchanged);
  EXPECT_FALSE(*unchanged);
  EXPECT_EQ(watch->accounts(), before);

  folder.write("accounts.yml", kOther);
  EXPECT_EQ(watch->accounts()->find("111122223333")->name, "one") << "nobody asked yet";
  const auto changed = watch->refresh();
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_TRUE(*changed);
  EXPECT_EQ(watch->accounts()->find("111122223333")->name, "the-other");
  EXPECT_EQ(before->find("111122223333")->name, "one") << "who holds the old ones keeps them";
}

TEST(AccountsWatch, KeepsWhatItHasWhenTheFileTurnsBad) {
  tests::TemporaryFolder folder;
  const std::string path = folder.write("accounts.yml", kOne);
  auto watch = AccountsWatch::open(path);
  ASSERT_TRUE(watch);
  folder.write("accounts.yml", "accounts: [broken]\n");
  const auto bad = watch->refresh();
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, engine::ErrorCode::kUsage);
  EXPECT_EQ(watch->accounts()->find("111122223333")->name, "one");
  const auto again = watch->refresh();
  ASSERT_TRUE(again) << "it is said once";
  EXPECT_FALSE(*again);
  folder.write("accounts.yml", kOther);
  const auto mended = watch->refresh();
  ASSERT_TRUE(mended && *mended);
  EXPECT_EQ(watch->accounts()->find("111122223333")->name, "the-other");
}

TEST(AccountsWatch, DoesNotOpenWithoutAFile) {
  const auto watch = AccountsWatch::open("/nowhere/accounts.yml");
  ASSERT_FALSE(watch);
  EXPECT_EQ(watch.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(watch.error().message.substr(0, 21), "/nowhere/accounts.yml");
}

}  // namespace
}  // namespace tripline::app
