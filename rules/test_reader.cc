#include "rules/test_reader.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "rules/test_record.h"

namespace tripline::rules {
namespace {

constexpr std::array<std::string_view, 3> kFileKeys = {"rule", "events", "cases"};
constexpr std::array<std::string_view, 5> kCaseKeys = {"name", "event", "with", "expect", "arrive"};
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
    test.stateful = node.find("arrive") != nullptr;
    const bool whole = test.stateful || read_detection_case(node, test);
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
    const auto* event = required(node, "event", "name one of `events`");
    const auto name = event ? text_of(*event, "`event`") : std::nullopt;
    if (!name) return false;
    const auto found = events_.find(*name);
    if (found == events_.end()) {
      if (!names_.contains(*name)) unknown_event(*event, *name);
      return false;
    }
    auto record = found->second;
    if (const auto* changes = node.find("with")) change(record, *changes);
    test.record = to_json(record);
    return true;
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
