#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/route.h"
#include "alerts/settings.h"
#include "alerts/sink_bounds.h"
#include "alerts/sink_kind.h"
#include "app/config/node.h"
#include "app/config/variables.h"
#include "engine/result.h"
#include "engine/rule.h"
#include "rules/diagnostic.h"
#include "rules/overrides.h"

namespace tripline::app {

/// What `tripline serve` is told: the file of -c, checked. docs/configuration.md says what each key means, and
/// config_keys() has the defaults; a Config made without load_config() has none of them. It holds secrets: it is never
/// printed, `config print` shows the ConfigNode.
struct Config {
  using milliseconds = std::chrono::milliseconds;

  struct Tls {
    std::string cert, key, client_ca;  // paths; client_ca may be empty
    bool operator==(const Tls&) const = default;
  };
  struct Listen {
    std::string host;  // an IP address
    std::uint16_t port = 0;
    std::optional<Tls> tls;
    bool operator==(const Listen&) const = default;
  };
  struct Limits {
    std::uint64_t intake_bytes = 0, body_bytes = 0, header_bytes = 0;
    std::uint64_t connections = 0, connections_per_address = 0;
    milliseconds header_time{}, body_time{}, idle_time{}, answer_time{};
    bool operator==(const Limits&) const = default;
  };
  struct Store {
    std::string path;  // a folder
    std::chrono::hours retention{}, remember{};
    std::uint64_t retention_bytes = 0, remember_events = 0;
    std::chrono::seconds checkpoint{};
    std::uint64_t checkpoint_bytes = 0, dead_letter_bytes = 0;
    bool operator==(const Store&) const = default;
  };
  struct Firehose {
    std::string key, name;
    bool operator==(const Firehose&) const = default;
  };
  struct Credentials {
    std::string access_key_id, secret_access_key;
    bool operator==(const Credentials&) const = default;
  };
  struct Stream {
    std::string stream, name;  // in the API, as a source
    bool operator==(const Stream&) const = default;
  };
  struct Aws {
    std::string region, account;
    std::vector<Credentials> credentials;
    std::vector<Stream> streams;  // empty: one of any name
    bool operator==(const Aws&) const = default;
  };
  struct Events {
    std::string token, name;
    bool operator==(const Events&) const = default;
  };
  struct Folder {
    std::string path, name;
    std::vector<std::string> patterns;
    milliseconds rescan{}, settle{};
    bool operator==(const Folder&) const = default;
  };
  struct Sources {
    std::vector<Firehose> firehose;
    Aws aws;
    std::vector<Events> events;
    std::vector<Folder> folders;
    bool operator==(const Sources&) const = default;
  };
  enum class OnError { kRefuse, kSkip };
  struct Rules {
    std::vector<std::string> paths;  // empty: the shipped pack
    std::string lists;
    std::map<std::string, std::string> fields;
    bool include_deprecated = false;
    OnError on_error = OnError::kRefuse;
    std::vector<rules::Override> overrides;
    bool operator==(const Rules&) const = default;
  };
  struct Api {
    std::vector<std::string> read_tokens, admin_tokens;
    bool operator==(const Api&) const = default;
  };
  struct Expected {
    std::string source, account;  // one of them
    milliseconds after{};
    bool signal = false;
    bool operator==(const Expected&) const = default;
  };
  struct Sink {
    std::string name;
    const alerts::SinkKind* kind = nullptr;
    alerts::Given settings;  // without faults
    alerts::SinkBounds bounds{};
    bool operator==(const Sink&) const = default;
  };
  struct Correlations {
    std::uint64_t groups = 0, entries = 0;  // of one rule; of one group
    bool operator==(const Correlations&) const = default;
  };
  struct Silence {
    milliseconds after{}, forget{};
    std::vector<Expected> expect;
    bool operator==(const Silence&) const = default;
  };
  struct Logs {
    std::string format, level;  // as the table's words
    bool operator==(const Logs&) const = default;
  };
  struct Reload {
    bool watch = true;
    milliseconds interval{};
    bool operator==(const Reload&) const = default;
  };

  std::string path;  // of the file; empty: there is none, and all is as by default
  std::vector<Listen> listen;
  Limits limits;
  Correlations correlations;
  Store store;
  milliseconds lateness{};
  std::uint64_t workers = 0;  // 0: one a core
  Sources sources;
  Rules rules;
  std::string accounts;  // a file; empty: none
  Api api;
  Silence silence;
  std::vector<Sink> sinks;  // at least one
  std::vector<alerts::Route> routes;
  Logs logs;
  milliseconds stop_drain{};
  Reload reload;

  /// Only the host itself reaches the server; then ways in and an API without keys and tokens are open to all, and
  /// otherwise closed.
  bool loopback_only() const;

  bool operator==(const Config&) const = default;
};

struct LoadedConfig {
  Config config;                   // of use when there are no errors
  ConfigNode tree;                 // what it was made of, for `config print`
  rules::Diagnostics diagnostics;  // all mistakes, in order of place
};

/// Reads and checks the file; `path` empty: all is as by default. kIo: the file cannot be read.
engine::Result<LoadedConfig> load_config(const std::string& path, const Environment& environment);

/// The same of its text.
LoadedConfig read_config(std::string_view text, const std::string& path, const Environment& environment);

// The steps of it, for read_config() alone.

/// Says which values contradict or need one another.
void check_config(const ConfigNode& tree, rules::Diagnostics& diagnostics);
Config build_config(const ConfigNode& tree);
std::vector<rules::Override> build_overrides(const ConfigNode& list);

}  // namespace tripline::app
