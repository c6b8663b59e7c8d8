// A real Alertmanager, if it is installed: our alerts are seen in its API, and end there.

#include <array>
#include <csignal>
#include <cstdio>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "alerts/sender.h"
#include "tests/support/messages.h"
#include "tests/support/places.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

constexpr const char* kPrograms[] = {"/usr/bin/prometheus-alertmanager", "/usr/local/bin/alertmanager"};

std::string program() {
  for (const char* path : kPrograms) {
    if (access(path, X_OK) == 0) return path;
  }
  return {};
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(probe, plain, size), 0);
  EXPECT_EQ(getsockname(probe, plain, &size), 0);
  close(probe);
  return ntohs(address.sin_port);
}

/// Runs until it is destroyed.
class Alertmanager {
 public:
  explicit Alertmanager(const tests::TemporaryFolder& folder) : port_(free_port()) {
    const std::string config = folder.write("alertmanager.yml", "route: {receiver: none}\nreceivers: [{name: none}]\n");
    std::array<std::string, 6> words = {program(),
                                        "--config.file=" + config,
                                        "--storage.path=" + folder.path().string(),
                                        "--web.listen-address=127.0.0.1:" + std::to_string(port_),
                                        "--cluster.listen-address=",
                                        "--log.level=error"};
    std::array<char*, 7> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    EXPECT_EQ(posix_spawn(&process_, words[0].c_str(), nullptr, nullptr, arguments.data(), environ), 0);
  }
  ~Alertmanager() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// Whether it has ended already.
  bool gone() const { return waitpid(process_, nullptr, WNOHANG) != 0; }

 private:
  int port_;
  pid_t process_ = 0;
};

HttpPolicy policy() {
  HttpPolicy policy;
  policy.guard = AddressGuard({"127.0.0.1"});
  policy.most_response_bytes = 1 << 20;
  return policy;
}

std::string get(HttpClient& client, const std::string& url) {
  return tests::exchange(client, {.method = "GET", .url = url}, policy()).response.body;
}

/// Asks until it answers: at most 30 s, as each refused connection comes back at once.
bool wait_until_ready(HttpClient& client, const Alertmanager& peer) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < end && !peer.gone()) {
    if (get(client, peer.url() + "/-/ready").find("OK") != std::string::npos) return true;
    poll(nullptr, 0, 20);
  }
  return false;
}

std::string member(const tests::Json& object, std::string_view name) {
  for (const auto& [key, value] : object.members) {
    if (key == name) return value.type == tests::Json::Type::kString ? value.text : tests::compact(value);
  }
  return {};
}

TEST(AlertmanagerPeer, ShowsOurAlertsAndEndsThem) {
  if (program().empty()) GTEST_SKIP() << "prometheus-alertmanager is not installed: nothing was tried on a real one";
  const tests::TemporaryFolder folder;
  const Alertmanager peer(folder);
  HttpClient client;
  ASSERT_TRUE(wait_until_ready(client, peer));
  Carriers carriers;
  carriers.http = &client;
  const auto sender = tests::make_sender(
      "alertmanager", {{"url", peer.url() + "/"}, {"allow", "127.0.0.1"}, {"labels.team", "soc"}}, carriers);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto alerts = [&] { return tests::parse_json(get(client, peer.url() + "/api/v2/alerts?active=true")).items; };

  auto messages = std::vector<Message>{tests::message_of(tests::full_signal()), tests::grouped_message()};
  const Sent sent = tests::send_and_wait(*sender, messages, now);
  for (const auto& verdict : sent.verdicts) EXPECT_EQ(verdict.kind, Verdict::Kind::kDelivered) << verdict.why;
  // The full signal, and the alert of those that are told together.
  std::map<std::string, tests::Json> by_rule;
  for (const auto& alert : alerts()) {
    const auto labels = tests::parse_json(member(alert, "labels"));
    EXPECT_EQ(member(labels, "team"), "soc");
    if (member(tests::parse_json(member(alert, "annotations")), "change") == "grouped") continue;  // the digest
    by_rule[member(labels, "rule_id") + (member(labels, "account").empty() ? "" : " " + member(labels, "account"))] =
        alert;
  }
  ASSERT_EQ(alerts().size(), 2u) << get(client, peer.url() + "/api/v2/alerts");
  const auto& alert = by_rule["0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11 444455556666"];
  EXPECT_EQ(member(tests::parse_json(member(alert, "labels")), "alertname"), "Policy attached to a user from a role");
  EXPECT_EQ(member(tests::parse_json(member(alert, "annotations")), "severity"), "high");
  EXPECT_EQ(member(tests::parse_json(member(alert, "annotations")), "summary"),
            "alice gave reporting the policy AdministratorAccess: success");

  Message closed = tests::message_of(tests::full_signal(), Change::kClosed, 2);
  EXPECT_EQ(tests::send_and_wait(*sender, {closed}, now).status, 200);
  EXPECT_EQ(alerts().size(), 1u);
}

}  // namespace
}  // namespace tripline::alerts
