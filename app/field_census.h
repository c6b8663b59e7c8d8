#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event.h"

namespace tripline::app {

/// What is known of one field after many events.
struct FieldFacts {
  std::uint64_t events = 0;           // that have it
  std::uint8_t types = 0;             // a set of FieldType
  std::vector<std::uint64_t> hashes;  // of distinct values, sorted; at most kMostDistinct
  std::vector<std::string> examples;  // the first distinct ones, in order, shortened; secrets are left out

  static constexpr std::size_t kMostDistinct = 1000;
  static constexpr std::size_t kExamples = 3;

  /// Exact below kMostDistinct, else at least this.
  std::size_t distinct() const { return hashes.size(); }
  bool distinct_is_exact() const { return hashes.size() < kMostDistinct; }
};

enum FieldType : std::uint8_t { kNull = 1, kBoolean = 2, kNumber = 4, kString = 8, kObject = 16, kArray = 32 };
std::vector<std::string> type_names(std::uint8_t types);

/// Every field path that events have, as rules name them: steps through arrays are not written, JSON inside strings is
/// entered, our derived fields stand beside CloudTrail's. Two censuses merge, the earlier events' first, into what one
/// over all their events would be. Memory: at most kMostFields fields with at most kMostDistinct hashes each; fields
/// beyond are counted.
class FieldCensus {
 public:
  static constexpr std::size_t kMostFields = 10'000;
  static constexpr int kMostDepth = 64;

  FieldCensus();

  void add(engine::Event& event);
  void merge(const FieldCensus& later);

  std::uint64_t events() const { return events_; }
  /// How often a field was met for which there was no room.
  std::uint64_t beyond() const { return beyond_; }

  struct Field {
    std::string path;
    FieldFacts facts;
  };
  /// In order of path.
  std::vector<Field> fields() const;

 private:
  using NodeId = std::uint32_t;
  static constexpr NodeId kNone = static_cast<NodeId>(-1);

  /// A step of a path; its facts are those of the path that ends here.
  struct Node {
    std::string key;
    std::unordered_map<std::string_view, NodeId> children;  // views of their own keys
    FieldFacts facts;
    std::uint64_t last_event = 0;
  };

  NodeId child(NodeId parent, std::string_view key);
  void visit(simdjson::dom::element element, NodeId node, engine::Event& event, int depth);
  void see(NodeId node, FieldType type);
  void see_value(NodeId node, FieldType type, std::string_view text);
  void merge(NodeId into, const FieldCensus& later, NodeId from);
  void collect(NodeId node, const std::string& path, std::vector<Field>& out) const;

  std::vector<std::unique_ptr<Node>> nodes_;  // 0: the root
  std::uint64_t events_ = 0;
  std::uint64_t beyond_ = 0;
};

}  // namespace tripline::app
