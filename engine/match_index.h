#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/event.h"
#include "engine/literal_finder.h"
#include "engine/needs.h"

namespace tripline::engine {

/// Finds, without looking at each, the consumers of records whose Needs an event may meet.
///
/// It over-approximates: literals are compared by their hash. Memory: some 30 bytes a literal, and its text if it is
/// of kind kContains. Immutable once built; shared by all workers.
class MatchIndex {
 public:
  /// Consumers are named by their place in `needs`.
  explicit MatchIndex(const std::vector<Needs>& needs);

  /// Calls `visit(consumer)` for all that may have business with the event; the same one may come several times.
  template <class Visit>
  void candidates(Event& event, Visit visit) const {
    for (const std::uint32_t consumer : every_record_) visit(consumer);
    for (const auto& field : fields_) {
      for (Value& value : event.values(field.id)) look_up(field, value, event, visit);
    }
    if (!anywhere_.empty()) {
      event.any_text([&](std::string_view text) {
        anywhere_.find(text, [&](std::uint32_t literal) { visit_all(anywhere_lists_[literal], visit); });
        return false;
      });
    }
  }

  /// How many consumers every event is a candidate of.
  std::size_t unindexed() const { return every_record_.size(); }

 private:
  /// Consumers that share a literal: a range of `consumers_`.
  struct List {
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Place {                                                       // of the literals that are equal to something
    std::uint64_t operator()(std::uint64_t key) const { return key; }  // it is a hash already
  };
  struct IndexedField {
    FieldId id;
    std::size_t longest_equal = 0;  // bytes; a longer text equals none
    bool has_equals = false;
    bool has_numbers = false;
    LiteralFinder contains;
    std::vector<List> contains_lists;  // by literal of `contains`
  };
  struct Builder;

  static std::uint64_t text_key(FieldId field, std::string_view text);
  static std::uint64_t number_key(FieldId field, double number);

  template <class Visit>
  void visit_all(List list, Visit& visit) const {
    for (std::uint32_t i = list.begin; i < list.end; ++i) visit(consumers_[i]);
  }
  template <class Visit>
  void visit_key(std::uint64_t key, Visit& visit) const {
    if (const auto found = equals_.find(key); found != equals_.end()) visit_all(found->second, visit);
  }
  template <class Visit>
  void look_up(const IndexedField& field, Value& value, Event& event, Visit& visit) const {
    if (value.type == ValueType::kNull) return;
    if (value.type != ValueType::kContainer && field.has_equals && value.text.size() <= field.longest_equal) {
      visit_key(text_key(field.id, value.text), visit);
    }
    if (value.type == ValueType::kNumber && field.has_numbers) visit_key(number_key(field.id, value.number), visit);
    if (!field.contains.empty()) {
      field.contains.find(event.text(value),
                          [&](std::uint32_t literal) { visit_all(field.contains_lists[literal], visit); });
    }
  }

  std::vector<std::uint32_t> every_record_;
  std::vector<IndexedField> fields_;
  boost::unordered_flat_map<std::uint64_t, List, Place> equals_;
  LiteralFinder anywhere_;
  std::vector<List> anywhere_lists_;
  std::vector<std::uint32_t> consumers_;
};

}  // namespace tripline::engine
