#pragma once

#include <span>
#include <string_view>

namespace tripline::engine {

/// A parameter of some calls that names what they are about.
struct ResourceRow {
  enum class In { kRequest, kAnswer };

  std::string_view service;  // eventSource up to its first dot
  std::string_view events;   // an eventName, a beginning of one with `*` behind, an ending with `*` before; empty: all
  In in;                     // requestParameters or responseElements
  std::string_view path;     // dotted, from there; arrays fan out, `items` of EC2's lists need not be named
  std::string_view type;
};

/// All of them, those of one service side by side; what stands first is shown first.
std::span<const ResourceRow> resource_rows();

}  // namespace tripline::engine
