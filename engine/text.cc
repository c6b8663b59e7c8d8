#include "engine/text.h"

#include <algorithm>

namespace tripline::engine {

std::string fold(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = fold(c);
  return folded;
}

bool equals_folded(std::string_view text, std::string_view folded) {
  return text.size() == folded.size() && starts_with_folded(text, folded);
}

bool starts_with_folded(std::string_view text, std::string_view folded) {
  if (text.size() < folded.size()) return false;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (fold(text[i]) != folded[i]) return false;
  }
  return true;
}

bool ends_with_folded(std::string_view text, std::string_view folded) {
  return text.size() >= folded.size() && starts_with_folded(text.substr(text.size() - folded.size()), folded);
}

bool contains_folded(std::string_view text, std::string_view folded) {
  return std::search(text.begin(), text.end(), folded.begin(), folded.end(),
                     [](char a, char b) { return fold(a) == b; }) != text.end();
}

std::uint64_t hash_folded(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(fold(c))) * 0x100000001b3;
  return hash;
}

}  // namespace tripline::engine
