#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "alerts/aws_credential_chain.h"
#include "alerts/dispatcher.h"
#include "alerts/http_client.h"
#include "alerts/route.h"
#include "alerts/sender.h"
#include "app/config/config.h"
#include "engine/accounts.h"
#include "engine/result.h"

namespace tripline::app {

/// What all sinks send with, whatever the configuration says of them: one HTTP client, one chain of AWS credentials,
/// our standard output.
class Transport {
 public:
  /// Throws std::runtime_error when libcurl cannot be set up.
  Transport();
  alerts::Carriers carriers();
  const alerts::HttpClient& http() const { return http_; }

 private:
  alerts::HttpClient http_;
  std::shared_ptr<alerts::AwsCredentialChain> aws_;
  alerts::LineStream standard_output_;
};

/// A Sender for each configured sink. They live on while something of theirs is under way, and shorter than the
/// Transport.
class Senders {
 public:
  using AccountsNow = std::function<std::shared_ptr<const engine::Accounts>()>;

  /// kUsage: the settings of a sink have a fault. `accounts`: from any thread; may give null.
  static engine::Result<Senders> make(const std::vector<Config::Sink>& sinks, Transport& transport,
                                      AccountsNow accounts);

  std::vector<alerts::Dispatcher::End> ends() const;
  std::vector<alerts::RoutedSink> routed() const;

 private:
  explicit Senders(AccountsNow accounts) : accounts_(std::move(accounts)) {}

  AccountsNow accounts_;
  std::vector<std::pair<std::shared_ptr<alerts::Sender>, alerts::SinkBounds>> senders_;
};

}  // namespace tripline::app
