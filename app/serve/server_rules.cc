#include "app/serve/server_rules.h"

#include <algorithm>
#include <filesystem>

#include "app/accounts_file.h"
#include "app/diagnostic_text.h"
#include "app/quantity.h"
#include "app/rule_options.h"
#include "rules/head_reader.h"
#include "rules/rule_files.h"

namespace tripline::app {

using engine::ErrorCode;
using engine::Result;

namespace {

Result<std::vector<std::string>> paths_of(const Config& config) {
  if (!config.rules.paths.empty()) return config.rules.paths;
  const auto shipped = shipped_rules();
  if (!shipped) return shipped.error();
  return std::vector<std::string>{*shipped};
}

/// Where and what the first error is; empty: there is none.
std::string first_error(const rules::Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics.all()) {
    if (diagnostic.code->severity != rules::Severity::kError) continue;
    return diagnostic.at.path + ":" + std::to_string(diagnostic.at.line) + ": " + diagnostic.message;
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const rules::Loaded>> load_server_rules(const Config& config, engine::EventTime now,
                                                               rules::FileCache& files) {
  const auto paths = paths_of(config);
  if (!paths) return paths.error();
  rules::LoadOptions options = load_options_of(config.rules);
  options.today = std::chrono::floor<std::chrono::days>(now);
  auto loaded = rules::load_rules(*paths, options, files);
  if (!loaded) return loaded.error();
  const auto failed =
      static_cast<std::uint64_t>(std::count_if(loaded->states.begin(), loaded->states.end(), [](const auto& state) {
        return state.state == rules::RuleState::State::kFailed;
      }));
  if (failed > 0 && config.rules.on_error == Config::OnError::kRefuse) {
    return engine::fail(ErrorCode::kBadRule, counted(failed, "rule") +
                                                 " did not compile, the first: " + first_error(loaded->diagnostics) +
                                                 "; `tripline check` shows them all, and `rules.on_error: skip` "
                                                 "leaves them out");
  }
  // A file that is no YAML, half written perhaps, holds no rule that could fail, and rules are missing all the same.
  if (loaded->diagnostics.errors() > 0 && config.rules.on_error == Config::OnError::kRefuse) {
    return engine::fail(ErrorCode::kBadRule, "a rule file cannot be read: " + first_error(loaded->diagnostics) +
                                                 "; `rules.on_error: skip` leaves it out");
  }
  if (loaded->rules->detections.empty()) {
    return engine::fail(ErrorCode::kBadRule, "no rule is loaded from " + paths->front());
  }
  return std::make_shared<const rules::Loaded>(std::move(*loaded));
}

std::optional<std::chrono::sys_days> next_filter_end(const rules::Loaded& loaded) {
  std::optional<std::chrono::sys_days> next;
  for (const rules::FilterRule& filter : loaded.filters) {
    const auto text = filter.tripline.settings.find("expires");
    const auto end = text == filter.tripline.settings.end() ? std::nullopt : rules::parse_date(text->second);
    if (end && (!next || *end < *next)) next = end;
  }
  return next;
}

Result<std::shared_ptr<const engine::Accounts>> load_server_accounts(const Config& config) {
  if (config.accounts.empty()) return std::shared_ptr<const engine::Accounts>();
  return read_accounts_file(config.accounts);
}

std::vector<std::string> files_of(const Config& config) {
  std::vector<std::string> files;
  if (!config.path.empty()) files.push_back(config.path);
  if (!config.accounts.empty()) files.push_back(config.accounts);
  for (const auto& listen : config.listen) {
    if (listen.tls) files.insert(files.end(), {listen.tls->cert, listen.tls->key, listen.tls->client_ca});
  }
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(config.rules.lists, ignored)) {
    files.push_back(entry.path().string());
  }
  rules::Diagnostics said_elsewhere;
  const auto paths = paths_of(config);
  const auto rule_files = paths ? rules::find_rule_files(*paths, said_elsewhere) : paths;
  if (rule_files) files.insert(files.end(), rule_files->begin(), rule_files->end());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tripline::app
