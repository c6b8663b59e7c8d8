#include <chrono>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "app/arguments.h"
#include "app/batch_sender.h"
#include "app/commands.h"
#include "app/firehose_client.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/quantity.h"
#include "app/read_records.h"
#include "app/server_call.h"
#include "connectors/file_source.h"
#include "connectors/json_members.h"
#include "engine/event_time.h"

namespace tripline::app {
namespace {

struct SendOptions {
  std::vector<std::string> paths;
  std::string to = server_url();
  std::string key;
  std::string ca;
  std::uint64_t rate = 0;
  std::uint64_t byte_rate = 0;
  std::uint64_t batch = FirehoseBatch::Limits{}.max_records;
  std::uint64_t retry_for = 300;  // seconds
  bool plain = false;
  bool strict = false;
  bool quiet = false;
};

struct SentPart : InputPart {
  std::vector<std::string> events;
  std::size_t old = 0;  // of them, those that kLateness says
};

/// What a server allows unless it is configured otherwise (`lateness`).
constexpr std::chrono::minutes kLateness{30};

bool is_older_than(std::string_view record, engine::EventTime time) {
  const auto at = engine::parse_time(connectors::inner(connectors::find_member(record, "eventTime")));
  return at && *at < time;
}

/// Ends the work: a batch could not be sent.
struct GivenUp {
  std::string why;
};
void throw_if(const std::optional<std::string>& why) {
  if (why) throw GivenUp{*why};
}

/// `file:PATH` stands for the first line of that file.
engine::Result<std::string> read_key(const std::string& key) {
  if (!key.starts_with("file:")) return key;
  std::ifstream in(key.substr(5));
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return engine::fail(engine::ErrorCode::kIo, key.substr(5) + " has no key in its first line");
  }
  return line;
}

BatchSender::World world_of(FirehoseClient& client, bool quiet, Console& console) {
  return {.post = [&client](const std::string& id, std::string_view body) { return client.post(id, body); },
          .now = [] { return Pace::Clock::now(); },
          .wall_clock = [] { return wall_clock().time_since_epoch().count(); },
          .wait = [](Pace::Clock::duration wait) { std::this_thread::sleep_for(wait); },
          .retrying =
              [quiet, &console](const std::string& why, std::chrono::milliseconds wait) {
                if (!quiet) console.note(why + "; again in " + duration_text(wait));
              }};
}

std::string random_name() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 8; ++i) name += std::to_string(random()) + " ";
  return name;
}

engine::Result<int> run(const SendOptions& options, Console& console) {
  const auto key = read_key(options.key);
  if (!key) return key.error();
  auto client = FirehoseClient::make({.url = options.to, .key = *key, .ca = options.ca, .gzip = !options.plain});
  if (!client) return client.error();
  const auto source = connectors::FileSource::open(options.paths);
  if (!source) return source.error();

  InputReport report(console);
  BatchSender sender({.events_per_second = options.rate,
                      .bytes_per_second = options.byte_rate,
                      .batch = static_cast<std::size_t>(options.batch),
                      .retry_for = std::chrono::seconds{options.retry_for}},
                     world_of(*client, options.quiet, console), random_name());
  std::size_t old = 0;
  const engine::EventTime late_before = wall_clock() - kLateness;
  const auto take = [late_before] {
    return [late_before](const engine::Record& record, SentPart& part) -> engine::Result<Outcome> {
      part.events.emplace_back(record.json);
      part.old += is_older_than(record.json, late_before) ? 1 : 0;
      return Outcome::kTaken;
    };
  };
  const auto consume = [&](const engine::Envelope&, SentPart&& part) {
    for (const std::string& event : part.events) throw_if(sender.add(event));
    old += part.old;
  };
  try {
    const auto listener = report.listener(**source, !options.quiet);
    const auto totals = read_records<SentPart>(**source, ReadOptions{}, take, consume, listener);
    if (!totals) return totals.error();
    throw_if(sender.finish());
    report.finish();
    if (options.quiet) return options.strict && report.pieces() > 0 ? kCannotRun : kRan;
    report.summary(*totals, **source);
    console.note(counted(sender.events(), "event") + " accepted by " + client->url() + " in " +
                 counted(sender.requests(), "request") +
                 (sender.retries() == 0 ? "" : ", tried again " + counted(sender.retries(), "time")));
    if (old > 0) {
      console.note(counted(old, "event") +
                   " of more than 30 min ago: late for correlations, which leave them out, unless " +
                   "the server's `lateness` is longer; all other rules see them");
    }
  } catch (const GivenUp& end) {
    report.finish();
    console.error(end.why);
    console.note(counted(sender.events(), "event") + " accepted before; to send the same files again is safe");
    return kCannotRun;
  }
  return options.strict && report.pieces() > 0 ? kCannotRun : kRan;
}

}  // namespace

int run_send(std::vector<std::string> words, Console& console) {
  SendOptions options;
  Arguments arguments("send [OPTION]... PATH...",
                      "Sends the events of files and folders to a running `tripline serve`, as Firehose\n"
                      "would. Sending again is safe: an event that matched is known by its eventID.");
  arguments.text("--to", "URL", options.to, "the server; /firehose is added (default: $TRIPLINE_URL)");
  arguments.text("--key", "KEY", options.key, "access key; file:PATH reads it from a file");
  arguments.text("--ca", "FILE", options.ca, "certificates to trust instead of the system's");
  arguments.number("--rate", "N", options.rate, "events a second at most");
  arguments.bytes("--byte-rate", "SIZE", options.byte_rate, "bytes of events a second at most: 500k, 2M");
  arguments.number("--batch", "N", options.batch, "events a request (500), and 4 MiB", {1, 10'000});
  arguments.number("--retry-for", "SECONDS", options.retry_for, "how long to try a request again (300)");
  arguments.flag("--plain", options.plain, "no gzip");
  arguments.flag("--strict", options.strict, "exit 3 when something could not be read");
  arguments.flag("-q,--quiet", options.quiet, "no progress and no summary");
  arguments.positionals("PATH", options.paths, "files, folders, - for stdin");
  arguments.example("send --to http://127.0.0.1:8480 --rate 500 today.json.gz", "");
  arguments.example("send --to https://detect.example.net --key file:key.txt AWSLogs/", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = run(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
