// docs/sinks.md and tests/golden/sinks show what the code makes. With REGENERATE=1 these tests write both anew.

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "alerts/address_guard.h"
#include "alerts/aws_credential_chain.h"
#include "alerts/sink_kind.h"
#include "tests/support/messages.h"
#include "tests/support/places.h"
#include "tests/support/sink_kinds.h"
#include "tests/support/sink_views.h"

namespace tripline::alerts {
namespace {

bool writing() { return std::getenv("REGENERATE") != nullptr; }

struct Form {
  std::string name;
  Message message;
};

std::vector<Form> forms() {
  Message test = tests::message_of(tests::bare_signal());
  test.key = "test-1";
  test.test = true;
  return {{"opened", tests::message_of(tests::full_signal())},
          {"widened", tests::message_of(tests::correlation_signal(), Change::kWidened, 4)},
          {"closed", tests::message_of(tests::full_signal(), Change::kClosed, 2)},
          {"of several signals", tests::grouped_message()},
          {"a test", test}};
}

/// As docs show it: the receiver's own address, and settings that are no secrets.
Given example(std::string_view kind) {
  static const std::vector<std::pair<std::string_view, Given>> all = {
      {"webhook",
       {{"url", "https://hooks.example.com/tripline"},
        {"signing_secrets", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="}}},
      {"sns", {{"topic_arn", "arn:aws:sns:us-east-1:111122223333:alerts.fifo"}}},
      {"sqs", {{"queue_url", "https://sqs.us-east-1.amazonaws.com/111122223333/alerts.fifo"}}},
      {"slack", {{"url", "https://hooks.slack.com/services/T000/B000/XXXX"}}},
      {"teams", {{"url", "https://prod-01.westeurope.logic.azure.com/workflows/1?sig=XXXX"}}},
      {"pagerduty", {{"routing_key", "0123456789abcdef0123456789abcdef"}}},
      {"alertmanager", {{"url", "http://alertmanager.example.com:9093"}, {"labels.team", "soc"}}},
      {"elasticsearch", {{"url", "https://elastic.example.com:9200"}, {"api_key", "XXXX"}}},
      {"file", {{"path", "signals.ndjson"}}},
      {"stdout", {}},
  };
  for (const auto& [name, given] : all) {
    if (name == kind) return given;
  }
  ADD_FAILURE() << "no example of " << kind;
  return {};
}

Rendered rendered(const SinkKind& kind, const Message& message, const Given& more = {}) {
  Given given = example(kind.name);
  given.insert(given.end(), more.begin(), more.end());
  const auto read = read_sink(kind, given);
  for (const auto& fault : read.faults) ADD_FAILURE() << kind.name << ": " << fault.key << " " << fault.message;
  const connectors::net::AwsCredentials keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  const std::vector<std::string> logs = {"AWSLogs/"};
  const std::vector<Message> one{message};
  const auto accounts = tests::known_accounts();
  return kind.render(
      read.settings, one,
      {.now = tests::sending_time(), .surroundings = {.accounts = accounts.get(), .logs = logs}, .aws = &keys});
}

std::string written(const Rendered& rendered) {
  if (!rendered.request) return "(nothing is sent)\n";
  const Request& request = *rendered.request;
  std::string text;
  if (!request.url.empty()) text += request.method + " " + request.url + "\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
  return text + (text.empty() ? "" : "\n") + request.body + (request.body.ends_with('\n') ? "" : "\n");
}

TEST(SinksGolden, EveryFormOfEveryKindIsAsItWas) {
  for (const SinkKind* kind : sink_kinds()) {
    std::string text;
    for (const Form& form : forms()) text += "=== " + form.name + "\n" + written(rendered(*kind, form.message)) + "\n";
    const auto path = tests::repository() / "tests/golden/sinks" / (std::string(kind->name) + ".txt");
    if (writing()) {
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path) << text;
    }
    EXPECT_EQ(text, tests::read_file(path)) << path;
  }
}

// --- what docs/sinks.md has between `<!-- made: NAME -->` and `<!-- end -->` ---

std::string settings_table(const SinkKind* kind, std::span<const Setting* const> settings) {
  if (settings.empty()) return "None.\n";
  std::string text = "| setting | is | default | means |\n|---|---|---|---|\n";
  constexpr std::string_view kTypes[] = {"text",          "a list of texts", "texts by name", "a path", "a URL",
                                         "true or false", "a number",        "a duration",    "bytes",  ""};
  for (const Setting* setting : settings) {
    std::string type(kTypes[static_cast<int>(setting->type)]);
    if (setting->type == SettingType::kWord) {
      for (const char c : "`" + std::string(setting->words) + "`")
        type += c == ' ' ? std::string("` or `") : std::string(1, c);
    }
    if (setting->secret) type += ", secret";
    const std::string fallback = setting->required           ? "*needed*"
                                 : setting->fallback.empty() ? ""
                                                             : "`" + std::string(setting->fallback) + "`";
    text += "| `" + std::string(setting->key) + "` | " + type + " | " + fallback + " | " +
            std::string(setting->meaning) + " |\n";
  }
  static_cast<void>(kind);
  return text;
}

/// Without those that all have who send by HTTP.
std::vector<const Setting*> own_settings(const SinkKind& kind) {
  if (kind.carrier == Carrier::kFile || kind.carrier == Carrier::kStdout) return settings_of(kind);
  std::vector<const Setting*> all;
  for (const Setting& setting : kind.settings) all.push_back(&setting);
  return all;
}

/// Those of the carrier: what a kind has beyond its own.
std::vector<const Setting*> common_settings(std::string_view kind) {
  const SinkKind& row = *find_sink_kind(kind);
  auto all = settings_of(row);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(row.settings.size()));
  return all;
}

std::string block(const std::string& text, const std::string& language) {
  return "```" + language + "\n" + text + (text.ends_with('\n') ? "" : "\n") + "```\n";
}

/// What people see of a kind's form.
std::string shown(std::string_view kind, const std::string& form) {
  for (const Form& one : forms()) {
    if (one.name != form) continue;
    const bool text = kind == "sns text";
    const SinkKind& row = *find_sink_kind(text ? "sns" : kind);
    const auto made = rendered(row, one.message, text ? Given{{"format", "text"}} : Given{});
    if (!made.request) return "Nothing is sent.\n";
    const std::string& body = made.request->body;
    if (kind == "slack") return block(tests::slack_view(body), "");
    if (kind == "teams") return block(tests::teams_view(body), "");
    if (text) {
      const auto accounts = tests::known_accounts();
      std::string view;
      const auto from = body.find("Subject=") + 8;
      const std::string subject = body.substr(from, body.find('&', from) - from);
      const auto begin = body.find("Message=") + 8;
      for (const std::string& part :
           {"Subject: " + subject + "\n\n", body.substr(begin, body.find('&', begin) - begin)}) {
        for (std::size_t i = 0; i < part.size(); ++i) {
          if (part[i] != '%') {
            view += part[i];
            continue;
          }
          view += static_cast<char>(std::stoi(part.substr(i + 1, 2), nullptr, 16));
          i += 2;
        }
      }
      return block(view, "");
    }
    std::string lines;
    for (std::size_t begin = 0; begin < body.size();) {  // of bulk requests: each line
      const std::size_t end = std::min(body.find('\n', begin), body.size());
      lines += tests::indented(tests::parse_json(body.substr(begin, end - begin))) + "\n";
      begin = end + 1;
    }
    return block(lines, "json");
  }
  ADD_FAILURE() << "no form " << form;
  return {};
}

std::string made(const std::string& name) {
  const auto rest = [&](std::string_view prefix) { return name.substr(prefix.size()); };
  if (name == "kinds") {
    std::string text = "| kind | delivers to | messages in one request |\n|---|---|---|\n";
    for (const SinkKind* kind : sink_kinds()) {
      text += "| `" + std::string(kind->name) + "` | " + std::string(kind->meaning) + " | " +
              std::to_string(kind->batch) + " |\n";
    }
    return text;
  }
  if (name == "refused networks") {
    std::string text = "| network | is |\n|---|---|\n";
    for (const auto& row : refused_networks())
      text += "| `" + std::string(row.network) + "` | " + std::string(row.why) + " |\n";
    return text;
  }
  if (name == "credentials") {
    std::string text = "| source | is asked when |\n|---|---|\n";
    for (const auto& row : aws_credential_sources())
      text += "| " + std::string(row.name) + " | " + std::string(row.meaning) + " |\n";
    return text;
  }
  if (name == "settings of HTTP") return settings_table(nullptr, common_settings("webhook"));
  if (name.starts_with("settings ")) {
    const SinkKind* kind = find_sink_kind(rest("settings "));
    return kind == nullptr ? "" : settings_table(kind, own_settings(*kind));
  }
  if (name.starts_with("message ")) {
    const auto colon = name.find(": ");
    return shown(rest("message ").substr(0, colon - 8), name.substr(colon + 2));
  }
  ADD_FAILURE() << "nobody makes " << name;
  return {};
}

TEST(SinksPage, ShowsWhatTheCodeMakes) {
  const auto path = tests::repository() / "docs/sinks.md";
  const std::string page = tests::read_file(path);
  std::string fresh;
  std::size_t at = 0, blocks = 0;
  constexpr std::string_view kOpen = "<!-- made: ", kEnd = "<!-- end -->";
  for (auto open = page.find(kOpen); open != std::string::npos; open = page.find(kOpen, at)) {
    const std::size_t name_end = page.find(" -->\n", open);
    const std::size_t end = page.find(kEnd, open);
    ASSERT_NE(end, std::string::npos);
    fresh +=
        page.substr(at, name_end + 5 - at) + made(page.substr(open + kOpen.size(), name_end - open - kOpen.size()));
    at = end;
    ++blocks;
  }
  fresh += page.substr(at);
  if (writing()) std::ofstream(path) << fresh;
  EXPECT_EQ(fresh, tests::read_file(path));
  EXPECT_GT(blocks, 20u);
  for (const SinkKind* kind : sink_kinds()) {
    EXPECT_NE(page.find("<!-- made: message " + std::string(kind->name)), std::string::npos) << kind->name;
    EXPECT_NE(page.find("<!-- made: settings " + std::string(kind->name) + " -->"), std::string::npos) << kind->name;
  }
}

}  // namespace
}  // namespace tripline::alerts
