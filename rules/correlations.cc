#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>

#include "rules/correlation_lowering.h"
#include "rules/loading.h"
#include "rules/taxonomy.h"

namespace tripline::rules {
namespace {

using State = RuleState::State;

/// Correlations over correlations over detections: no more levels than this.
constexpr int kMaxChain = 8;

/// A correlation on its way through the step.
struct Node {
  CorrelationRule* rule;
  std::size_t state;
  std::vector<std::size_t> bases{};  // by reference: the state of the rule that it names
  std::vector<std::size_t> users{};  // nodes that refer to this one
  std::size_t waiting = 0;           // bases that are correlations and not judged yet
  int height = 1;                    // of the chain that ends here
  bool judged = false;
};

class CorrelationStep {
 public:
  explicit CorrelationStep(Loading& loading) : loading_(loading) {}

  void run() {
    for (auto& item : loading_.items) {
      auto* rule = std::get_if<CorrelationRule>(&item.document);
      if (!rule || !loading_.is(item.state, State::kLoaded)) continue;
      node_of_[item.state] = nodes_.size();
      nodes_.push_back({.rule = rule, .state = item.state});
    }
    for (Node& node : nodes_) find_bases(node);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (const std::size_t base : nodes_[i].bases) {
        if (const auto found = node_of_.find(base); found != node_of_.end()) {
          nodes_[found->second].users.push_back(i);
          ++nodes_[i].waiting;
        }
      }
    }
    judge_from_the_bottom();
    silence_bases();
    engine::link(loading_.rules);
  }

 private:
  void report(const Node& node, std::string_view code, const Position& at, std::string message, std::string hint) {
    loading_.diagnostics.add(code, at, std::move(message), std::move(hint), node.rule->rule.title);
    const Diagnostic& added = loading_.diagnostics.all().back();
    if (added.code->severity == Severity::kError) fail(node, added.message);
  }

  void fail(const Node& node, const std::string& why) {
    if (!loading_.is(node.state, State::kFailed)) loading_.leave_out(node.state, State::kFailed, why);
  }

  std::string name_of(std::size_t state) const { return "`" + loading_.states[state].rule.title + "`"; }

  // --- what the references name ---

  void find_bases(Node& node) {
    std::set<std::size_t> seen;
    for (const Reference& reference : node.rule->rules) {
      const auto base = find_base(node, reference);
      if (!base) continue;
      if (!seen.insert(*base).second) {
        report(node, "rule-named-twice", reference.at, "`" + reference.name + "` names " + name_of(*base) + " again",
               "each rule counts once: remove one of the two");
        continue;
      }
      node.bases.push_back(*base);
    }
    for (const auto& [alias, fields] : node.rule->aliases) {
      for (const auto& [rule, field] : fields) {
        const auto found = loading_.index.find(rule);
        if (found && seen.contains(found->place)) continue;
        report(node, "bad-alias", node.rule->at,
               "the alias `" + alias + "` names `" + rule + "`, which is none of the correlation's rules",
               "name one of those under `rules:`");
      }
    }
  }

  std::optional<std::size_t> find_base(Node& node, const Reference& reference) {
    const auto found = loading_.index.find(reference.name);
    if (!found) {
      report(node, "unknown-rule", reference.at, "no rule has the name or id `" + reference.name + "`",
             hint_for(loading_, reference.name, "load its file too"));
      return std::nullopt;
    }
    if (found->ambiguous) {
      report(node, "ambiguous-rule", reference.at, "several rules have the title `" + reference.name + "`",
             "name the rule by its `name` or `id`");
      return std::nullopt;
    }
    const RuleState& base = loading_.states[found->place];
    if (found->by_title) {
      const std::string& handle = base.rule.name.empty() ? base.rule.id : base.rule.name;
      report(node, "title-reference", reference.at, "the specification refers to rules by `name` or `id`, not by title",
             "write `" + handle + "`" + (base.rule.name.empty() ? ", or give the rule a `name`" : ""));
    }
    if (base.kind == DocumentKind::kFilter) {
      report(node, "unknown-rule", reference.at, "`" + reference.name + "` is a filter",
             "a correlation refers to detections and correlations");
      return std::nullopt;
    }
    return found->place;
  }

  // --- chains ---

