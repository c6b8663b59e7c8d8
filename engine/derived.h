#pragma once

#include <span>
#include <string_view>

namespace tripline::engine {

class Event;

/// A field of ours beside CloudTrail's own, a function of the record alone. Its text lives as long as the record is
/// read; empty means missing.
struct Derived {
  std::string_view name;
  std::string_view (*text)(Event& event);
  std::string_view meaning;  // one line for docs and for `tripline fields`
};

/// All of them; the one place to add one.
std::span<const Derived> derived_fields();

/// Null when `name` is none.
const Derived* find_derived(std::string_view name);

}  // namespace tripline::engine
