#include "app/status_screen.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

constexpr std::string_view kStatus = R"({
  "version": "0.1.0", "now": "2026-01-15T12:00:00Z", "started": "2026-01-15T10:00:00Z", "ready": true,
  "watermark": {"at": "2026-01-15T11:30:00Z", "lag_seconds": 1800, "held": false},
  "rules": {"generation": 3, "loaded": 1234, "failed": 2, "disabled": 5},
  "reload": {"succeeded": 2, "failed": 1, "error": "rules/a.yml:3:1: no condition"},
  "intake": {"bytes": 12000000, "limit_bytes": 268435456, "deliveries": 3, "oldest_seconds": 0.4},
  "outbox": {"waiting": 7, "oldest_seconds": 185, "parked": 1, "stranded": 3,
             "failing": [{"sink": "soc", "failures": 6, "trouble": "soc.example.com: nobody takes the connection"}]},
  "store": {"file_bytes": 1200000000, "log_bytes": 4000000, "disk_free_bytes": 45000000000, "dead_letters": 1},
  "last_signal": {"rule": {"title": "Root \u001b[31mlogin", "level": "high"}, "last": "2026-01-15T11:58:00Z"},
  "sources": [
    {"name": "org-trail", "events": 1234567, "duplicates": 12, "malformed": 0, "failed_deliveries": 0,
     "lag_seconds": 301.5, "silent_seconds": 12},
    {"name": "quiet"}
  ]
})";

TEST(StatusScreen, ShowsAServerOnOneScreen) {
  CapturedConsole console;
  ASSERT_TRUE(check_status(kStatus, "http://h:1"));
  EXPECT_TRUE(show_status(kStatus, "http://h:1", console.console()));
  EXPECT_EQ(console.out(),
            "server      http://h:1, version 0.1.0, up for 2 h 00 min\n"
            "ready       yes\n"
            "watermark   2026-01-15T11:30:00Z, 30 min 00 s ago\n"
            "rules       1,234 loaded, 2 failed, 5 disabled\n"
            "reload      the last one was refused: rules/a.yml:3:1: no condition\n"
            "intake      12.0 MB of 268.4 MB in 3 deliveries, the oldest since 0.40 s\n"
            "outbox      7 to deliver, the oldest since 3 min 05 s, 1 parked\n"
            "            3 parked for sinks that are not configured any more; see `tripline outbox list`\n"
            "            sink soc: failed 6 times in a row; soc.example.com: nobody takes the connection\n"
            "store       1.2 GB and 4.0 MB of log, 45.0 GB of disk free, 1 dead letter\n"
            "last signal 2026-01-15T11:58:00Z [high] Root \\x1b[31mlogin\n"
            "\n"
            "SOURCE            LAG  SILENT FOR     EVENTS  DUPLICATES  MALFORMED  FAILED\n"
            "org-trail  5 min 01 s      12.0 s  1,234,567          12          0       0\n"
            "quiet                                                                     0\n");
}

TEST(StatusScreen, SaysWhyAServerIsNotReady) {
  CapturedConsole console;
  EXPECT_FALSE(show_status(R"({"ready": false, "not_ready": "it stops", "version": "0.1.0"})", "u", console.console()));
  EXPECT_EQ(console.out(),
            "server      u, version 0.1.0\n"
            "ready       no: it stops\n"
            "last signal none\n");
}

TEST(StatusScreen, RefusesWhatIsNoStatus) {
  for (const std::string_view text : {"", "<html>", "[]", "{}", R"({"ready": "yes"})", R"({"ready": true)"}) {
    const auto right = check_status(text, "http://h:1");
    ASSERT_FALSE(right) << text;
    EXPECT_EQ(right.error().code, engine::ErrorCode::kBadInput);
    EXPECT_EQ(right.error().message, "http://h:1: the answer is not the status of a Tripline server");
  }
}

}  // namespace
}  // namespace tripline::app
