#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/http_client.h"
#include "alerts/line_file.h"
#include "alerts/line_stream.h"
#include "alerts/side_thread.h"
#include "alerts/sink_kind.h"
#include "engine/accounts.h"
#include "engine/result.h"

namespace tripline::alerts {

/// What senders send with; shared by all of them, and longer alive.
struct Carriers {
  HttpClient* http = nullptr;
  /// AWS credentials that are good at `now`, from any thread (AwsCredentialChain).
  std::function<void(engine::EventTime now, std::function<void(engine::Result<connectors::net::AwsCredentials>)>)>
      aws{};
  /// AWS refused what `aws` gave: it gets others.
  std::function<void()> aws_refused{};
  LineStream* standard_output = nullptr;
};

/// What came of sending.
struct Sent {
  std::vector<Verdict> verdicts;  // one a message, in order; nothing in them is secret
  // Of the last request, for `tripline sink test`.
  int status = 0;                     // 0: there was no answer, or it is not HTTP
  std::string said{};                 // the beginning of the answer's body, without secrets
  std::chrono::microseconds took{0};  // of all requests together
};

/// A configured sink: renders messages, sends them and says what came of it. It keeps nothing and never tries again:
/// when, how often and in which order is the dispatcher's affair. But a request of several messages that is refused is
/// sent in smaller ones, as one of them may be at fault.
///
/// Threads: send() from any thread, side by side; `done` is called on another one, or on the caller's own, once, and
/// must neither block nor let go of the sender's last owner. Messages of one send() go out one request after another.
/// The destructor waits for a disk, and for no reader.
class Sender : public std::enable_shared_from_this<Sender> {
 public:
  using Done = std::function<void(Sent)>;

  /// `settings`: of read_sink(), without faults. `logs`: where `next` of a signal is to look.
  static std::shared_ptr<Sender> make(std::string name, const SinkKind& kind, Settings settings, Carriers carriers,
                                      std::vector<std::string> logs = {});

  /// `messages`: at least one. `now`: the wall clock. `accounts` may be null.
  void send(std::vector<Message> messages, engine::EventTime now, std::shared_ptr<const engine::Accounts> accounts,
            Done done);

  ~Sender() { ends_ = true; }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  const std::string& name() const { return name_; }
  const SinkKind& kind() const { return kind_; }
  const Settings& settings() const { return settings_; }

 private:
  struct Job;

  Sender(std::string name, const SinkKind& kind, Settings settings, Carriers carriers, std::vector<std::string> logs);

  void next(const std::shared_ptr<Job>& job);
  void render_and_send(const std::shared_ptr<Job>& job, const connectors::net::AwsCredentials* aws);
  void write(const std::shared_ptr<Job>& job, Rendered rendered);
  std::vector<Verdict> written(const std::string& lines, std::size_t count);
  void take(const std::shared_ptr<Job>& job, std::size_t taken, Exchange exchange,
            const std::vector<std::string>& secrets);
  void settle(const std::shared_ptr<Job>& job, std::size_t taken, std::vector<Verdict> verdicts);

  std::string name_;
  const SinkKind& kind_;
  Settings settings_;
  Carriers carriers_;
  std::vector<std::string> logs_;
  std::shared_ptr<const HttpPolicy> policy_;  // of HTTP carriers
  std::unique_ptr<LineFile> file_;            // of Carrier::kFile; used on thread_ alone
  std::atomic<bool> ends_ = false;
  std::unique_ptr<SideThread> thread_;  // of the carriers that are no HTTP
};

}  // namespace tripline::alerts
