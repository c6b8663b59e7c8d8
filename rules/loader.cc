#include "rules/loader.h"

#include <yaml-cpp/yaml.h>

namespace tripline::rules {

engine::Result<Loaded> load_rules(const std::vector<std::string>& paths, const LoadOptions& options) {
  auto rules = std::make_shared<engine::RuleSet>();
  Loaded loaded;
  for (const std::string& path : paths) {
    // One detection a file, equality alone, `condition: selection`.
    YAML::Node document;
    try {
      document = YAML::LoadFile(path);
    } catch (const YAML::Exception& e) {
      return engine::fail(engine::ErrorCode::kBadRule, path + ": " + e.what());
    }
    engine::Detection detection;
    detection.rule.title = document["title"].as<std::string>("");
    detection.rule.id = document["id"].as<std::string>("");
    detection.rule.path = path;
    detection.rule.log_source = options.feed;
    std::vector<engine::Expression> tests;
    for (const auto& item : document["detection"]["selection"]) {
      engine::TextTest test;
      const auto values = item.second.IsSequence() ? item.second.as<std::vector<std::string>>()
                                                   : std::vector{item.second.as<std::string>()};
      for (const std::string& value : values) {
        test.any.emplace_back(std::vector{engine::Pattern::Part{engine::Pattern::Part::Kind::kText, value}}, false);
      }
      const engine::FieldId field = rules->fields.intern(item.first.as<std::string>());
      tests.push_back(engine::Expression::of(rules->predicates.intern({field, test})));
    }
    detection.condition = engine::Expression::all(std::move(tests));
    rules->detections.push_back(std::move(detection));
    ++loaded.files;
  }
  loaded.rules = std::move(rules);
  return loaded;
}

}  // namespace tripline::rules
