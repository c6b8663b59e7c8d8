#include "app/serve/senders.h"

#include <unistd.h>
#include <utility>

namespace tripline::app {

Transport::Transport()
    : aws_(alerts::AwsCredentialChain::make(alerts::real_surroundings(http_))), standard_output_(STDOUT_FILENO) {}

alerts::Carriers Transport::carriers() {
  alerts::Carriers carriers;
  carriers.http = &http_;
  carriers.aws = [chain = aws_](engine::EventTime now, auto done) { chain->get(now, std::move(done)); };
  carriers.aws_refused = [chain = aws_] { chain->refused(); };
  carriers.standard_output = &standard_output_;
  return carriers;
}

engine::Result<Senders> Senders::make(const std::vector<Config::Sink>& sinks, Transport& transport,
                                      AccountsNow accounts) {
  Senders senders(std::move(accounts));
  for (const Config::Sink& sink : sinks) {
    auto read = alerts::read_sink(*sink.kind, sink.settings);
    if (!read.faults.empty()) {
      return engine::fail(engine::ErrorCode::kUsage,
                          "sink " + sink.name + ": " + read.faults.front().key + ": " + read.faults.front().message);
    }
    senders.senders_.push_back(
        {alerts::Sender::make(sink.name, *sink.kind, std::move(read.settings), transport.carriers()), sink.bounds});
  }
  return senders;
}

std::vector<alerts::Dispatcher::End> Senders::ends() const {
  std::vector<alerts::Dispatcher::End> ends;
  for (const auto& [sender, bounds] : senders_) {
    alerts::Dispatcher::End& end = ends.emplace_back();
    end.name = sender->name();
    end.batch = sender->kind().batch;
    end.bounds = bounds;
    if (sender->kind().refresh != nullptr) end.refresh = sender->kind().refresh(sender->settings());
    end.send = [sender = sender, accounts = accounts_](std::vector<alerts::Message> messages, engine::EventTime now,
                                                       alerts::Sender::Done done) {
      sender->send(std::move(messages), now, accounts(), std::move(done));
    };
  }
  return ends;
}

std::vector<alerts::RoutedSink> Senders::routed() const {
  std::vector<alerts::RoutedSink> sinks;
  for (const auto& [sender, bounds] : senders_) sinks.push_back({sender->name(), &sender->kind()});
  return sinks;
}

}  // namespace tripline::app
