#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/message.h"
#include "alerts/message_json.h"
#include "alerts/request.h"
#include "alerts/settings.h"
#include "connectors/net/sigv4.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// How what a kind renders gets to its receiver.
enum class Carrier {
  kHttp,
  kAws,     // HTTP, signed with AWS credentials
  kFile,    // the request's body is a line, appended to a file
  kStdout,  // the same, written to standard output
};

/// What rendering knows beside settings and messages. All is borrowed for the call.
struct RenderContext {
  engine::EventTime now{};  // of this attempt, by the wall clock
  MessageSurroundings surroundings{};
  const connectors::net::AwsCredentials* aws = nullptr;  // for Carrier::kAws, never null there
};

/// What is sent for the first `taken` of the messages. Nothing: these have nothing to say to this receiver.
struct Rendered {
  std::optional<Request> request;
  std::size_t taken = 1;
};

/// A kind of receiver: one row of sink_kinds(), one file in alerts/sinks. All functions are pure.
struct SinkKind {
  std::string_view name;
  std::string_view meaning;  // sentences, for people
  Carrier carrier = Carrier::kHttp;
  std::size_t batch = 1;  // most messages in one request
  std::span<const Setting> settings;
  /// What is wrong with settings that are well-formed each. May be null.
  void (*check)(const Settings&, std::vector<SettingFault>&) = nullptr;
  /// `messages`: at least one. Takes as many of the first as go into one request, at least one.
  Rendered (*render)(const Settings&, std::span<const Message> messages, const RenderContext&) = nullptr;
  /// A verdict for each of the `messages` that went into the request.
  std::vector<Verdict> (*judge)(std::span<const Message> messages, const Response&, engine::EventTime now) = nullptr;
  std::size_t most_response_bytes = std::size_t{64} << 10;
  /// The receiver forgets what is not told again while it goes on: signals that are open are sent anew this often.
  /// Null: it does not.
  std::chrono::milliseconds (*refresh)(const Settings&) = nullptr;
  /// The receiver holds something open until it is told that the signal closed: closings go to it whatever its route
  /// says of transitions, one by one, for each signal that it was told of.
  bool closes = false;
  /// A store or a queue that machines read: it is told of each change by itself, however many there are, unless a route
  /// says otherwise.
  bool takes_all = false;
};

/// All kinds, in the order of the documentation.
std::span<const SinkKind* const> sink_kinds();

/// Null: there is none of that name.
const SinkKind* find_sink_kind(std::string_view name);

/// All settings of a kind: its own, then those of its carrier.
std::vector<const Setting*> settings_of(const SinkKind& kind);

/// What a user has configured, and what is wrong with it.
struct ReadSink {
  Settings settings;
  std::vector<SettingFault> faults;  // empty: it can be used
  /// Of URLs that name an address which requests may not go to (AddressGuard), or `localhost`: it would never deliver.
  std::vector<SettingFault> denied;
};
ReadSink read_sink(const SinkKind& kind, const Given& given);

/// judge_status() for each message.
std::vector<Verdict> judge_alike(std::span<const Message> messages, const Response& response, engine::EventTime now);

}  // namespace tripline::alerts
