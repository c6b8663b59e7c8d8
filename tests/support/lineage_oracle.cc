#include "tests/support/lineage_oracle.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/lineage.h"

namespace tripline::tests {

using namespace engine;
using std::chrono::seconds;

namespace {

class Oracle {
 public:
  explicit Oracle(std::vector<Mint> mints) {
    for (Mint& mint : mints) {
      const auto same = [&](const Mint& m) { return m.event == mint.event; };
      if (std::none_of(mints_.begin(), mints_.end(), same)) mints_.push_back(std::move(mint));
    }
    for (const Mint& mint : mints_) parents_.push_back(mint_behind(mint.caller, &mint));
  }

  /// `path (resolution, origin's principal, depth)`.
  std::string answer(const Bearer& bearer) const {
    const Mint* copy = callers_copy(bearer);
    return text(copy == nullptr ? chain(bearer, mint_behind(bearer, nullptr)) : chain_of_caller(*copy));
  }

 private:
  struct Chain {
    std::vector<std::optional<ChainActor>> steps;  // the oldest first; nothing: unknown steps
    ChainActor origin;
    Resolution resolution = Resolution::kUnresolved;
  };

  static seconds distance(EventTime a, EventTime b) { return abs(std::chrono::floor<seconds>(a - b)); }
  /// Live at the call, and another action than the one whose caller is looked for.
  static bool may_be(const Mint& m, const Bearer& bearer, const Mint* self) {
    const EventTime at = bearer.time;
    if (self != nullptr && (&m == self || (m.shared != 0 && m.shared == self->shared))) return false;
    return m.time <= at + seconds{2} && at <= m.time + m.lifetime + seconds{900};
  }

  const Mint* mint_behind(const Bearer& bearer, const Mint* self) const {
    if (bearer.behind == Behind::kItself || bearer.behind == Behind::kIssuer) return nullptr;
    const CredentialIds& ids = bearer.ids;
    const bool is_caller = self != nullptr;  // of whom either is remembered
    const Mint* found = is_caller && ids.sign_in != 0 ? nullptr : by_key(bearer, self, ids.key);
    if (found == nullptr) found = by_key(bearer, self, ids.sign_in);
    if (found == nullptr) found = by_session(bearer, self, &CredentialIds::session_id);
    if (found == nullptr) found = by_session(bearer, self, &CredentialIds::session_arn);
    if (found == nullptr && ids.key == 0 && ids.sign_in == 0 && !ids.created) return by_live_session(bearer, self);
    return found == nullptr ? nullptr : callers_view(found, bearer, self);
  }

  const Mint* callers_view(const Mint* found, const Bearer& bearer, const Mint* self) const {
    if (!found->outside_view || found->shared == 0) return found;
    std::vector<const Mint*> inside;
    for (const Mint& m : mints_) {
      if (!m.outside_view && m.shared == found->shared && may_be(m, bearer, self)) inside.push_back(&m);
    }
    return inside.empty() ? found : *std::min_element(inside.begin(), inside.end(), earlier_event);
  }

  /// Of the call of which `bearer` has the owner's copy.
  const Mint* callers_copy(const Bearer& bearer) const {
    const Mint* found = nullptr;
    for (const Mint& m : mints_) {
      if (bearer.shared == 0 || m.shared != bearer.shared || m.outside_view) continue;
      if (found == nullptr || m.event < found->event) found = &m;
    }
    return found;
  }

  Chain chain_of_caller(const Mint& mint) const {
    const Mint* above = parents_[static_cast<std::size_t>(&mint - mints_.data())];
    return chain(mint.caller, in_circle(&mint) ? nullptr : above);
  }

  static bool earlier_event(const Mint* a, const Mint* b) { return a->event < b->event; }

  const Mint* by_key(const Bearer& bearer, const Mint* self, std::uint64_t key) const {
    std::vector<const Mint*> before, after;
    for (const Mint& m : mints_) {
      if (key == 0 || m.issued.key != key || !may_be(m, bearer, self)) continue;
      (m.time <= bearer.time ? before : after).push_back(&m);
    }
    std::vector<const Mint*>& candidates = before.empty() ? after : before;
    if (candidates.empty()) return nullptr;
    std::sort(candidates.begin(), candidates.end(), [](const Mint* a, const Mint* b) { return a->time < b->time; });
    const EventTime best = before.empty() ? candidates.front()->time : candidates.back()->time;
    std::erase_if(candidates, [&](const Mint* m) { return m->time != best; });
    return preferred(candidates);
  }

  static const Mint* preferred(std::vector<const Mint*> candidates) {
    const auto inside = [](const Mint* m) { return !m->outside_view; };
    if (std::any_of(candidates.begin(), candidates.end(), inside)) {
      std::erase_if(candidates, [&](const Mint* m) { return !inside(m); });
    }
    for (const Mint* m : candidates) {
      if (caller_of(*m) != caller_of(*candidates.front())) return nullptr;
    }
    return *std::min_element(candidates.begin(), candidates.end(), earlier_event);
  }

