#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace tripline::app {

/// Sends batches by Data Firehose's delivery protocol to one HTTP endpoint, over one connection that is kept.
/// Threads: one at a time. Blocks.
class FirehoseClient {
 public:
  struct Options {
    std::string url;
    std::string key;  // empty: none
    std::string ca;   // file of certificates to trust; empty: the system's
    bool gzip = true;
    std::chrono::seconds limit{180};  // for an answer; Firehose's own
  };
  /// What became of one attempt.
  enum class Outcome { kAccepted, kRetry, kRefused };
  struct Answer {
    Outcome outcome = Outcome::kRetry;
    std::string why;  // a sentence without a dot, safe to show; empty when accepted
  };

  /// kUsage: it is no URL of http or https.
  static engine::Result<FirehoseClient> make(Options options);
  FirehoseClient(FirehoseClient&&) noexcept;
  ~FirehoseClient();

  Answer post(const std::string& request_id, std::string_view body);

  const std::string& url() const;

 private:
  struct State;
  explicit FirehoseClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// `http://host:port` stands for its /firehose; a URL with a path is taken as it is.
std::string firehose_url(std::string_view url);

/// What a sender makes of an answer. 200 counts only with a body that names the request; of the others 408, 429 and 5xx
/// may pass, and the rest does not.
FirehoseClient::Answer judge(long status, std::string_view body, std::string_view request_id);

/// How long a sender waits before it tries again for the n-th time, from 0. Source: Data Firehose Developer Guide,
/// "HTTP endpoint delivery ... retry": doubling from a second to two minutes.
std::chrono::milliseconds back_off(int n);

}  // namespace tripline::app
