#include "app/config/node.h"

#include <algorithm>
#include <cassert>

namespace tripline::app {

const ConfigNode& ConfigNode::at(std::string_view path) const {
  const ConfigNode* node = this;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    const auto found = std::find_if(node->children.begin(), node->children.end(), [&](const ConfigNode& child) {
      return child.key != nullptr && child.key->name() == name;
    });
    assert(found != node->children.end() && "a key that is not in the table");
    node = &*found;
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return *node;
}

ConfigNode& ConfigNode::at(std::string_view path) {
  return const_cast<ConfigNode&>(std::as_const(*this).at(path));  // this is not const
}

}  // namespace tripline::app
