#include "tests/support/sink_world.h"

#include <algorithm>
#include <utility>

namespace tripline::tests {

using alerts::Dispatcher;
using alerts::Message;
using alerts::Verdict;
using engine::EventTime;

void Receiver::take(const Message& message) {
  if (!known_.emplace(message.key, true).second) {
    ++repeated;
    return;
  }
  keys.push_back(message.key);
  by_thread[alerts::thread_of(message)].push_back(message.key);
}

SinkWorld::SinkWorld(EventTime start_at, std::vector<Sink> sinks, Dispatcher::Options options)
    : store_(start_at), sinks_(std::move(sinks)), options_(std::move(options)), receivers_(sinks_.size()) {
  under_way_.resize(sinks_.size());
  most_under_way_.resize(sinks_.size());
  start();
}

void SinkWorld::start() {
  outbox_ = std::make_unique<alerts::Outbox>(store_.outbox());
  std::vector<Dispatcher::End> ends;
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    ends.push_back({sinks_[i].name, sinks_[i].batch, sinks_[i].refresh,
                    [this, i](std::vector<Message> messages, EventTime at, alerts::Sender::Done done) {
                      send(i, std::move(messages), at, std::move(done));
                    }});
  }
  dispatcher_ = std::make_unique<Dispatcher>(*outbox_, std::move(ends), options_);
  position_ = outbox_->routed().value().position;
  dispatcher_->load(now()).value();
}

void SinkWorld::kill() {
  ++life_;
  dispatcher_.reset();
  outbox_.reset();
  store_.reopen();
  std::fill(under_way_.begin(), under_way_.end(), 0u);
  start();
}

void SinkWorld::route() {
  const auto changes = outbox_->changes(position_, 10'000).value();
  if (changes.empty()) return;
  std::vector<std::string> names;
  for (const Sink& sink : sinks_) names.push_back(sink.name);
  const auto step = pass_on(changes, names, now());
  const auto numbers = outbox_->commit(step).value();
  position_ = step.position;
  dispatcher_->add(step.deliveries, numbers);
}

void SinkWorld::send(std::size_t sink, std::vector<Message> messages, EventTime at, alerts::Sender::Done done) {
  most_under_way_[sink] = std::max(most_under_way_[sink], ++under_way_[sink]);
  std::chrono::milliseconds after{1};
  alerts::Sent sent{};
  for (const Message& message : messages) {
    const Answer answer = sinks_[sink].behaviour(message, at);
    after = std::max(after, answer.after);
    if (answer.taken) {
      to_come_.emplace(at + answer.after, [this, sink, message] { receivers_[sink].take(message); });
    }
    sent.verdicts.push_back(answer.verdict);
  }
  to_come_.emplace(at + after, [this, sink, life = life_, sent = std::move(sent), done = std::move(done)] {
    if (life != life_) return;  // who asked has been killed
    --under_way_[sink];
    done(sent);
  });
}

void SinkWorld::run_until(EventTime end) {
  for (;;) {
    route();
    const auto stepped = dispatcher_->step(now());
    EventTime next = stepped ? dispatcher_->next() : now() + std::chrono::seconds{1};
    if (!to_come_.empty()) next = std::min(next, to_come_.begin()->first);
    if (next > end) break;
    store_.now = std::max(next, now() + std::chrono::milliseconds{1});
    while (!to_come_.empty() && to_come_.begin()->first <= now()) {
      const auto happens = std::move(to_come_.begin()->second);
      to_come_.erase(to_come_.begin());
      happens();
    }
  }
  store_.now = std::max(end, now());
}

}  // namespace tripline::tests
