#include "alerts/aws_credential_chain.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace tripline::alerts {

using connectors::net::AwsCredentials;
using engine::EventTime;
using engine::Result;

AwsSurroundings real_surroundings(HttpClient& client) {
  return {
      .variable =
          [](std::string_view name) {
            const char* value = std::getenv(std::string(name).c_str());
            return std::string(value == nullptr ? "" : value);
          },
      .read_file = [](const std::string& path) -> Result<std::string> {
        std::ifstream file(path, std::ios::binary);
        if (!file) return engine::fail(engine::ErrorCode::kIo, path + " cannot be read");
        return std::string(std::istreambuf_iterator<char>(file), {});
      },
      .fetch =
          [&client](Request request, std::shared_ptr<const HttpPolicy> policy, AwsSurroundings::Exchanged done) {
            client.send(std::move(request), std::move(policy), std::move(done));
          },
  };
}

std::shared_ptr<AwsCredentialChain> AwsCredentialChain::make(AwsSurroundings surroundings) {
  return std::shared_ptr<AwsCredentialChain>(new AwsCredentialChain(std::move(surroundings)));
}

bool AwsCredentialChain::good(EventTime now, std::chrono::minutes left) const {
  return session_ && (!session_->expires || *session_->expires - now > left);
}

void AwsCredentialChain::get(EventTime now, Done done) {
  std::optional<Result<AwsCredentials>> answer;
  bool begin = false;
  {
    const std::lock_guard lock(mutex_);
    const bool paused = now < pause_until_;
    const bool wanted = !good(now, kSoon) && !fetching_ && !paused;
    if (wanted) fetching_ = begin = true;
    if (good(now, kAtOnce) || (paused && !fetching_ && good(now, std::chrono::minutes{0}))) {
      answer = session_->credentials;
    } else if (paused && !fetching_ && error_) {
      answer = *error_;
    } else {
      waiting_.push_back(std::move(done));
    }
  }
  if (answer) done(std::move(*answer));
  if (begin) fetch(now);
}

void AwsCredentialChain::refused() {
  const std::lock_guard lock(mutex_);
  session_.reset();
}

void AwsCredentialChain::fetch(EventTime now) {
  const auto all = aws_credential_sources();
  const auto source = std::find_if(all.begin(), all.end(), [&](const auto& row) { return row.applies(surroundings_); });
  source->fetch(surroundings_, now, [self = shared_from_this(), now, name = source->name](Result<AwsSession> fetched) {
    if (!fetched) fetched = engine::Error{fetched.error().code, std::string(name) + ": " + fetched.error().message};
    self->take(now, std::move(fetched));
  });
}

void AwsCredentialChain::take(EventTime now, Result<AwsSession> fetched) {
  std::vector<Done> waiting;
  std::optional<Result<AwsCredentials>> answer;
  {
    const std::lock_guard lock(mutex_);
    fetching_ = false;
    if (fetched) {
      session_ = *fetched;
      error_.reset();
      // What comes close to its end, as an instance's may, is fetched again later, not at each message.
      pause_until_ = good(now, kSoon) ? EventTime{} : now + kPause;
    } else {
      error_ = fetched.error();
      pause_until_ = now + kPause;
    }
    if (good(now, std::chrono::minutes{0})) {
      answer = session_->credentials;
    } else {
      answer = error_.value_or(engine::fail(engine::ErrorCode::kIo, "the credentials have expired"));
    }
    waiting.swap(waiting_);
  }
  for (const Done& done : waiting) done(*answer);
}

}  // namespace tripline::alerts
