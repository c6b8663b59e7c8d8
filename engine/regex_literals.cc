#include "engine/regex_literals.h"

#include <algorithm>
#include <numeric>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

namespace tripline::engine {
namespace {

/// Whether a text that holds no atom but those `present` is surely not matched.
bool excluded(const re2::FilteredRE2& filter, const std::vector<int>& present) {
  std::vector<int> potential;
  filter.AllPotentials(present, &potential);
  return potential.empty();
}

/// Whether the expression may match a character outside ASCII where its atoms, which RE2 lowers as Unicode does, show
/// the ASCII letter of the same case-folding class. Says yes when in doubt.
bool folds_beyond_ascii(const re2::RE2& regex) {
  const std::string& pattern = regex.pattern();
  if (!regex.options().case_sensitive()) return true;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = std::string_view(pattern).substr(i);
    if (static_cast<unsigned char>(pattern[i]) >= 0x80) return true;
    if (rest.starts_with("\\x") || rest.starts_with("\\p") || rest.starts_with("\\P")) return true;
    if (rest.starts_with("(?") && rest.substr(0, rest.find_first_of(":)")).find('i') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// The letters k and s have a partner outside ASCII (the Kelvin sign and the long s), so neither they nor what is not
/// ASCII itself can be counted on when `folded_beyond_ascii`; the longest piece without them can.
std::string_view surest_piece(std::string_view atom, bool folded_beyond_ascii) {
  if (!folded_beyond_ascii) return atom;
  std::string_view longest;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= atom.size(); ++i) {
    const bool sure = i < atom.size() && atom[i] != 'k' && atom[i] != 's' && static_cast<unsigned char>(atom[i]) < 0x80;
    if (sure) continue;
    if (i - begin > longest.size()) longest = atom.substr(begin, i - begin);
    begin = i + 1;
  }
  return longest;
}

}  // namespace

std::optional<std::vector<std::string>> needed_literals(const re2::RE2& regex, std::size_t shortest) {
  re2::FilteredRE2 filter(static_cast<int>(shortest));
  re2::RE2::Options options;
  options.Copy(regex.options());
  options.set_log_errors(false);
  int id = 0;
  if (filter.Add(regex.pattern(), options, &id) != re2::RE2::NoError) return std::nullopt;
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  if (!excluded(filter, {})) return std::nullopt;

  const bool folded_beyond_ascii = folds_beyond_ascii(regex);
  // All atoms together are enough. Go without each that the others do without, the shortest first.
  std::vector<int> order(atoms.size());
  std::iota(order.begin(), order.end(), 0);
  const auto length = [&atoms](int atom) { return atoms[static_cast<std::size_t>(atom)].size(); };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return length(a) < length(b); });
  std::vector<int> dropped;
  std::vector<std::string> needed;
  for (const int atom : order) {
    dropped.push_back(atom);
    if (excluded(filter, dropped)) continue;
    dropped.pop_back();
    const std::string_view piece = surest_piece(atoms[static_cast<std::size_t>(atom)], folded_beyond_ascii);
    if (piece.size() < shortest) return std::nullopt;
    needed.emplace_back(piece);
  }
  std::sort(needed.begin(), needed.end());
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  return needed;
}

}  // namespace tripline::engine
