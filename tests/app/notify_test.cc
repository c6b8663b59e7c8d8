#include "app/notify.h"

#include <cstdlib>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/service_manager.h"

namespace tripline::app {
namespace {

using std::chrono::microseconds;
using tests::ServiceManager;

TEST(Notify, TellsTheManagerByPathAndByAbstractName) {
  const std::string number = std::to_string(::getpid());
  for (const std::string& name : {testing::TempDir() + "tripline_notify_" + number, "@tripline_notify_" + number}) {
    SCOPED_TRACE(name);
    ServiceManager manager(name);
    const Notify notify(name, microseconds{1});
    EXPECT_TRUE(notify.ready());
    EXPECT_EQ(manager.next(), "READY=1");
    EXPECT_TRUE(notify.alive());
    EXPECT_EQ(manager.next(), "WATCHDOG=1");
    EXPECT_TRUE(notify.status("12 rules\nfailed"));
    EXPECT_EQ(manager.next(), "STATUS=12 rules failed");
    EXPECT_TRUE(notify.reloading());
    EXPECT_TRUE(manager.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    EXPECT_TRUE(notify.stopping());
    EXPECT_EQ(manager.next(), "STOPPING=1");
    EXPECT_EQ(manager.next(), "-");
  }
}

TEST(Notify, SaysNothingWithoutAManager) {
  for (const std::string& name : {std::string(), std::string("relative"), std::string("/nowhere/socket"),
                                  std::string("@") + std::string(200, 'x')}) {
    const Notify notify(name, microseconds{1});
    EXPECT_FALSE(notify.ready()) << name;
    EXPECT_FALSE(notify.alive()) << name;
  }
}

TEST(Notify, FeedsNoWatchdogThatThereIsNot) {
  ServiceManager manager("@tripline_watchdog_" + std::to_string(::getpid()));
  EXPECT_FALSE(Notify("@tripline_watchdog_" + std::to_string(::getpid())).alive());
  EXPECT_EQ(manager.next(), "-");
}

TEST(Notify, ReadsTheEnvironment) {
  const std::string us = std::to_string(::getpid());
  const struct {
    const char* interval;
    std::string pid;
    std::optional<microseconds> watchdog;
  } cases[] = {
      {"30000000", us, microseconds{30'000'000}},
      {"30000000", "", microseconds{30'000'000}},
      {"30000000", "1", std::nullopt},
      {"", us, std::nullopt},
      {"soon", us, std::nullopt},
      {"-5", us, std::nullopt},
  };
  for (const auto& c : cases) {
    ::setenv("WATCHDOG_USEC", c.interval, 1);
    c.pid.empty() ? ::unsetenv("WATCHDOG_PID") : ::setenv("WATCHDOG_PID", c.pid.c_str(), 1);
    EXPECT_EQ(Notify::of_process().watchdog(), c.watchdog) << c.interval << " " << c.pid;
  }
  ::unsetenv("WATCHDOG_USEC");
  ::unsetenv("WATCHDOG_PID");
  EXPECT_FALSE(Notify::of_process().ready());
}

}  // namespace
}  // namespace tripline::app
