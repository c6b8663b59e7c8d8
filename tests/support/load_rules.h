#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "rules/loader.h"
#include "tests/support/places.h"

namespace tripline::tests {

/// A detection of CloudTrail events with this eventName.
std::string detection(const std::string& name, const std::string& event_name, const std::string& more = "");

std::string filter(const std::string& rules, const std::string& body, const std::string& source = "product: aws");

std::string correlation(const std::string& name, const std::string& rules, const std::string& more = "");

/// Rules loaded from a folder that the test writes. It fails when they cannot be loaded at all.
class LoadRules : public testing::Test {
 protected:
  rules::Loaded load(rules::LoadOptions options = {});

  /// Each rule's title and state, in order.
  static std::string states(const rules::Loaded& loaded);

  /// Titles of the detections that hold on the event.
  static std::string matches(const rules::Loaded& loaded, std::string_view json);

  void write(const std::string& name, const std::string& text) { folder_.write(name, text); }

  TemporaryFolder folder_;
};

}  // namespace tripline::tests
