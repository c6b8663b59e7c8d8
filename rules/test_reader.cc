#include "rules/test_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "engine/event_time.h"
#include "rules/test_record.h"
#include "rules/timespan.h"

namespace tripline::rules {
namespace {

constexpr std::array<std::string_view, 3> kFileKeys = {"rule", "events", "cases"};
constexpr std::array<std::string_view, 5> kCaseKeys = {"name", "event", "with", "expect", "arrive"};
constexpr std::array<std::string_view, 6> kStepKeys = {"event", "at", "with", "repeat", "every", "advance"};
constexpr std::array<std::string_view, 7> kSignalKeys = {"rule",     "group", "first", "last",
                                                         "triggers", "state", "level"};
constexpr std::string_view kStepForm = "write `{event: NAME, at: 30s}`, `restart` or `{advance: 20m}`";
constexpr std::int64_t kMostRepeats = 10'000;
constexpr std::string_view kForm = "rule: my_rule.yml / events: {one: {...}} / cases: [{name, event, with, expect}]";

class Reader {
 public:
  explicit Reader(TestFile& out) : out_(out) {}

  void read(const YamlNode& root) {
    if (root.kind != YamlNode::Kind::kMap) return problem(root, "a rule test file is a map", std::string(kForm));
    check_keys(root, kFileKeys);
    if (const auto* rule = required(root, "rule", "name the rule by path (beside this file), id or name")) {
      out_.rule = text_of(*rule, "`rule`").value_or("");
      out_.rule_at = at(*rule);
      out_.rule_is_path = out_.rule.ends_with(".yml") || out_.rule.ends_with(".yaml");
    }
    if (const auto* events = root.find("events")) read_events(*events);
    for (const auto& [name, event] : events_) out_.records.push_back(to_json(event));
    const auto* cases = required(root, "cases", "add a list of `{name, event, with, expect}`");
    if (!cases) return;
    if (cases->kind != YamlNode::Kind::kList || cases->items.empty()) {
      return problem(*cases, "`cases` is a list with at least one case",
                     "write `- name: ...`, `event: ...`, `expect: match`");
    }
    for (const auto& item : cases->items) {
      const auto whole = out_.cases.size();
      read_case(item);
      if (out_.cases.size() == whole) ++out_.unread;
    }
  }

  void problem(const YamlNode& node, std::string message, std::string hint) {
    out_.problems.add("bad-test", at(node), std::move(message), std::move(hint));
  }

 private:
  template <class Marked>
  Position at(const Marked& marked) const {
    return {out_.path, marked.line, marked.column};
  }

  void check_keys(const YamlNode& map, std::span<const std::string_view> known) {
    for (const auto& entry : map.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      const auto meant = did_you_mean(entry.key, known);
      out_.problems.add("bad-test", at(entry), "`" + entry.key + "` is no key of a rule test",
                        meant.empty() ? "remove it" : "did you mean `" + std::string(meant) + "`?");
    }
  }

  const YamlNode* required(const YamlNode& map, std::string_view key, std::string hint) {
    const auto* node = map.find(key);
    if (!node) problem(map, "`" + std::string(key) + "` is missing", std::move(hint));
    return node;
  }

  std::optional<std::string> text_of(const YamlNode& node, std::string_view what) {
    if (node.kind == YamlNode::Kind::kScalar && !node.is_null() && !node.text.empty()) return node.text;
    problem(node, std::string(what) + " is some text", "");
    return {};
  }

  void read_events(const YamlNode& events) {
    if (events.kind != YamlNode::Kind::kMap) {
      return problem(events, "`events` is a map of names to events", "write `events: {some_name: {eventName: ...}}`");
    }
    for (const auto& entry : events.entries) {
      const auto& node = entry.value;
      names_.insert(entry.key);
      if (node.kind != YamlNode::Kind::kMap) {
        const std::string path = node.text.empty() ? "PATH" : node.text;
        problem(node, "an event is a map: a record, or `{file: PATH}`",
                "for a file write `" + entry.key + ": {file: " + path + "}`");
        continue;
      }
      const auto* file = node.find("file");
      if (!file || node.entries.size() != 1) {
        events_[entry.key] = node;
      } else if (const auto name = text_of(*file, "`file`")) {
        const auto path = std::filesystem::path(out_.path).parent_path() / *name;
        auto record = read_json_record(path.string());
        if (!record) {
          problem(*file, "the event's file is no JSON record: " + record.error().message,
                  "a path is taken from the test file's folder, and one record is in it");
          continue;
        }
        events_[entry.key] = std::move(*record);
      }
    }
  }

