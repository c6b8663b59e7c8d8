#include "rules/collection.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace tripline::rules {
namespace {

bool is_collection_action(std::string_view action) {
  return action == "global" || action == "reset" || action == "repeat";
}

/// Puts `from`'s keys over `into`'s; maps are merged, all else is replaced.
void put_over(YamlNode& into, const YamlNode& from) {
  for (const auto& entry : from.entries) {
    if (entry.key == "action") continue;  // of a document to repeat
    YamlNode* value = into.find(entry.key);
    if (!value) {
      into.entries.push_back(entry);
    } else if (value->kind == YamlNode::Kind::kMap && entry.value.kind == YamlNode::Kind::kMap) {
      put_over(*value, entry.value);
    } else {
      *value = entry.value;
    }
  }
}

void put_over(YamlDocument& into, const YamlDocument& from) {
  put_over(into.root, from.root);
  into.problems.append(from.problems);
}

}  // namespace

std::vector<YamlDocument> work_out_collections(std::vector<YamlDocument> documents, const std::string& path,
                                               const YamlLimits& limits, Diagnostics& diagnostics) {
  const auto first = std::find_if(documents.begin(), documents.end(), [](const auto& document) {
    return is_collection_action(document.root.text_at("action"));
  });
  if (first == documents.end()) return documents;
  const auto place_of_action = [&path](const YamlDocument& document) {
    const YamlNode* action = document.root.find("action");
    return Position{path, action->line, action->column};
  };
  diagnostics.add("deprecated-collection", place_of_action(*first),
                  "`action:` documents are dropped from the Sigma specification", "write each rule out in full");

  std::vector<YamlDocument> rules;
  std::optional<YamlDocument> global;
  std::optional<YamlDocument> previous;
  YamlSize written;
  for (YamlDocument& document : documents) {
    const std::string action(document.root.text_at("action"));
    if (action == "global") {
      std::erase_if(document.root.entries, [](const auto& entry) { return entry.key == "action"; });
      global = document;
      previous = std::move(document);
      continue;
    }
    if (action == "reset") {
      global.reset();
      continue;
    }
    if (action == "repeat") {
      if (!previous) {
        diagnostics.add("collection-action", place_of_action(document), "`action: repeat` has no document to repeat",
                        "write the rule out in full");
        continue;
      }
      const int line = document.root.line;
      put_over(*previous, document);
      previous->root.line = line;
      document = *previous;
    } else if (document.root.kind == YamlNode::Kind::kMap && !document.root.find("correlation") &&
               !document.root.find("filter")) {
      if (global) put_over(document, *global);
      previous = document;
    }
    const YamlSize size = size_of(document.root);
    written.nodes += size.nodes;
    written.bytes += size.bytes;
    if (written.nodes > limits.max_nodes || written.bytes > limits.max_bytes) {
      diagnostics.add("yaml-bomb", {path, document.root.line, document.root.column},
                      "with its `action:` documents written out, the file is beyond " +
                          std::to_string(limits.max_nodes) + " values or " + std::to_string(limits.max_bytes) +
                          " bytes",
                      "split the file");
      return {};
    }
    rules.push_back(std::move(document));
  }
  return rules;
}

}  // namespace tripline::rules
