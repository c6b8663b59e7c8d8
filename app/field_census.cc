#include "app/field_census.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "engine/derived.h"
#include "engine/secrets.h"
#include "engine/shown_record.h"

namespace tripline::app {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kExampleBytes = 80;

/// Whole characters of UTF-8, about kExampleBytes of them.
std::string shortened(std::string_view text) {
  if (text.size() <= kExampleBytes) return std::string(text);
  std::size_t end = kExampleBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

void insert(std::vector<std::uint64_t>& hashes, std::uint64_t hash) {
  const auto at = std::lower_bound(hashes.begin(), hashes.end(), hash);
  if ((at != hashes.end() && *at == hash) || hashes.size() == FieldFacts::kMostDistinct) return;
  hashes.insert(at, hash);
}

void add_example(FieldFacts& facts, const std::string& example) {
  if (facts.examples.size() == FieldFacts::kExamples) return;
  if (std::find(facts.examples.begin(), facts.examples.end(), example) != facts.examples.end()) return;
  facts.examples.push_back(example);
}

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

}  // namespace

std::vector<std::string> type_names(std::uint8_t types) {
  std::vector<std::string> names;
  for (const auto& [type, name] : {std::pair{kString, "string"},
                                   {kNumber, "number"},
                                   {kBoolean, "boolean"},
                                   {kObject, "object"},
                                   {kArray, "array"},
                                   {kNull, "null"}}) {
    if (types & type) names.emplace_back(name);
  }
  return names;
}

FieldCensus::FieldCensus() { nodes_.push_back(std::make_unique<Node>()); }

FieldCensus::NodeId FieldCensus::child(NodeId parent, std::string_view key) {
  const auto found = nodes_[parent]->children.find(key);
  if (found != nodes_[parent]->children.end()) return found->second;
  if (nodes_.size() > kMostFields) {
    ++beyond_;
    return kNone;
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back(std::make_unique<Node>());
  nodes_.back()->key = key;
  nodes_[parent]->children.emplace(nodes_.back()->key, id);
  return id;
}

void FieldCensus::see(NodeId node, FieldType type) {
  Node& seen = *nodes_[node];
  seen.facts.types |= type;
  if (std::exchange(seen.last_event, events_) != events_) ++seen.facts.events;
}

void FieldCensus::see_value(NodeId node, FieldType type, std::string_view text) {
  see(node, type);
  FieldFacts& facts = nodes_[node]->facts;
  insert(facts.hashes, hash_of(text));
  if (facts.examples.size() == FieldFacts::kExamples) return;
  const bool is_secret = engine::is_secret(nodes_[node]->key) || engine::holds_secret(text);
  add_example(facts, is_secret ? std::string(engine::kSecret) : shortened(text));
}

void FieldCensus::visit(dom::element element, NodeId node, engine::Event& event, int depth) {
  if (depth > kMostDepth) return;
  switch (element.type()) {
    case dom::element_type::OBJECT:
      see(node, kObject);
      for (const auto [key, value] : dom::object(element)) {
        const NodeId next = child(node, key);
        if (next == kNone) continue;
        if (engine::is_setting(key) && engine::names_secret(dom::object(element))) {
          see_value(next, kString, engine::kSecret);
        } else {
          visit(value, next, event, depth + 1);
        }
      }
      return;
    case dom::element_type::ARRAY:
      see(node, kArray);
      for (const dom::element value : dom::array(element)) visit(value, node, event, depth + 1);
      return;
    case dom::element_type::NULL_VALUE:
      return see(node, kNull);
    case dom::element_type::BOOL:
      return see_value(node, kBoolean, bool(element) ? "true" : "false");
    case dom::element_type::STRING: {
      const std::string_view text(element);
      see_value(node, kString, text);
      if (const auto* document = event.document_in(text)) visit(*document, node, event, depth + 1);
      return;
    }
    default:
      return see_value(node, kNumber, simdjson::minify(element));
  }
}

void FieldCensus::add(engine::Event& event) {
  ++events_;
  for (const auto [key, value] : dom::object(event.root())) {
    const NodeId node = child(0, key);
    if (node != kNone) visit(value, node, event, 1);
  }
  if (!event.fields().with_derived()) return;
  for (const auto& derived : engine::derived_fields()) {
    if (derived.needs_lineage && !event.has_lineage()) continue;
    const std::string_view text = derived.text(event);
    const NodeId node = text.empty() ? kNone : child(0, derived.name);
    if (node != kNone) see_value(node, kString, text);
  }
}

void FieldCensus::merge(const FieldCensus& later) {
  merge(0, later, 0);
  events_ += later.events_;
  beyond_ += later.beyond_;
}

void FieldCensus::merge(NodeId into, const FieldCensus& later, NodeId from) {
  const FieldFacts& other = later.nodes_[from]->facts;
  FieldFacts& facts = nodes_[into]->facts;
  facts.events += other.events;
  facts.types |= other.types;
  for (const auto& example : other.examples) add_example(facts, example);
  for (const auto hash : other.hashes) insert(facts.hashes, hash);
  for (const auto& [key, id] : later.nodes_[from]->children) {
    const NodeId next = child(into, key);
    if (next != kNone) merge(next, later, id);
  }
}

void FieldCensus::collect(NodeId node, const std::string& path, std::vector<Field>& out) const {
  for (const auto& [key, id] : nodes_[node]->children) {
    const std::string whole = path.empty() ? std::string(key) : path + "." + std::string(key);
    out.push_back({whole, nodes_[id]->facts});
    collect(id, whole, out);
  }
}

std::vector<FieldCensus::Field> FieldCensus::fields() const {
  std::vector<Field> all;
  collect(0, "", all);
  std::sort(all.begin(), all.end(), [](const Field& a, const Field& b) { return a.path < b.path; });
  return all;
}

}  // namespace tripline::app
