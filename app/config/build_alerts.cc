#include <algorithm>
#include <utility>

#include "app/config/alerts.h"

namespace tripline::app {
namespace {

template <class Rows, class Value>
Value value_of(const Rows& rows, const std::string& name, Value(std::decay_t<decltype(*std::begin(rows))>::*value)) {
  const auto* at = std::find_if(std::begin(rows), std::end(rows), [&](const auto& row) { return row.name == name; });
  return (*at).*value;
}

std::optional<std::chrono::milliseconds> duration(const ConfigNode& node) {
  return node.present ? std::optional(node.duration()) : std::nullopt;
}

alerts::SinkBounds bounds(const ConfigNode& sink) {
  return {.concurrency = sink.at("concurrency").number,
          .most_waiting = sink.at("most_waiting").number,
          .give_up_after = sink.at("give_up_after").duration()};
}

alerts::Route route(const ConfigNode& item, std::size_t place) {
  alerts::Route route;
  route.name = item.at("name").present ? item.at("name").text() : "route " + std::to_string(place);
  for (const alerts::Trait& trait : alerts::kTraits) {
    route.match.*trait.wanted = item.at("match." + std::string(trait.key)).texts;
  }
  route.sinks = item.at("sinks").texts;
  route.goes_on = item.at("continue").flag();
  if (item.at("changes").present) {
    route.changes.emplace();
    for (const std::string& name : item.at("changes").texts) {
      route.changes->push_back(value_of(alerts::kChanges, name, &alerts::ChangeRow::change));
    }
  }
  route.group_by.clear();
  for (const std::string& name : item.at("group_by").texts) {
    route.group_by.push_back(value_of(alerts::kGroupBys, name, &alerts::GroupByRow::by));
  }
  route.group_wait = duration(item.at("group_wait"));
  route.group_interval = duration(item.at("group_interval"));
  route.repeat_interval = duration(item.at("repeat_interval"));
  if (item.at("digest_above").present) route.digest_above = item.at("digest_above").number;
  route.digest_interval = duration(item.at("digest_interval"));
  if (const ConfigNode& rate = item.at("rate"); rate.present) {
    route.rate = alerts::Rate{rate.at("messages").number, rate.at("per").duration()};
  }
  return route;
}

}  // namespace

alerts::Given given_settings(const ConfigNode& section) {
  alerts::Given given;
  for (const ConfigNode& child : section.children) {
    if (!child.origin.given || !child.present) continue;
    const std::string key(child.key->name());
    for (const std::string& text : child.texts) given.emplace_back(key, text);
    for (const auto& [name, text] : child.pairs) given.emplace_back(key + "." + name, text);
  }
  return given;
}

std::vector<Config::Sink> build_sinks(const ConfigNode& tree) {
  std::vector<Config::Sink> sinks;
  for (const ConfigNode& item : tree.at("sinks").children) {
    for (const alerts::SinkKind* kind : alerts::sink_kinds()) {
      const ConfigNode& section = item.at(kind->name);
      if (section.present) sinks.push_back({item.at("name").text(), kind, given_settings(section), bounds(item)});
    }
  }
  if (sinks.empty()) {
    const alerts::RoutedSink standard_output = alerts::default_sink();
    sinks.push_back({standard_output.name, standard_output.kind, {}, {}});
  }
  return sinks;
}

std::vector<alerts::Route> build_routes(const ConfigNode& tree, const std::vector<Config::Sink>& sinks) {
  std::vector<alerts::Route> routes;
  for (const ConfigNode& item : tree.at("routes").children) routes.push_back(route(item, routes.size() + 1));
  if (tree.at("sinks").children.empty()) {
    routes = {alerts::default_sink_route()};
  } else if (routes.empty()) {
    std::vector<alerts::RoutedSink> all;
    for (const Config::Sink& sink : sinks) all.push_back({sink.name, sink.kind});
    routes.push_back(alerts::default_route(all));
  }
  return routes;
}

}  // namespace tripline::app
