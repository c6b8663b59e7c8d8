#include "rules/test_record.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "engine/event.h"
#include "engine/json_repair.h"
#include "engine/json_text.h"
#include "engine/text.h"
#include "rules/rule_files.h"

namespace tripline::rules {
namespace {

using simdjson::dom::element_type;

constexpr std::size_t kLongestRecordFile = std::size_t{4} << 20;

void write(const YamlNode& node, engine::JsonText& out) {
  switch (node.kind) {
    case YamlNode::Kind::kMap:
      out.begin_object();
      for (const auto& entry : node.entries) {
        out.key(entry.key);
        write(entry.value, out);
      }
      out.end_object();
      return;
    case YamlNode::Kind::kList:
      out.begin_array();
      for (const auto& item : node.items) write(item, out);
      out.end_array();
      return;
    case YamlNode::Kind::kScalar:
      break;
  }
  switch (node.scalar) {
    case Scalar::Kind::kString:
      out.string(node.text);
      return;
    case Scalar::Kind::kNumber:
      out.raw(node.text);
      return;
    case Scalar::Kind::kBool:
      out.raw(engine::fold(node.text));
      return;
    case Scalar::Kind::kNull:
      out.raw("null");
      return;
  }
}

YamlNode tree_of(simdjson::dom::element element) {
  YamlNode node;
  switch (element.type()) {
    case element_type::OBJECT:
      node.kind = YamlNode::Kind::kMap;
      for (const auto field : simdjson::dom::object(element.get_object().value_unsafe())) {
        if (node.find(field.key) != nullptr) continue;  // of duplicate keys the first counts
        YamlNode::Entry entry;
        entry.key = field.key;
        entry.value = tree_of(field.value);
        node.entries.push_back(std::move(entry));
      }
      return node;
    case element_type::ARRAY:
      node.kind = YamlNode::Kind::kList;
      for (const auto item : simdjson::dom::array(element.get_array().value_unsafe()))
        node.items.push_back(tree_of(item));
      return node;
    case element_type::STRING:
      node.scalar = Scalar::Kind::kString;
      node.text = element.get_string().value_unsafe();
      return node;
    case element_type::NULL_VALUE:
      return node;
    case element_type::BOOL:
      node.scalar = Scalar::Kind::kBool;
      break;
    default:
      node.scalar = Scalar::Kind::kNumber;
      break;
  }
  node.text = simdjson::to_string(element);
  return node;
}

/// The steps of a path; `\.` is no end of one.
std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' && i + 1 < path.size() && path[i + 1] == '.') {
      steps.back() += path[++i];
    } else if (path[i] == '.') {
      steps.emplace_back();
    } else {
      steps.back() += path[i];
    }
  }
  return steps;
}

std::string joined(const std::vector<std::string>& steps, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += (i > from ? "." : "") + steps[i];
  return out;
}

std::string name_of(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kList) return "a list";
  return node.kind == YamlNode::Kind::kMap ? "a map" : "`" + node.text + "`";
}

std::optional<std::string> set_step(YamlNode& node, const std::vector<std::string>& steps, std::size_t from,
                                    const YamlNode& value);

std::optional<std::string> set_in_list(YamlNode& list, const std::vector<std::string>& steps, std::size_t from,
                                       const YamlNode& value) {
  const auto& step = steps[from];
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size()) {
    return "`" + joined(steps, 0, from) + "` is a list, and `" + step + "` is no index";
  }
  const bool last = from + 1 == steps.size();
  const bool removes = last && value.is_null();
  const auto size = list.items.size();
  if (index > size || (index == size && removes)) {
    return "`" + joined(steps, 0, from) + "` has " + std::to_string(size) + (size == 1 ? " item" : " items") +
           ", counted from 0";
  }
  if (removes) {
    list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(index));
    return std::nullopt;
  }
  if (index == size) list.items.emplace_back();
  if (last) {
    list.items[index] = value;
    return std::nullopt;
  }
  return set_step(list.items[index], steps, from + 1, value);
}

std::optional<std::string> set_step(YamlNode& node, const std::vector<std::string>& steps, std::size_t from,
                                    const YamlNode& value) {
  if (node.is_null()) {
    node = YamlNode{};
    node.kind = YamlNode::Kind::kMap;
  }
  if (node.kind == YamlNode::Kind::kList) return set_in_list(node, steps, from, value);
  if (node.kind == YamlNode::Kind::kScalar) {
    return "`" + joined(steps, 0, from) + "` is " + name_of(node) + ", and nothing is below that";
  }
  // The longest key that is there wins.
  for (auto to = steps.size(); to > from; --to) {
    const auto key = joined(steps, from, to);
    const auto entry =
        std::find_if(node.entries.begin(), node.entries.end(), [&](const auto& e) { return e.key == key; });
    if (entry == node.entries.end()) continue;
    if (to < steps.size()) return set_step(entry->value, steps, to, value);
    if (value.is_null()) {
      node.entries.erase(entry);
    } else {
      entry->value = value;
    }
    return std::nullopt;
  }
  if (value.is_null()) return "there is no `" + joined(steps, 0, steps.size()) + "` to take away";
  YamlNode::Entry entry;
  entry.key = steps[from];
  node.entries.push_back(std::move(entry));
  auto& added = node.entries.back().value;
  if (from + 1 < steps.size()) return set_step(added, steps, from + 1, value);
  added = value;
  return std::nullopt;
}

}  // namespace

std::string to_json(const YamlNode& node) {
  engine::JsonText out;
  write(node, out);
  return out.take();
}

engine::Result<YamlNode> read_json_record(const std::string& path) {
  auto read_file = read_text(path, kLongestRecordFile);
  if (!read_file) return engine::fail(read_file.error().code, "`" + path + "`: " + read_file.error().message);
  std::string text = std::move(*read_file);
  const auto size = text.size();
  if (size > kLongestRecordFile) {
    return engine::fail(engine::ErrorCode::kTooLarge, "`" + path + "` has more than 4 MiB");
  }
  text.append(engine::kRecordPadding, ' ');
  const engine::Record record{.json = std::string_view(text).substr(0, size)};
  const engine::FieldTable none;
  engine::Event event(none);
  if (auto read = event.read(record); !read) return read.error();
  auto tree = tree_of(event.root());
  const auto* records = tree.find("Records");
  if (!records || tree.entries.size() != 1 || records->kind != YamlNode::Kind::kList) return tree;
  if (records->items.size() == 1 && records->items[0].kind == YamlNode::Kind::kMap) return YamlNode(records->items[0]);
  return engine::fail(engine::ErrorCode::kBadInput, "`" + path + "` holds " + std::to_string(records->items.size()) +
                                                        " records where one is expected");
}

std::optional<std::string> set_path(YamlNode& record, std::string_view path, const YamlNode& value) {
  const auto steps = steps_of(path);
  if (std::any_of(steps.begin(), steps.end(), [](const auto& step) { return step.empty(); })) {
    return "a path has a name between each two dots";
  }
  constexpr std::size_t kMostSteps = 32;
  if (steps.size() > kMostSteps) return "a path has at most 32 steps";
  return set_step(record, steps, 0, value);
}

engine::Record padded_record(std::string_view json, std::string& text) {
  text.assign(json).append(engine::kRecordPadding, ' ');
  std::string mended;
  if (engine::repair_json(std::string_view(text).substr(0, json.size()), mended)) text = std::move(mended);
  return {.json = std::string_view(text).substr(0, text.size() - engine::kRecordPadding)};
}

}  // namespace tripline::rules
