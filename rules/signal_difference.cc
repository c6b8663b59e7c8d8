#include "rules/signal_difference.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "engine/text.h"

namespace tripline::rules {
namespace {

/// `+1h30m` since the sequence's beginning.
std::string moment(std::int64_t seconds) {
  std::string text;
  constexpr struct {
    std::int64_t seconds;
    char letter;
  } kUnits[] = {{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}, {1, 's'}};
  for (const auto& unit : kUnits) {
    const std::int64_t whole = seconds / unit.seconds;
    if (whole > 0) text += std::to_string(whole) + unit.letter;
    seconds -= whole * unit.seconds;
  }
  return "+" + (text.empty() ? "0s" : text);
}

std::string list(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + value;
  return text + "]";
}

using Text = std::optional<std::string>;

Text moment_if(const std::optional<std::int64_t>& seconds) { return seconds ? Text(moment(*seconds)) : std::nullopt; }

/// What of a signal is compared, beside its rule; nothing: the expectation leaves it open.
struct Member {
  std::string_view name;
  Text (*wanted)(const ExpectedSignal&);
  std::string (*is)(const SeenSignal&);
};
constexpr Member kMembers[] = {
    {"group", [](const ExpectedSignal& e) { return e.group ? Text(list(*e.group)) : std::nullopt; },
     [](const SeenSignal& s) { return list(s.group); }},
    {"first", [](const ExpectedSignal& e) { return moment_if(e.first); },
     [](const SeenSignal& s) { return moment(s.first); }},
    {"last", [](const ExpectedSignal& e) { return moment_if(e.last); },
     [](const SeenSignal& s) { return moment(s.last); }},
    {"triggers", [](const ExpectedSignal& e) { return e.triggers ? Text(std::to_string(*e.triggers)) : std::nullopt; },
     [](const SeenSignal& s) { return std::to_string(s.triggers); }},
    {"state", [](const ExpectedSignal& e) { return e.state; },
     [](const SeenSignal& s) { return std::string(s.closed ? "closed" : "open"); }},
    {"level", [](const ExpectedSignal& e) { return e.level; },
     [](const SeenSignal& s) { return std::string(engine::name_of(s.rule->level)); }},
};

/// The text that the group's list shows could be that of another group, so that groups are compared themselves.
bool agree(const Member& member, const ExpectedSignal& expected, const SeenSignal& seen) {
  if (member.name == "group") return !expected.group || *expected.group == seen.group;
  const auto wanted = member.wanted(expected);
  return !wanted || *wanted == member.is(seen);
}

class Comparison {
 public:
  Comparison(const std::vector<ExpectedSignal>& expected, const std::vector<SeenSignal>& seen, const engine::Rule& rule)
      : expected_(expected), seen_(seen), rule_(rule), takers_(seen.size()) {}

  std::vector<std::string> lines() {
    std::vector<std::size_t> left;  // expectations without a signal
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      std::vector<bool> asked(seen_.size());
      if (!place(i, asked)) left.push_back(i);
    }
    std::vector<std::string> lines;
    for (const std::size_t i : left) {
      if (const auto near = nearest(i)) {
        takers_[*near] = i;
        show_both(expected_[i], seen_[*near], lines);
      } else {
        lines.push_back("- missing: " + text_of(expected_[i]));
      }
    }
    for (std::size_t s = 0; s < seen_.size(); ++s) {
      if (!takers_[s]) lines.push_back("+ too many: " + text_of(seen_[s]));
    }
    return lines;
  }

 private:
  bool same_rule(const ExpectedSignal& expected, const SeenSignal& seen) const {
    return expected.rule ? is_called(*seen.rule, *expected.rule) : seen.rule->id == rule_.id;
  }

  static std::size_t disagreements(const ExpectedSignal& expected, const SeenSignal& seen) {
    return static_cast<std::size_t>(std::count_if(std::begin(kMembers), std::end(kMembers),
                                                  [&](const auto& member) { return !agree(member, expected, seen); }));
  }

  /// Expectation `i` takes a signal that is free, or whose taker can take another.
  bool place(std::size_t i, std::vector<bool>& asked) {
    for (std::size_t s = 0; s < seen_.size(); ++s) {
      if (asked[s] || !same_rule(expected_[i], seen_[s]) || disagreements(expected_[i], seen_[s]) > 0) continue;
      asked[s] = true;
      if (!takers_[s] || place(*takers_[s], asked)) {
        takers_[s] = i;
        return true;
      }
    }
    return false;
  }

  /// The signal of the rule, free so far, that differs least.
  std::optional<std::size_t> nearest(std::size_t i) const {
    std::optional<std::size_t> best;
    for (std::size_t s = 0; s < seen_.size(); ++s) {
      if (takers_[s] || !same_rule(expected_[i], seen_[s])) continue;
      if (!best || disagreements(expected_[i], seen_[s]) < disagreements(expected_[i], seen_[*best])) best = s;
    }
    return best;
  }

  static void show_both(const ExpectedSignal& expected, const SeenSignal& seen, std::vector<std::string>& lines) {
    lines.push_back("~ otherwise: " + text_of(seen));
    for (const Member& member : kMembers) {
      if (agree(member, expected, seen)) continue;
      lines.push_back("    " + std::string(member.name) + ": expected " + member.wanted(expected).value_or("") +
                      ", is " + member.is(seen));
    }
  }

  std::string text_of(const ExpectedSignal& expected) const {
    std::string text = expected.rule.value_or(rule_.title) + ":";
    for (const Member& member : kMembers) {
      if (const auto wanted = member.wanted(expected)) text += " " + std::string(member.name) + " " + *wanted + ",";
    }
    text.pop_back();  // the last comma, or the colon that nothing follows
    return text;
  }

  static std::string text_of(const SeenSignal& seen) {
    std::string text = seen.rule->title + ":";
    for (const Member& member : kMembers) text += " " + std::string(member.name) + " " + member.is(seen) + ",";
    text.pop_back();
    return text;
  }

  const std::vector<ExpectedSignal>& expected_;
  const std::vector<SeenSignal>& seen_;
  const engine::Rule& rule_;
  std::vector<std::optional<std::size_t>> takers_;  // by signal: which expectation
};

}  // namespace

bool is_called(const engine::Rule& rule, std::string_view name) {
  const std::string folded = engine::fold(name);
  return engine::equals_folded(rule.id, folded) || engine::equals_folded(rule.name, folded) ||
         engine::equals_folded(rule.title, folded);
}

std::vector<std::string> signal_difference(const std::vector<ExpectedSignal>& expected,
                                           const std::vector<SeenSignal>& seen, const engine::Rule& rule) {
  return Comparison(expected, seen, rule).lines();
}

}  // namespace tripline::rules
