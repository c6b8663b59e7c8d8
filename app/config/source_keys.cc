#include "app/config/key.h"

namespace tripline::app {
namespace {

using enum ConfigType;

constexpr std::uint64_t kShortestSecret = 16;
constexpr std::uint64_t kMostName = 128;  // a source's name is a label of metrics

constexpr ConfigKey kKeys[] = {
    {.path = "sources",
     .type = kSection,
     .meaning = "Ways in. One without keys is open to all on loopback, and closed elsewhere."},

    {.path = "sources.firehose",
     .type = kSections,
     .meaning = "Data Firehose's delivery to an HTTP endpoint, by access key."},
    {.path = "sources.firehose[].key",
     .type = kText,
     .meaning = "The stream's access key.",
     .least = kShortestSecret,
     .most = 4096,
     .required = true,
     .secret = true},
    {.path = "sources.firehose[].name",
     .type = kText,
     .meaning = "What the source is called in metrics and signals. Several keys may have one name, to change keys.",
     .least = 1,
     .most = kMostName,
     .required = true},

    {.path = "sources.aws", .type = kSection, .meaning = "The APIs of Firehose and Kinesis, for AWS's own clients."},
    {.path = "sources.aws.region", .type = kText, .fallback = "us-east-1", .meaning = "In the ARNs of answers."},
    {.path = "sources.aws.account", .type = kText, .fallback = "000000000000", .meaning = "In the ARNs of answers."},
    {.path = "sources.aws.credentials",
     .type = kSections,
     .meaning = "Who may call them: keys of our own making, which clients sign with (SigV4)."},
    {.path = "sources.aws.credentials[].access_key_id",
     .type = kText,
     .meaning = "Its public half.",
     .least = 16,
     .most = 128,
     .required = true},
    {.path = "sources.aws.credentials[].secret_access_key",
     .type = kText,
     .meaning = "Its secret half.",
     .least = kShortestSecret,
     .most = 128,
     .required = true,
     .secret = true},
    {.path = "sources.aws.streams",
     .type = kSections,
     .meaning = "The streams that there are. None: one of any name, all of them the source `aws`."},
    {.path = "sources.aws.streams[].stream",
     .type = kText,
     .meaning = "Its name in the API.",
     .least = 1,
     .most = kMostName,
     .required = true},
    {.path = "sources.aws.streams[].name",
     .type = kText,
     .meaning = "The source's name; else the stream's.",
     .least = 1,
     .most = kMostName},

    {.path = "sources.events", .type = kSections, .meaning = "`POST /v1/events`, by bearer token."},
    {.path = "sources.events[].token",
     .type = kText,
     .meaning = "The token.",
     .least = kShortestSecret,
     .most = 4096,
     .required = true,
     .secret = true},
    {.path = "sources.events[].name",
     .type = kText,
     .meaning = "The source's name.",
     .least = 1,
     .most = kMostName,
     .required = true},

    {.path = "sources.folders", .type = kSections, .meaning = "Folders in which files appear, each read once."},
    {.path = "sources.folders[].path", .type = kPath, .meaning = "With all folders below it.", .required = true},
    {.path = "sources.folders[].name",
     .type = kText,
     .meaning = "The source's name, which no other folder has: what was read is remembered under it.",
     .least = 1,
     .most = kMostName,
     .required = true},
    {.path = "sources.folders[].patterns",
     .type = kTexts,
     .fallback = "*.json, *.json.gz, *.ndjson, *.ndjson.gz, *.jsonl, *.jsonl.gz",
     .meaning = "Names of files, with `*` and `?`.",
     .least = 1},
    {.path = "sources.folders[].rescan",
     .type = kDuration,
     .fallback = "1m",
     .meaning = "How often the whole folder is looked at, beside what the system tells of it.",
     .least = 1000,
     .most = 86'400'000},
    {.path = "sources.folders[].settle",
     .type = kDuration,
     .fallback = "2s",
     .meaning = "How long a file must stay as it is before it is read.",
     .most = 3'600'000},
};

}  // namespace

std::span<const ConfigKey> source_keys() { return kKeys; }

}  // namespace tripline::app
