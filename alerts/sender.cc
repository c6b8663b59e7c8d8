#include "alerts/sender.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "alerts/aws_answer.h"
#include "alerts/judge_status.h"
#include "alerts/sinks/carrier_settings.h"

namespace tripline::alerts {
namespace {

/// What requests hold beside the settings' secrets that a receiver may repeat.
std::vector<std::string> secrets_of(const Request& request) {
  std::vector<std::string> secrets;
  for (const auto& [name, value] : request.headers) {
    if (name == "x-amz-security-token") secrets.push_back(value);
    const auto blank = value.find(' ');  // `Basic dXM6...`
    if (name == "authorization" && blank != std::string::npos) secrets.push_back(value.substr(blank + 1));
  }
  return secrets;
}

}  // namespace

struct Sender::Job {
  std::vector<Message> messages;
  std::size_t done_with = 0;  // of them
  std::size_t most = 0;       // in the next request
  engine::EventTime now;
  std::shared_ptr<const engine::Accounts> accounts;
  Done done;
  Sent sent;

  std::span<const Message> rest(std::size_t count) const {
    return std::span(messages).subspan(done_with).first(std::min(count, messages.size() - done_with));
  }
};

std::shared_ptr<Sender> Sender::make(std::string name, const SinkKind& kind, Settings settings, Carriers carriers,
                                     std::vector<std::string> logs) {
  return std::shared_ptr<Sender>(
      new Sender(std::move(name), kind, std::move(settings), std::move(carriers), std::move(logs)));
}

Sender::Sender(std::string name, const SinkKind& kind, Settings settings, Carriers carriers,
               std::vector<std::string> logs)
    : name_(std::move(name)),
      kind_(kind),
      settings_(std::move(settings)),
      carriers_(std::move(carriers)),
      logs_(std::move(logs)) {
  if (kind_.carrier == Carrier::kHttp || kind_.carrier == Carrier::kAws) {
    policy_ = http_policy(kind_, settings_);
    return;
  }
  thread_ = std::make_unique<SideThread>();
  if (kind_.carrier == Carrier::kFile) {
    file_ = std::make_unique<LineFile>(LineFile::Options{.path = settings_.text("path"),
                                                         .rotate_bytes = settings_.number("rotate_bytes"),
                                                         .keep = settings_.number("keep"),
                                                         .sync = settings_.flag("sync")});
  }
}

void Sender::send(std::vector<Message> messages, engine::EventTime now,
                  std::shared_ptr<const engine::Accounts> accounts, Done done) {
  auto job = std::make_shared<Job>();
  job->messages = std::move(messages);
  job->most = kind_.batch;
  job->now = now;
  job->accounts = std::move(accounts);
  job->done = std::move(done);
  next(job);
}

void Sender::next(const std::shared_ptr<Job>& job) {
  if (job->done_with == job->messages.size()) {
    job->done(std::move(job->sent));
    return;
  }
  if (kind_.carrier != Carrier::kAws) {
    render_and_send(job, nullptr);
    return;
  }
  carriers_.aws(
      job->now, [self = shared_from_this(), job](engine::Result<connectors::net::AwsCredentials> credentials) {
        if (credentials) {
          self->render_and_send(job, &*credentials);
          return;
        }
        const std::size_t rest = job->messages.size() - job->done_with;
        const Verdict verdict = Verdict::retry("no AWS credentials: " + credentials.error().message, {}, true);
        self->settle(job, rest, std::vector<Verdict>(rest, verdict));
      });
}

void Sender::render_and_send(const std::shared_ptr<Job>& job, const connectors::net::AwsCredentials* aws) {
  const RenderContext context{
      .now = job->now, .surroundings = {.accounts = job->accounts.get(), .logs = logs_}, .aws = aws};
  Rendered rendered = kind_.render(settings_, job->rest(job->most), context);
  if (!rendered.request) {
    settle(job, rendered.taken, std::vector<Verdict>(rendered.taken, Verdict::delivered()));
  } else if (policy_) {
    auto secrets = secrets_of(*rendered.request);
    carriers_.http->send(std::move(*rendered.request), policy_,
                         [self = shared_from_this(), job, taken = rendered.taken, secrets = std::move(secrets)](
                             Exchange exchange) { self->take(job, taken, std::move(exchange), secrets); });
  } else {
    write(job, std::move(rendered));
  }
}

void Sender::write(const std::shared_ptr<Job>& job, Rendered rendered) {
  // The thread is this sender's own, and a job that it drops last would make it join itself: hence no shared_from_this.
  thread_->run_soon([this, job, rendered = std::move(rendered)] {
    settle(job, rendered.taken, written(rendered.request->body, rendered.taken));
  });
}

/// A verdict for each of the lines.
std::vector<Verdict> Sender::written(const std::string& lines, std::size_t count) {
  std::vector<Verdict> verdicts;
  std::string why;
  if (file_) {
    const auto appended = file_->append(lines);
    if (!appended) why = appended.error().message;
    verdicts.resize(appended ? count : 0);
  } else {
    auto out = carriers_.standard_output->write(lines, settings_.duration("timeout"), ends_);
    if (out.lines < count) why = "standard output: " + std::move(out.why);
    verdicts.resize(std::min(count, out.lines));
  }
  verdicts.resize(count, Verdict::retry(settings_.redacted(why), {}, true));
  return verdicts;
}

void Sender::take(const std::shared_ptr<Job>& job, std::size_t taken, Exchange exchange,
                  const std::vector<std::string>& secrets) {
  // Before anything is cut from it, as half a secret is not known for one.
  std::string& body = exchange.response.body;
  body = redacted(settings_.redacted(std::move(body)), secrets);
  job->sent.took += exchange.took;
  job->sent.status = exchange.response.status;
  job->sent.said = said(body);
  const auto sent = job->rest(taken);
  std::vector<Verdict> verdicts;
  if (exchange.failure != HttpFailure::kNone) {
    verdicts.assign(taken, Verdict::retry(exchange.why, {}, true));
  } else {
    verdicts = kind_.judge(sent, exchange.response, job->now);
  }
  if (kind_.carrier == Carrier::kAws && refuses_credentials(exchange.response) && carriers_.aws_refused) {
    carriers_.aws_refused();
  }
  const bool as_a_whole = exchange.response.status / 100 != 2;  // else it has judged each
  if (taken > 1 && as_a_whole &&
      std::all_of(verdicts.begin(), verdicts.end(), std::mem_fn(&Verdict::refuses_message))) {
    job->most = taken / 2;
    return next(job);
  }
  job->most = std::min(job->most * 2, kind_.batch);
  for (Verdict& verdict : verdicts) verdict.why = redacted(settings_.redacted(std::move(verdict.why)), secrets);
  settle(job, taken, std::move(verdicts));
}

void Sender::settle(const std::shared_ptr<Job>& job, std::size_t taken, std::vector<Verdict> verdicts) {
  job->done_with += taken;
  for (Verdict& verdict : verdicts) job->sent.verdicts.push_back(std::move(verdict));
  next(job);
}

}  // namespace tripline::alerts
