#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace tripline::app {

/// Finds, among names that come by in great numbers and again and again, those that a wanted one may stand for: that
/// hold it, or are a slip away. Letter case aside. It remembers up to 65,536 names. One a thread.
class NearNames {
 public:
  explicit NearNames(std::string_view wanted);

  /// Whether `name` is near; of a name that it remembers, false.
  bool is_new(std::string_view name);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::string wanted_;  // folded
  std::unordered_set<std::string, Hash, std::equal_to<>> seen_;
};

}  // namespace tripline::app
