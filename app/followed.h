#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "app/principal_query.h"
#include "engine/event.h"
#include "engine/lineage.h"

namespace tripline::app {

/// The credentials that one identity came by, hop after hop, and the calls that were made with them. Immutable once
/// built; shared by all workers. Borrows query and lineage, which outlive it.
class Followed {
 public:
  /// `own_mints`: Mint::event of those that the identity itself asked for.
  Followed(const PrincipalQuery& query, const engine::Lineage& lineage, const std::vector<std::uint64_t>& own_mints);

  /// How many hops away from the identity the call was made: 0 by itself, 1 with credentials that it asked for itself
  /// or that carry its name (sourceIdentity), ...; nothing when the call is none of it, and for the second copy of a
  /// call that two accounts were told of.
  std::optional<std::uint32_t> hop_of(engine::Event& event) const;

 private:
  const PrincipalQuery& query_;
  const engine::Lineage& lineage_;
  std::unordered_map<std::uint64_t, std::uint32_t> hops_;  // of calls with what a mint issued, by Mint::event
};

/// Whether the identity asked for the mint that `event` is.
bool asked_for(const PrincipalQuery& query, engine::Event& event, const engine::Mint& mint);

}  // namespace tripline::app
