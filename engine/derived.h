#pragma once

#include <span>
#include <string_view>

namespace tripline::engine {

class Event;

/// A field of ours beside CloudTrail's own: a function of the record, and of engine/knowledge.h where it says so. Its
/// text lives as long as the record is read; empty means missing.
struct Derived {
  std::string_view name;
  std::string_view (*text)(Event& event);
  std::string_view meaning;    // one line for docs and for `tripline fields`
  bool needs_lineage = false;  // it is made of the mints that other records tell of
};

/// All of them; the one place to add one.
std::span<const Derived> derived_fields();

/// Null when `name` is none.
const Derived* find_derived(std::string_view name);

}  // namespace tripline::engine
