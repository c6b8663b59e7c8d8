#include "tests/support/promql.h"

#include <regex>

#include <yaml-cpp/yaml.h>

#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline::tests {
namespace {

constexpr const char* kDashboard = "deploy/grafana/tripline.json";
constexpr const char* kRules = "deploy/prometheus/tripline.rules.yml";

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [from, to] : values) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::vector<std::string> parts(const std::string& text, const std::string& separator) {
  const std::regex by(separator);
  return {std::sregex_token_iterator(text.begin(), text.end(), by, -1), std::sregex_token_iterator()};
}

std::string family_of(const std::string& name, const std::map<std::string, DocumentedMetric>& documented) {
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(suffix)) continue;
    const std::string family = name.substr(0, name.rfind('_'));
    const auto found = documented.find(family);
    if (found != documented.end() && found->second.type == "histogram") return family;
  }
  return name;
}

}  // namespace

std::vector<Query> dashboard_queries() {
  std::vector<Query> queries;
  const YAML::Node dashboard = YAML::LoadFile((repository() / kDashboard).string());  // JSON is YAML, too
  for (const auto& panel : dashboard["panels"]) {
    for (const auto& target : panel["targets"]) {
      queries.push_back(
          {panel["title"].as<std::string>(),
           replaced(target["expr"].as<std::string>(), {{"$__rate_interval", "5m"}, {"$instance", ".*"}})});
    }
  }
  return queries;
}

std::vector<Query> alert_queries() {
  std::vector<Query> queries;
  const YAML::Node file = YAML::LoadFile((repository() / kRules).string());
  for (const auto& group : file["groups"]) {
    for (const auto& rule : group["rules"]) {
      queries.push_back({rule["alert"].as<std::string>(), rule["expr"].as<std::string>()});
    }
  }
  return queries;
}

std::map<std::string, DocumentedMetric> documented_metrics() {
  std::map<std::string, DocumentedMetric> metrics;
  for (const std::string& line : lines_of(read_file(repository() / "docs" / "metrics.md"))) {
    if (!line.starts_with("| `")) continue;
    const auto cells = parts(line, " ?\\| ?");  // the first is empty
    DocumentedMetric& metric = metrics[cells.at(1).substr(1, cells.at(1).size() - 2)];
    metric.type = cells.at(2);
    for (const std::string& label : parts(cells.at(3), ",")) metric.labels.insert(label);
  }
  return metrics;
}

Named named_in(std::string_view expression, const std::map<std::string, DocumentedMetric>& documented) {
  Named named;
  const std::string text(expression);
  static const std::regex kMetric("\\b((?:tripline|process)_[a-z0-9_]+)(?:\\{([^}]*)\\})?");
  static const std::regex kTest("([a-z_]+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  static const std::regex kGrouping("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  for (std::sregex_iterator at(text.begin(), text.end(), kMetric), end; at != end; ++at) {
    const std::string family = family_of((*at)[1], documented);
    named.metrics.insert(family);
    const std::string tests = (*at)[2];
    for (std::sregex_iterator test(tests.begin(), tests.end(), kTest); test != end; ++test) {
      const bool any_of = (*test)[2] == "=~" || (*test)[2] == "!~";
      named.tests.push_back(
          {family, (*test)[1], any_of ? parts((*test)[3], "\\|") : std::vector<std::string>{(*test)[3]}});
    }
  }
  for (std::sregex_iterator at(text.begin(), text.end(), kGrouping), end; at != end; ++at) {
    for (const std::string& label : parts((*at)[1], "\\s*,\\s*")) named.grouped_by.insert(label);
  }
  return named;
}

}  // namespace tripline::tests
