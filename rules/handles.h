#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/loading.h"

namespace tripline::rules {

/// The ids and names that rules have taken, letter case aside: of rules with one id, or one name, the first that
/// compiles is kept. Threads: one.
class Handles {
 public:
  /// Borrows it; says there what it refuses.
  explicit Handles(Loading& loading) : loading_(loading) {}

  /// Refuses the rule when another has its id or name.
  void refuse_duplicate(const Loading::Item& item);

  /// Gives the rule its id and name.
  void take(const Loading::Item& item);

 private:
  void refuse(std::size_t state, std::string_view code, const Position& at, const std::string& what, std::size_t first,
              const std::string& hint);

  Loading& loading_;
  std::unordered_map<std::string, std::size_t> ids_;  // to the state that has it
  std::unordered_map<std::string, std::size_t> names_;
};

}  // namespace tripline::rules
