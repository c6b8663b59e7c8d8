#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/document_reader.h"
#include "rules/lowering.h"
#include "rules/overrides.h"

namespace tripline::rules {

struct LoadOptions {
  engine::LogSource feed = engine::kCloudTrail;  // rules of other log sources are compiled (check) but not loaded
  bool any_log_source = false;                   // load the rules of every log source (`--logsource any`)
  bool include_deprecated = false;               // also status deprecated and unsupported
  bool lint = false;                             // warn of what hardly does what it seems to (rules/lint.h)
  std::optional<std::chrono::sys_days> today;    // in UTC, for `tripline.expires`; nothing: no filter has ended
  std::string lists_dir;                         // files of `expand` values, one a line; empty: none
  std::map<std::string, std::string> fields;     // renames of fields, from other taxonomies to CloudTrail's
  std::vector<Override> overrides;               // changes of rules, in order; later ones win
  YamlLimits yaml;
  unsigned threads = 0;  // 0: one a core
};

/// Why a rule is not in the rule set, or that it is.
struct RuleState {
  engine::Rule rule;
  using Kind = DocumentKind;
  Kind kind = Kind::kDetection;
  enum class State { kLoaded, kFailed, kSkippedStatus, kOtherLogSource, kDisabled } state = State::kLoaded;
  std::string why;           // for people; empty when loaded
  std::string overridden{};  // what overrides made of it, and which ones, for people; empty: nothing
};

struct Loaded {
  std::shared_ptr<const engine::RuleSet> rules;
  std::vector<CorrelationRule> correlations;
  std::vector<FilterRule> filters;
  std::vector<RuleState> states;  // every rule document, in order of path and line
  Diagnostics diagnostics;
  std::size_t files = 0;
  std::size_t not_rules = 0;
  struct Timing {                // processor time, all threads added up
    double yaml_seconds = 0;     // inside yaml-cpp
    double compile_seconds = 0;  // all the rest
  } timing;
};

/// Loads files and folders (find_rule_files() says which files). A rule with an error is left out and all others load;
/// what is loaded does not depend on the number of threads. kIo: a path, or the folder of lists, does not exist.
engine::Result<Loaded> load_rules(const std::vector<std::string>& paths, const LoadOptions& options);

}  // namespace tripline::rules
