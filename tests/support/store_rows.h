#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/database.h"
#include "tests/support/places.h"

namespace tripline::tests {

/// What a store holds, in containers that own it, compare and print.
struct StoreContents {
  std::map<std::pair<std::int64_t, std::string>, std::string> state;  // of spaces 0 and 1, as of the checkpoint
  std::vector<std::pair<std::uint64_t, std::string>> journal;         // after the checkpoint
  std::vector<std::string> signals;                                   // a line each, in order
  std::vector<std::string> transitions;
  std::map<std::string, std::string> meta;
  bool operator==(const StoreContents&) const = default;
};

/// Reads all of it. Throws what cannot be read.
StoreContents contents_of(const engine::store::Reader& reader);

/// The path of a store that is not there yet.
std::string store_in(const TemporaryFolder& folder);

/// "\1" and the text: a blob of version 1.
std::string blob(std::string_view text);

/// Names of the same bytes all along: rows only view theirs.
engine::store::SignalRow signal_row(std::uint64_t id, bool open, std::int64_t changed_at, std::string_view blob,
                                    std::int64_t first = 0);

/// How contents_of() shows a signal or a transition.
std::string shown(const engine::store::SignalRow& row);
std::string shown(const engine::store::TransitionRow& row);

/// Calls continue_checkpoint() until nothing is left; returns how often.
int finish_checkpoint(engine::store::Database& database, const engine::store::StepLimit& limit = {});

}  // namespace tripline::tests
