#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/text.h"

namespace tripline::engine {

/// A long TextTest's exact texts, found by hash whatever their letter case, and what has to be tried one by one.
struct TextSet {
  boost::unordered_flat_set<std::string, FoldedHash, FoldedEqual> texts;
  std::vector<std::uint32_t> rest;  // indices into TextTest::any
};

}  // namespace tripline::engine
