#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::rules {

/// The calls of one service that we know. A service that has no row is one of which nothing is known.
struct CallsOfSource {
  std::string_view source;  // eventSource
  std::string_view calls;   // eventNames, a blank between two: every operation of the service's API
  std::string_view logged;  // eventNames that are no operation: sign-ins, acts of the service itself, other spellings
};

/// In order of eventSource (rules/cloudtrail_calls_table.cc).
std::span<const CallsOfSource> cloudtrail_calls();

/// What is wrong with an eventName of an eventSource, as far as we know. Letter case aside, as matching is.
struct CallCheck {
  enum class Kind {
    kFine,         // the service has it, or nothing is known against it
    kPermission,   // policies allow it by this name; records call it otherwise, or not at all
    kOtherSource,  // it is another service's
    kNearMiss,     // the service has one that differs in a letter or two
    kUndated,      // Lambda's calls are logged with the date of their API version
  };
  Kind kind = Kind::kFine;
  std::vector<std::string> suggestions;  // the sources that have it; else one eventName to write instead, or ""
};
CallCheck check_call(std::string_view source, std::string_view name);

}  // namespace tripline::rules
