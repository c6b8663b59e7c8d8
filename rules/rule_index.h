#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/rule.h"

namespace tripline::rules {

/// Finds rules as documents refer to them, letter case aside: by id, name or title.
class RuleIndex {
 public:
  /// `place` is the caller's number for the rule. Of rules with one handle the first keeps it.
  void add(const engine::Rule& rule, std::size_t place);

  struct Found {
    std::size_t place = 0;
    bool by_title = false;
    bool ambiguous = false;  // several rules have that title; `place` is the first
  };
  std::optional<Found> find(std::string_view reference) const;

  /// The name, id or title that `reference` is likely a slip of, or empty.
  std::string_view slip_of(std::string_view reference) const;

 private:
  std::unordered_map<std::string, std::size_t> by_handle_;  // ids and names
  std::unordered_map<std::string, std::vector<std::size_t>> by_title_;
  std::vector<std::string> written_;  // all of them, as written
};

}  // namespace tripline::rules
