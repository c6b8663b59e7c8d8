#include "app/serve/sink_log.h"

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::app {
namespace {

using std::chrono::seconds;

TEST(SinkLog, SaysOnceThatASinkFailsAndOnceThatItWorksAgain) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("log", "");
  std::FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  const auto noon = *engine::parse_time("2026-01-15T12:00:00Z");
  {
    Log log(
        Log::Options{.fd = ::fileno(file), .now = [] { return std::chrono::system_clock::from_time_t(1768471872); }});
    SinkLog sinks(log);
    AlertsStatus status;
    alerts::SinkStatus sink;
    sink.name = "soc";
    sink.failures = 1;
    sink.trouble = "soc.example: nobody takes the connection";
    sink.paused_until = noon + seconds{2};
    status.sinks = {sink};
    status.stranded = {{.sink = "old", .parked = 3}};
    sinks.look(status, noon);
    status.sinks[0].failures = 2;
    sinks.look(status, noon + seconds{3});
    status.stranded[0].parked = 2;  // somebody has dropped one
    sinks.look(status, noon + seconds{4});
    status.sinks[0].failures = 0;
    sinks.look(status, noon + seconds{65});
    sinks.look(status, noon + seconds{66});
    status.sinks[0].failures = 1;
    status.sinks[0].paused_until = noon + seconds{70};
    status.stranded[0].parked = 4;
    sinks.look(status, noon + seconds{67});
  }
  std::fclose(file);
  const std::string at = "2026-01-15T10:11:12.000Z ";
  const std::string why = "why=\"soc.example: nobody takes the connection\" next_try=";
  EXPECT_EQ(tests::read_file(path),
            at + "warning a sink fails sink=soc " + why + "2026-01-15T12:00:02Z\n" +  //
                at + "warning deliveries are parked, as their sink is not configured any more sink=old deliveries=3\n" +
                at + "info a sink works again sink=soc after=65.000\n" +  //
                at + "warning a sink fails sink=soc " + why + "2026-01-15T12:01:10Z\n" + at +
                "warning deliveries are parked, as their sink is not configured any more sink=old deliveries=4\n");
}

}  // namespace
}  // namespace tripline::app