  const Mint* by_session(const Bearer& bearer, const Mint* self, std::uint64_t CredentialIds::*session) const {
    if (!bearer.ids.created || bearer.ids.*session == 0) return nullptr;
    std::vector<const Mint*> all;
    for (const Mint& m : mints_) {
      if (m.issued.*session == bearer.ids.*session && may_be(m, bearer, self) &&
          distance(m.time, *bearer.ids.created) <= seconds{2}) {
        all.push_back(&m);
      }
    }
    // Keep the first of these kinds that there is.
    for (const auto& wanted : {0, 1, 2, 3, 4, 5, 6, 7}) {
      std::vector<const Mint*> kind;
      for (const Mint* m : all) {
        const int its_kind =
            (m->same_bearer ? 4 : 0) + (m->time != *bearer.ids.created ? 2 : 0) + (m->outside_view ? 1 : 0);
        if (its_kind == wanted) kind.push_back(m);
      }
      if (kind.empty()) continue;
      for (const Mint* m : kind) {
        const ChainActor &a = m->caller.actor, &b = kind.front()->caller.actor;
        if (a.label != b.label || a.account != b.account) return nullptr;
        if (!m->same_bearer && caller_of(*m) != caller_of(*kind.front())) return nullptr;
      }
      return *std::min_element(kind.begin(), kind.end(), [&](const Mint* a, const Mint* b) {
        const auto order = [&](const Mint* m) {
          return std::tuple(distance(m->time, *bearer.ids.created), m->time, m->event);
        };
        return order(a) < order(b);
      });
    }
    return nullptr;
  }

  /// Who is the same from one mint to the next: somebody by name, a session by its beginning, else a key.
  static std::string caller_of(const Mint& mint) {
    const Bearer& caller = mint.caller;
    std::string out = caller.actor.label + "@" + caller.actor.account;
    if (caller.behind == Behind::kItself || caller.behind == Behind::kIssuer) return out;
    out += " in " + std::to_string(caller.ids.session_arn != 0 ? caller.ids.session_arn : caller.ids.session_id);
    return out + (caller.ids.created
                      ? " since " + format_time(*caller.ids.created)
                      : " with " + std::to_string(caller.ids.sign_in != 0 ? caller.ids.sign_in : caller.ids.key));
  }

  /// Nothing but the session's name is known: all of that name that live must be one caller's.
  const Mint* by_live_session(const Bearer& bearer, const Mint* self) const {
    std::vector<const Mint*> all;
    for (const Mint& m : mints_) {
      const auto kind = bearer.ids.session_arn != 0 ? &CredentialIds::session_arn : &CredentialIds::session_id;
      if (bearer.ids.*kind == 0 || m.issued.*kind != bearer.ids.*kind) continue;
      if (may_be(m, bearer, self)) all.push_back(callers_view(&m, bearer, self));
    }
    const auto starts = [](const Mint* m) { return !m->same_bearer; };
    if (std::any_of(all.begin(), all.end(), starts)) std::erase_if(all, [&](const Mint* m) { return !starts(m); });
    std::set<std::string> callers;
    for (const Mint* m : all) callers.insert(caller_of(*m));
    if (callers.size() != 1) return nullptr;
    std::sort(all.begin(), all.end(), earlier_event);
    return *std::max_element(all.begin(), all.end(), [](const Mint* a, const Mint* b) { return a->time < b->time; });
  }

  bool in_circle(const Mint* mint) const {
    const Mint* at = mint;
    for (std::size_t steps = 0; steps <= mints_.size(); ++steps) {
      at = parents_[static_cast<std::size_t>(at - mints_.data())];
      if (at == nullptr) return false;
      if (at == mint) return true;
    }
    return false;
  }

  Chain chain(const Bearer& bearer, const Mint* mint) const {
    Chain out;
    if (mint != nullptr) {
      out = chain_of_caller(*mint);
      if (mint->same_bearer) return out;
      if (out.resolution == Resolution::kUnresolved && bearer.behind == Behind::kNamed) {
        out.steps.insert(out.steps.begin(), bearer.other);
        out.origin = bearer.other;
        out.resolution = Resolution::kInferred;
      }
      out.steps.emplace_back(bearer.actor);
      return out;
    }
    switch (bearer.behind) {
      case Behind::kItself:
        return {{bearer.actor}, bearer.actor, Resolution::kExact};
      case Behind::kIssuer:
        return {{bearer.other, bearer.actor}, bearer.other, Resolution::kExact};
      case Behind::kNamed:
        return {{bearer.other, std::nullopt, bearer.actor}, bearer.other, Resolution::kInferred};
      case Behind::kImplied:
        return {{bearer.other, bearer.actor}, bearer.other, Resolution::kInferred};
      case Behind::kNobody:
        return {{std::nullopt, bearer.actor}, bearer.actor, Resolution::kUnresolved};
    }
    return {};
  }

  static std::string text(const Chain& chain) {
    std::string path, account;
    int actors = 0;
    for (const auto& step : chain.steps) {
      if (!path.empty()) path += " → ";
      path += step ? step->label : "…";
      if (!step) continue;
      if (!step->account.empty() && step->account != account) path += "@" + step->account;
      account = step->account;
      ++actors;
    }
    return path + " (" + std::string(name_of(chain.resolution)) + ", " + chain.origin.principal + ", " +
           std::to_string(actors - 1) + ")";
  }

  std::vector<Mint> mints_;
  std::vector<const Mint*> parents_;
};

}  // namespace

std::vector<std::string> expected_origins(std::vector<Mint> mints, const std::vector<Bearer>& calls) {
  const Oracle oracle(std::move(mints));
  std::vector<std::string> expected;
  for (const Bearer& call : calls) expected.push_back(oracle.answer(call));
  return expected;
}

}  // namespace tripline::tests
