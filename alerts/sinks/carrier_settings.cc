#include "alerts/sinks/carrier_settings.h"

#include "alerts/url.h"
#include "engine/text.h"

namespace tripline::alerts {
namespace {

using enum SettingType;

constexpr Setting kHttpSettings[] = {
    {.key = "timeout",
     .type = kDuration,
     .fallback = "15s",
     .meaning = "How long one attempt may take, answer and all."},
    {.key = "connect_timeout",
     .type = kDuration,
     .fallback = "5s",
     .meaning = "How much of that may pass before there is a connection, with TLS."},
    {.key = "allow",
     .type = kTexts,
     .meaning = "Hosts, addresses or networks that may be reached though requests are kept from them: the machine "
                "itself, link-local addresses and their like."},
    {.key = "proxy",
     .type = kText,
     .meaning = "`http://host:port` of a proxy to go through. It resolves names itself, and so decides where requests "
                "lead. Proxies named by the environment are not used.",
     .secret = true},
    {.key = "ca_file",
     .type = kPath,
     .meaning = "Certificates (PEM) to trust in the place of the system's. There is no way to trust all."},
    {.key = "client_cert_file", .type = kPath, .meaning = "Our certificate (PEM), for receivers that ask for one."},
    {.key = "client_key_file", .type = kPath, .meaning = "Its key (PEM)."},
    {.key = "client_key_password", .type = kText, .meaning = "The password of that key.", .secret = true},
};

constexpr Setting kFileSettings[] = {
    {.key = "path", .type = kPath, .meaning = "The file that lines are added to.", .required = true},
    {.key = "rotate_bytes",
     .type = kBytes,
     .fallback = "64MiB",
     .meaning = "A file that would grow beyond this becomes `PATH.1`, that one `PATH.2`, and so on."},
    {.key = "keep", .type = kNumber, .fallback = "8", .meaning = "How many of these are kept; at least 1."},
    {.key = "sync",
     .type = kFlag,
     .fallback = "true",
     .meaning = "Whether a message counts as delivered only when it is on the disk (fsync)."},
};

constexpr Setting kStdoutSettings[] = {
    {.key = "timeout",
     .type = kDuration,
     .fallback = "5s",
     .meaning = "How long one attempt waits for whoever reads; a minute at most."},
};

}  // namespace

std::span<const Setting> carrier_settings(Carrier carrier) {
  switch (carrier) {
    case Carrier::kHttp:
    case Carrier::kAws:
      return kHttpSettings;
    case Carrier::kFile:
      return kFileSettings;
    case Carrier::kStdout:
      return kStdoutSettings;
  }
  return {};
}

void check_http_settings(const Settings& settings, std::vector<SettingFault>& faults) {
  for (const std::string& entry : settings.texts("allow")) {
    if (std::string fault = AddressGuard::fault_of(entry); !fault.empty())
      faults.push_back({"allow", std::move(fault)});
  }
  if (settings.has("client_cert_file") != settings.has("client_key_file")) {
    faults.push_back({"client_cert_file", "needs client_key_file, and the other way round"});
  }
  for (const auto key : {"timeout", "connect_timeout"}) {
    if (settings.duration(key).count() <= 0) faults.push_back({key, "is more than nothing"});
  }
}

std::vector<SettingFault> denied_urls(const SinkKind& kind, const Settings& settings) {
  const AddressGuard guard(settings.texts("allow"));
  std::vector<SettingFault> denied;
  for (const Setting* setting : settings_of(kind)) {
    if (setting->type != SettingType::kUrl || !settings.has(setting->key)) continue;
    const auto url = parse_url(settings.text(setting->key));
    if (!url) continue;
    std::string_view why = guard.refusal_of_host(url->host);
    // What a proxy makes of a name is its affair.
    if (why.empty() && engine::equals_folded(url->host, "localhost") && !settings.has("proxy")) {
      why = guard.refusal(url->host, *engine::parse_address("127.0.0.1"));
    }
    if (why.empty()) continue;
    denied.push_back({std::string(setting->key),
                      "leads to " + url->host + " (" + std::string(why) + "), where requests may not go"});
  }
  return denied;
}

std::shared_ptr<const HttpPolicy> http_policy(const SinkKind& kind, const Settings& settings) {
  HttpPolicy policy;
  policy.connect_limit = settings.duration("connect_timeout");
  policy.total_limit = settings.duration("timeout");
  policy.most_response_bytes = kind.most_response_bytes;
  policy.proxy = settings.text("proxy");
  policy.ca_file = settings.text("ca_file");
  policy.client_cert_file = settings.text("client_cert_file");
  policy.client_key_file = settings.text("client_key_file");
  policy.client_key_password = settings.text("client_key_password");
  policy.guard = AddressGuard(settings.texts("allow"));
  return std::make_shared<const HttpPolicy>(std::move(policy));
}

}  // namespace tripline::alerts
