#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/http_client.h"
#include "alerts/request.h"
#include "connectors/net/sigv4.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// Credentials, and how long they are good.
struct AwsSession {
  connectors::net::AwsCredentials credentials;
  std::optional<engine::EventTime> expires{};  // nothing: until they are changed
};

/// What a link of the chain reads; a test gives its own.
struct AwsSurroundings {
  using Exchanged = std::function<void(Exchange)>;

  std::function<std::string(std::string_view name)> variable;  // of the environment; empty: it is not set
  std::function<engine::Result<std::string>(const std::string& path)> read_file;
  std::function<void(Request, std::shared_ptr<const HttpPolicy>, Exchanged)> fetch;
};
/// The process' own environment and files, and that client, which lives longer.
AwsSurroundings real_surroundings(HttpClient& client);

/// One place that credentials may come from.
struct AwsCredentialSource {
  using Done = std::function<void(engine::Result<AwsSession>)>;

  std::string_view name;     // in errors and docs
  std::string_view meaning;  // when it is asked, for people
  bool (*applies)(const AwsSurroundings&);
  void (*fetch)(const AwsSurroundings&, engine::EventTime now, Done);
};
/// In the order in which they are asked: environment, web identity, profile, container, instance. The first that
/// applies decides; that it fails does not make another one speak for somebody else. Source: AWS SDKs and Tools
/// Reference Guide, "Standardized credential providers".
std::span<const AwsCredentialSource> aws_credential_sources();

/// AWS credentials for all sinks, fetched when they are first wanted and again before they end: in the background in
/// the last quarter of an hour, and before anything is signed in the last minute. When fetching fails, those that are
/// still good go on; else the error is told, and fetching is tried again after kPause.
///
/// Threads: any. What is given to get() is called on the caller's thread or on the one that brought the credentials.
class AwsCredentialChain : public std::enable_shared_from_this<AwsCredentialChain> {
 public:
  using Done = std::function<void(engine::Result<connectors::net::AwsCredentials>)>;

  static constexpr std::chrono::minutes kSoon{15};
  static constexpr std::chrono::minutes kAtOnce{1};
  static constexpr std::chrono::seconds kPause{30};

  static std::shared_ptr<AwsCredentialChain> make(AwsSurroundings surroundings);

  void get(engine::EventTime now, Done done);

  /// AWS refused what get() gave: others are fetched before anything more is signed.
  void refused();

 private:
  explicit AwsCredentialChain(AwsSurroundings surroundings) : surroundings_(std::move(surroundings)) {}
  void fetch(engine::EventTime now);
  void take(engine::EventTime now, engine::Result<AwsSession> fetched);
  bool good(engine::EventTime now, std::chrono::minutes left) const;

  const AwsSurroundings surroundings_;
  std::mutex mutex_;
  std::optional<AwsSession> session_;
  std::optional<engine::Error> error_;
  engine::EventTime pause_until_{};
  bool fetching_ = false;
  std::vector<Done> waiting_;  // for the fetch that is on its way; as many as there are sends
};

}  // namespace tripline::alerts
