#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/serve/last_seen.h"
#include "engine/event_time.h"

namespace tripline::app {

struct SilenceOptions {
  std::chrono::milliseconds after = std::chrono::hours{24};  // whoever used to send
  std::chrono::milliseconds forget = std::chrono::days{30};
  /// Who matters, even if it never sent anything.
  struct Expected {
    LastSeen::Kind kind = LastSeen::Kind::kSource;
    std::string name;
    std::chrono::milliseconds after{};
    bool signal = false;
  };
  std::vector<Expected> expect;
};

// Labels of metrics, and in JSON.
constexpr std::string_view label_of(LastSeen::Kind kind) {
  return kind == LastSeen::Kind::kSource ? "source" : "account";
}

/// Somebody who sends nothing.
struct Silent {
  LastSeen::Kind kind = LastSeen::Kind::kSource;
  std::string name;
  engine::EventTime since;  // last seen; of one that was never seen: when the server was started
  engine::EventTime from;   // since when that is silence
  bool signal = false;      // it is to open a signal

  bool operator==(const Silent&) const = default;
};

/// Who is silent now, in order of kind and name: who used to send and has not for `after`, and those expected who have
/// not for theirs. Pure.
std::vector<Silent> silent_ones(const SilenceOptions& options, const LastSeen& seen, engine::EventTime started,
                                engine::EventTime now);

}  // namespace tripline::app
