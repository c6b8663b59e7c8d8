#include "engine/resource.h"

#include <algorithm>
#include <string_view>

#include "engine/accounts.h"
#include "engine/arn.h"
#include "engine/event.h"
#include "engine/resource_table.h"

namespace tripline::engine {
namespace {

namespace dom = simdjson::dom;

class Collector {
 public:
  explicit Collector(std::string_view account) : account_(account) {}

  bool is_full() const { return found_.size() == kMaxResources; }
  std::vector<Resource> take() { return std::move(found_); }
  bool empty() const { return found_.empty(); }

  /// `account`: whose it is if the id does not say so; empty: that of the record.
  void add(std::string_view id, std::string_view type, std::string_view account) {
    if (id.empty() || is_full()) return;
    const auto arn = parse_arn(id);
    if (account.empty() && arn && is_account_id(arn->account)) account = arn->account;  // AWS' own say `aws`
    if (account.empty() && !arn) account = account_;
    Resource resource{.id = std::string(id), .type = std::string(type), .account = std::string(account)};
    if (std::find(found_.begin(), found_.end(), resource) == found_.end()) found_.push_back(std::move(resource));
  }

 private:
  std::string_view account_;
  std::vector<Resource> found_;
};

std::string_view text_at(dom::object object, std::string_view key) {
  std::string_view text;
  return object.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

void add_listed(dom::object root, Collector& found) {
  dom::array listed;
  if (root.at_key("resources").get(listed) != simdjson::SUCCESS) return;
  for (const dom::element element : listed) {
    dom::object resource;
    if (element.get(resource) != simdjson::SUCCESS) continue;
    std::string_view id;
    for (const std::string_view key : {"ARN", "arn", "ARNPrefix"}) {
      if (id.empty()) id = text_at(resource, key);
    }
    found.add(id, text_at(resource, "type"), text_at(resource, "accountId"));
  }
}

/// Adds the texts that `path` reaches. A step through an array fans out; where EC2 has a list as `{"items": [...]}`,
/// the step through `items` is taken unasked.
void add_reached(dom::element element, std::string_view path, std::string_view type, Collector& found) {
  if (found.is_full()) return;
  if (element.is_array()) {
    const dom::array array = element.get_array().value_unsafe();
    for (const dom::element child : array) add_reached(child, path, type, found);
    return;
  }
  if (path.empty()) {
    if (element.is_string()) found.add(element.get_string().value_unsafe(), type, {});
    return;
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return;
  const std::size_t dot = path.find('.');
  dom::element child;
  if (object.at_key(path.substr(0, dot)).get(child) == simdjson::SUCCESS) {
    add_reached(child, dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1), type, found);
  } else if (object.at_key("items").get(child) == simdjson::SUCCESS) {
    add_reached(child, path, type, found);
  }
}

bool is_of(const ResourceRow& row, std::string_view service, std::string_view event_name) {
  if (row.service != service) return false;
  if (row.events.ends_with('*')) return event_name.starts_with(row.events.substr(0, row.events.size() - 1));
  if (row.events.starts_with('*')) return event_name.ends_with(row.events.substr(1));
  return row.events.empty() || event_name == row.events;
}

}  // namespace

std::vector<Resource> resources_of(const Event& event) {
  Collector found(event.find_text("recipientAccountId"));
  dom::object root;
  if (event.root().get(root) != simdjson::SUCCESS) return {};
  add_listed(root, found);
  if (!found.empty()) return found.take();
  std::string_view service = event.find_text("eventSource");
  service = service.substr(0, service.find('.'));
  const std::string_view event_name = event.find_text("eventName");
  for (const ResourceRow& row : resource_rows()) {
    if (!is_of(row, service, event_name)) continue;
    dom::element part;
    if (root.at_key(row.in == ResourceRow::In::kAnswer ? "responseElements" : "requestParameters").get(part) ==
        simdjson::SUCCESS) {
      add_reached(part, row.path, row.type, found);
    }
  }
  return found.take();
}

}  // namespace tripline::engine
