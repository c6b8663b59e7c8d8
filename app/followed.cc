#include "app/followed.h"

#include <unordered_set>

#include "engine/arn.h"
#include "engine/mint.h"
#include "engine/principal.h"

namespace tripline::app {

namespace {

/// Whether a principal is a user or role, who enters a role under a session name of their own choice, and nobody whom
/// an identity provider vouches for.
bool chooses_session_names(std::string_view principal) {
  const auto arn = engine::parse_arn(principal);
  if (!arn) return principal.starts_with("AIDA") || principal.starts_with("AROA");
  return !arn->resource_type().ends_with("-provider");
}

}  // namespace

Followed::Followed(const PrincipalQuery& query, const engine::Lineage& lineage,
                   const std::vector<std::uint64_t>& own_mints)
    : query_(query), lineage_(lineage) {
  struct Below {
    std::uint64_t mint;
    std::uint32_t hops;
  };
  std::unordered_map<std::uint64_t, std::vector<Below>> below;  // by the mint above
  std::vector<std::uint64_t> todo;
  const std::unordered_set<std::uint64_t> own(own_mints.begin(), own_mints.end());
  lineage.each_link([&](const engine::Lineage::Link& link) {
    const std::uint32_t hops = link.same_bearer ? 0 : 1;
    if (link.above != 0) below[link.above].push_back({link.mint, hops});
    if (own.contains(link.mint) && hops_.emplace(link.mint, hops).second) todo.push_back(link.mint);
  });
  while (!todo.empty()) {
    const std::uint64_t mint = todo.back();
    todo.pop_back();
    const auto found = below.find(mint);
    if (found == below.end()) continue;
    for (const Below& next : found->second) {
      // Each mint has one above it, so each is met once, but for those that the identity asked for itself.
      if (hops_.emplace(next.mint, hops_[mint] + next.hops).second) todo.push_back(next.mint);
    }
  }
}

std::optional<std::uint32_t> Followed::hop_of(engine::Event& event) const {
  const auto made = query_.made(event);
  if (made == PrincipalQuery::Made::kSurely) return 0;
  const engine::Bearer bearer = engine::bearer_of(event);
  if (lineage_.knows_callers_copy(bearer)) return std::nullopt;  // which tells more, and of the same call
  const engine::Origin& origin = event.origin();
  if (query_.is(origin)) return origin.depth;
  const std::uint64_t mint = lineage_.mint_behind(bearer);
  if (const auto found = hops_.find(mint); found != hops_.end()) return found->second;
  const bool is_own_name = mint == 0 || !chooses_session_names(origin.principal);
  return made == PrincipalQuery::Made::kByName && is_own_name ? std::optional(0U) : std::nullopt;
}

bool asked_for(const PrincipalQuery& query, engine::Event& event, const engine::Mint& mint) {
  // The identity of a SwitchRole is who it leads to.
  const bool is_own = mint.caller.actor.principal == event.principal().principal;
  return is_own ? query.made(event) != PrincipalQuery::Made::kNot : query.is(mint.caller);
}

}  // namespace tripline::app
