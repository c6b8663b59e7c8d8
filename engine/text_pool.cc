#include "engine/text_pool.h"

#include <algorithm>

#define XXH_INLINE_ALL  // most texts are so short that a call costs as much as they do
#include <xxhash.h>

namespace tripline::engine {

std::string_view TextPool::text(std::uint32_t number) const {
  const std::size_t end = number + 1 < begins_.size() ? begins_[number + 1] : bytes_.size();
  return std::string_view(bytes_).substr(begins_[number], end - begins_[number]);
}

std::uint32_t TextPool::number_of(std::string_view text) {
  if (text.empty()) return 0;
  if (begins_.size() * 2 > index_.size()) grow();
  const auto hash = static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
  const std::size_t mask = index_.size() - 1;
  std::size_t place = hash & mask;
  for (; index_[place] != 0; place = (place + 1) & mask) {
    const std::uint32_t known = index_[place];
    if (hashes_[known] == hash && this->text(known) == text) return known;
  }
  const std::uint32_t added = size();
  index_[place] = added;
  begins_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  hashes_.push_back(hash);
  bytes_ += text;
  return added;
}

std::uint32_t TextPool::number_of(std::string_view text, std::size_t place) {
  if (text.empty()) return 0;
  std::uint32_t& last = last_[place];
  if (last >= size() || this->text(last) != text) last = number_of(text);
  return last;
}

void TextPool::clear() {
  // After many texts came few: who clears a large index for each small blob spends more on that than on the blob.
  if (begins_.size() * 16 < index_.size()) index_.clear();
  bytes_.clear();
  begins_.assign(1, 0);
  hashes_.assign(1, 0);
  std::fill(index_.begin(), index_.end(), 0);
}

void TextPool::grow() {
  index_.assign(std::max<std::size_t>(64, index_.size() * 2), 0);
  const std::size_t mask = index_.size() - 1;
  for (std::uint32_t number = 1; number < size(); ++number) {
    std::size_t place = hashes_[number] & mask;
    while (index_[place] != 0) place = (place + 1) & mask;
    index_[place] = number;
  }
}

}  // namespace tripline::engine