  void read_case(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::kMap) return problem(node, "a case is a map", std::string(kForm));
    const auto before = out_.problems.all().size();
    check_keys(node, kCaseKeys);
    TestCase test;
    test.at = at(node);
    if (const auto* name = required(node, "name", "say in a few words what the case shows")) {
      test.name = text_of(*name, "`name`").value_or("");
    }
    const auto* arrive = node.find("arrive");
    test.is_sequence = arrive != nullptr;
    const bool whole = arrive ? read_sequence_case(node, *arrive, test) : read_detection_case(node, test);
    if (whole && out_.problems.all().size() == before) out_.cases.push_back(std::move(test));
  }

  /// False when the case cannot be run; that it is so has been said, here or at its event.
  bool read_detection_case(const YamlNode& node, TestCase& test) {
    const auto* expect = required(node, "expect", "write `expect: match` or `expect: no match`");
    if (expect) {
      test.expect_match = expect->text == "match";
      if (expect->kind != YamlNode::Kind::kScalar || (!test.expect_match && expect->text != "no match")) {
        problem(*expect, "`expect` is `match` or `no match`", "");
      }
    }
    const auto record = event_of(node);
    if (record) test.record = to_json(*record);
    return record.has_value();
  }

  /// The event that a case or step names, with the changes of its `with`; nothing: that it is not there has been said,
  /// here or at the event.
  std::optional<YamlNode> event_of(const YamlNode& node) {
    const auto* event = required(node, "event", "name one of `events`");
    const auto name = event ? text_of(*event, "`event`") : std::nullopt;
    if (!name) return std::nullopt;
    const auto found = events_.find(*name);
    if (found == events_.end()) {
      if (!names_.contains(*name)) unknown_event(*event, *name);
      return std::nullopt;
    }
    auto record = found->second;
    if (const auto* changes = node.find("with")) change(record, *changes);
    return record;
  }

  // --- sequences ---

  bool read_sequence_case(const YamlNode& node, const YamlNode& arrive, TestCase& test) {
    if (arrive.kind != YamlNode::Kind::kList || arrive.items.empty()) {
      problem(arrive, "`arrive` is a list of what happens, in order of arrival", std::string(kStepForm));
      return false;
    }
    for (const std::string_view key : {"event", "with"}) {
      if (const auto* beside = node.find(key)) {
        problem(*beside, "`" + std::string(key) + "` has no effect beside `arrive`", "put it into a step of `arrive`");
      }
    }
    bool whole = true;
    for (const auto& item : arrive.items) whole = read_step(item, test) && whole;
    const auto* expect = required(node, "expect", "list the signals that are left: `[{triggers: 1}]`, or `[]`");
    if (!expect) return false;
    if (expect->kind != YamlNode::Kind::kList) {
      problem(*expect, "`expect` is a list of signals", "write `[{triggers: 1}]`, or `[]` for none");
      return false;
    }
    for (const auto& item : expect->items) read_signal(item, test);
    return whole;
  }

  bool read_step(const YamlNode& node, TestCase& test) {
    if (node.kind == YamlNode::Kind::kScalar && node.text == "restart") {
      test.steps.push_back({.kind = TestStep::Kind::kRestart});
      return true;
    }
    if (node.kind != YamlNode::Kind::kMap) {
      problem(node, "this is no step of `arrive`", std::string(kStepForm));
      return false;
    }
    if (const auto* advance = node.find("advance")) {
      if (node.entries.size() > 1) problem(node, "`advance` stands alone in its step", "write `{advance: 20m}`");
      test.steps.push_back({.kind = TestStep::Kind::kAdvance, .seconds = span_of(*advance, "`advance`").value_or(0)});
      return true;
    }
    check_keys(node, kStepKeys);
    const auto event = event_of(node);
    const auto* at_node = required(node, "at", "say when the event happens, such as `at: 30s`");
    const auto* repeat_node = node.find("repeat");
    const auto* every_node = node.find("every");
    const auto at_second = at_node ? span_of(*at_node, "`at`") : std::nullopt;
    const auto repeat = repeat_node ? count_of(*repeat_node, "`repeat`").value_or(1) : 1;
    const auto every = every_node ? span_of(*every_node, "`every`").value_or(0) : 0;
    if (!event || !at_second) return false;
    if (repeat < 1 || repeat > kMostRepeats) {
      problem(*repeat_node, "an event happens once at least and " + std::to_string(kMostRepeats) + " times at most",
              "`repeat` is how often it happens in all");
      return false;
    }
    if (every_node && !repeat_node) {
      problem(*every_node, "`every` has no effect without `repeat`", "add `repeat: 5`, or remove it");
    }
    for (std::int64_t i = 0; i < repeat; ++i) {
      const std::int64_t second = *at_second + i * every;
      test.steps.push_back({.record = to_json(stamped(*event, second)), .seconds = second});
    }
    return true;
  }