  /// Judges each correlation after those it is built on; what is left then stands in circles or above them.
  void judge_from_the_bottom() {
    std::deque<std::size_t> ready;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].waiting == 0) ready.push_back(i);
    }
    for (std::size_t next = 0;;) {
      while (!ready.empty()) {
        const std::size_t i = ready.front();
        ready.pop_front();
        judge(nodes_[i]);
        nodes_[i].judged = true;
        release_users(nodes_[i], ready);
      }
      while (next < nodes_.size() && nodes_[next].judged) ++next;
      if (next == nodes_.size()) return;
      break_circle(next, ready);
    }
  }

  /// Lets those that wait for a judged node wait for one less.
  void release_users(const Node& node, std::deque<std::size_t>& ready) {
    for (const std::size_t user : node.users) {
      if (--nodes_[user].waiting == 0 && !nodes_[user].judged) ready.push_back(user);
    }
  }

  const Reference& reference_to(const Node& node, std::size_t base) const {
    for (const Reference& reference : node.rule->rules) {
      const auto found = loading_.index.find(reference.name);
      if (found && found->place == base) return reference;
    }
    return node.rule->rules.front();
  }

  void judge(Node& node) {
    auto highest = engine::Level::kInformational;
    bool other_source = false;
    for (const std::size_t base : node.bases) {
      const RuleState& state = loading_.states[base];
      highest = std::max(highest, state.rule.level);
      other_source = other_source || state.state == State::kOtherLogSource;
      if (state.state == State::kFailed || state.state == State::kSkippedStatus || state.state == State::kDisabled) {
        report(node, "unknown-rule", reference_to(node, base).at, name_of(base) + " is not loaded: " + state.why, "");
      }
      if (const auto found = node_of_.find(base); found != node_of_.end()) {
        node.height = std::max(node.height, nodes_[found->second].height + 1);
      }
    }
    if (!node.rule->head.level_given && !node.bases.empty()) {
      node.rule->rule.level = highest;
      loading_.states[node.state].rule.level = highest;
    }
    if (node.height > kMaxChain) {
      report(node, "correlation-too-deep", node.rule->at,
             "the correlation stands on a chain of more than " + std::to_string(kMaxChain) + " correlations",
             "correlate base rules directly");
    }
    if (!loading_.is(node.state, State::kLoaded)) return;
    if (other_source) {
      loading_.leave_out(node.state, State::kOtherLogSource, "a rule that it correlates is of another log source");
    } else {
      compile(node);
    }
  }

  /// Its bases are in the rule set already, as they were judged before it.
  void compile(const Node& node) {
    warn_of_taxonomy(*node.rule, loading_);
    std::vector<CorrelationBase> bases;
    for (const std::size_t state : node.bases) {
      CorrelationBase base;
      if (const auto& detection = loading_.loaded[state]) {
        base.index = *detection;
      } else {
        base.is_correlation = true;
        base.index = compiled_.at(state);
      }
      for (const auto& [alias, fields] : node.rule->aliases) {
        for (const auto& [rule, field] : fields) {
          const auto found = loading_.index.find(rule);
          if (found && found->place == state) base.aliases[alias] = field;
        }
      }
      bases.push_back(std::move(base));
    }
    compiled_[node.state] = static_cast<std::uint32_t>(loading_.rules.correlations.size());
    loading_.rules.correlations.push_back(lower(*node.rule, bases, loading_.options.fields, loading_.rules));
    if (loading_.is_disabled(node.state)) loading_.rules.correlations.back().opens_signals = false;
  }

  /// From a node that waits for ever, along bases that do too, the way leads into a circle.
  void break_circle(std::size_t from, std::deque<std::size_t>& ready) {
    std::vector<std::size_t> way;
    std::vector<bool> passed(nodes_.size());
    std::size_t at = from;
    while (!passed[at]) {
      passed[at] = true;
      way.push_back(at);
      for (const std::size_t base : nodes_[at].bases) {
        const auto found = node_of_.find(base);
        if (found != node_of_.end() && !nodes_[found->second].judged) {
          at = found->second;
          break;
        }
      }
    }
    std::vector<std::size_t> circle(std::find(way.begin(), way.end(), at), way.end());
    std::rotate(circle.begin(), std::min_element(circle.begin(), circle.end()), circle.end());
    constexpr std::size_t kMostShown = 10;
    std::string path;
    for (std::size_t i = 0; i < circle.size() && i < kMostShown; ++i) path += name_of(nodes_[circle[i]].state) + " → ";
    if (circle.size() > kMostShown) path += std::to_string(circle.size() - kMostShown) + " more → ";
    path += name_of(nodes_[circle.front()].state);
    for (std::size_t i = 0; i < circle.size(); ++i) {
      Node& node = nodes_[circle[i]];
      const Node& next = nodes_[circle[(i + 1) % circle.size()]];
      if (i == 0) {
        report(node, "correlation-cycle", reference_to(node, next.state).at,
               "the correlations refer to each other in a circle: " + path, "remove one of the references");
      } else {
        fail(node, "it stands in a circle of correlations: " + path);
      }
    }
    for (const std::size_t i : circle) nodes_[i].judged = true;
    for (const std::size_t i : circle) release_users(nodes_[i], ready);
  }

  // --- signals ---

  /// A rule that correlations refer to opens no signals by itself, unless one of them says `generate: true`.
  void silence_bases() {
    std::map<std::size_t, std::vector<const Node*>> users;
    for (const Node& node : nodes_) {
      if (!loading_.is(node.state, State::kLoaded)) continue;
      for (const std::size_t base : node.bases) users[base].push_back(&node);
    }
    for (const auto& [base, nodes] : users) {
      const bool generates = std::any_of(nodes.begin(), nodes.end(), [](const Node* n) { return n->rule->generate; });
      if (generates) continue;
      const auto silence = [](auto& compiled) {
        compiled.silenced = true;
        return std::exchange(compiled.opens_signals, false);
      };
      const auto& detection = loading_.loaded[base];
      const bool opened = detection ? silence(loading_.rules.detections[*detection])
                                    : silence(loading_.rules.correlations[compiled_.at(base)]);
      if (!opened) continue;
      const engine::Rule& rule = loading_.states[base].rule;
      const auto elsewhere =
          std::find_if(nodes.begin(), nodes.end(), [&rule](const Node* n) { return n->rule->rule.path != rule.path; });
      if (rule.level < engine::Level::kMedium || elsewhere == nodes.end()) continue;
      report(**elsewhere, "silenced-rule", reference_to(**elsewhere, base).at,
             "`" + rule.title + "` (" + std::string(engine::name_of(rule.level)) + ", " + rule.path +
                 ") opens no signals by itself, because this correlation refers to it",
             "`generate: true` in the correlation keeps them");
    }
  }

  Loading& loading_;
  std::vector<Node> nodes_;
  std::unordered_map<std::size_t, std::size_t> node_of_;     // by state
  std::unordered_map<std::size_t, std::uint32_t> compiled_;  // by state: its place in rules.correlations
};

}  // namespace

void resolve_correlations(Loading& loading) { CorrelationStep(loading).run(); }

}  // namespace tripline::rules
