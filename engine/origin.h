#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::engine {

/// How sure an Origin is.
enum class Resolution : std::uint8_t {
  kExact,       // from the events that minted the credentials, or from who needs none
  kInferred,    // from a name that AWS carries along, or from a session that only one kind of somebody can have
  kUnresolved,  // not known: the origin is the oldest actor of the chain that is
};
inline constexpr std::string_view kResolutionNames[] = {"exact", "inferred", "unresolved"};
constexpr std::string_view name_of(Resolution resolution) {
  return kResolutionNames[static_cast<std::size_t>(resolution)];
}

/// Who started the chain of credentials that a call was made with; the fields `origin.*` and `chain.*`.
struct Origin {
  std::string principal;
  std::string name;
  std::string account;
  std::string kind;
  Resolution resolution = Resolution::kUnresolved;
  std::uint32_t depth = 0;  // how many steps lie between the origin and the actor, as far as they are known
  /// `alice@222222222222 → role/Deploy → role/Admin@111111111111`: an account is named where it changes, and `…` stands
  /// for steps that are not known.
  std::string path;
  std::string path_account;  // the account that `path` ends in

  bool operator==(const Origin&) const = default;
};

}  // namespace tripline::engine