  /// The event as it happens at that second. Each is an event of its own, unless its eventID says otherwise.
  YamlNode stamped(YamlNode event, std::int64_t second) {
    const auto time = *engine::parse_time(kSequenceStart) + std::chrono::seconds{second};
    YamlNode text;
    text.scalar = Scalar::Kind::kString;
    text.text = engine::format_time(time);
    (void)set_path(event, "eventTime", text);
    if (!event.find("eventID")) {
      text.text = "event " + std::to_string(++events_made_);
      (void)set_path(event, "eventID", text);
    }
    return event;
  }

  void read_signal(const YamlNode& node, TestCase& test) {
    if (node.kind != YamlNode::Kind::kMap) return problem(node, "an expected signal is a map", "write `{triggers: 1}`");
    check_keys(node, kSignalKeys);
    ExpectedSignal signal;
    const auto text = [&](std::string_view key, std::optional<std::string>& into) {
      if (const auto* value = node.find(key)) into = text_of(*value, "`" + std::string(key) + "`");
    };
    const auto span = [&](std::string_view key, std::optional<std::int64_t>& into) {
      if (const auto* value = node.find(key)) into = span_of(*value, "`" + std::string(key) + "`");
    };
    text("rule", signal.rule);
    text("state", signal.state);
    text("level", signal.level);
    span("first", signal.first);
    span("last", signal.last);
    if (const auto* triggers = node.find("triggers")) signal.triggers = count_of(*triggers, "`triggers`");
    if (signal.state && *signal.state != "open" && *signal.state != "closed") {
      problem(*node.find("state"), "`state` is `open` or `closed`", "");
    }
    if (signal.level && !engine::parse_level(*signal.level)) {
      problem(*node.find("level"), "`level` is informational, low, medium, high or critical", "");
    }
    if (const auto* group = node.find("group")) {
      signal.group.emplace();
      if (group->kind == YamlNode::Kind::kScalar) {
        signal.group->push_back(group->text);
      } else {
        for (const auto& value : group->items) signal.group->push_back(value.text);
      }
    }
    test.signals.push_back(std::move(signal));
  }

  std::optional<std::int64_t> span_of(const YamlNode& node, const std::string& what) {
    const auto seconds = node.kind == YamlNode::Kind::kScalar ? seconds_of(node.text) : std::nullopt;
    if (!seconds) problem(node, what + " is a span of time", "write a number and a unit, such as 30s");
    return seconds;
  }

  std::optional<std::int64_t> count_of(const YamlNode& node, const std::string& what) {
    const auto count = node.kind == YamlNode::Kind::kScalar ? seconds_of(node.text + "s") : std::nullopt;
    if (!count) problem(node, what + " is a whole number", "");
    return count;
  }

  void unknown_event(const YamlNode& at_node, const std::string& name) {
    const std::vector<std::string_view> names(names_.begin(), names_.end());
    const auto meant = did_you_mean(name, names);
    problem(at_node, "there is no event `" + name + "`",
            meant.empty() ? "add it to `events`" : "did you mean `" + std::string(meant) + "`?");
  }

  void change(YamlNode& record, const YamlNode& changes) {
    if (changes.is_null()) return;
    if (changes.kind != YamlNode::Kind::kMap) {
      return problem(changes, "`with` is a map of dotted paths to values", "write `with: {userIdentity.type: Root}`");
    }
    for (const auto& entry : changes.entries) {
      if (auto wrong = set_path(record, entry.key, entry.value)) {
        out_.problems.add("bad-test", at(entry), "`" + entry.key + "` cannot be changed: " + *wrong, "");
      }
    }
  }

  TestFile& out_;
  std::map<std::string, YamlNode> events_;
  std::set<std::string> names_;  // of all events, also of those that could not be read
  int events_made_ = 0;
};

}  // namespace

TestFile read_test_file(std::string_view text, const std::string& path, const YamlLimits& limits) {
  TestFile out;
  out.path = path;
  auto yaml = read_yaml(text, path, limits);
  out.problems.append(std::move(yaml.diagnostics));
  for (auto& document : yaml.documents) out.problems.append(std::move(document.problems));
  Reader reader(out);
  if (yaml.documents.size() == 1) {
    reader.read(yaml.documents[0].root);
  } else if (out.problems.all().empty()) {
    reader.problem(yaml.documents.empty() ? YamlNode{} : yaml.documents[1].root,
                   "a rule test file is one document, and this holds " + std::to_string(yaml.documents.size()),
                   std::string(kForm));
  }
  if (out.unread == 0 && !out.problems.all().empty()) out.unread = 1;
  return out;
}

}  // namespace tripline::rules
