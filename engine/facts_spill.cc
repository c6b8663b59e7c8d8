#include "engine/facts_spill.h"

#include <string>

#include "engine/packing.h"

namespace tripline::engine {

Result<void> FactsSpill::add(const FactsCodec& codec, const std::vector<std::shared_ptr<const EventFacts>>& facts) {
  Packer out;
  std::vector<std::uint64_t> begins;
  for (const auto& one : facts) {
    begins.push_back(out.size());
    codec.pack(*one, out);
  }
  begins.push_back(out.size());
  const auto offset = file_.append(out.take());
  if (!offset) return offset.error();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    places_[facts[i]->id] = {*offset + begins[i], static_cast<std::uint32_t>(begins[i + 1] - begins[i])};
  }
  return {};
}

Result<std::shared_ptr<const EventFacts>> FactsSpill::find(const FactsCodec& codec, std::uint64_t event) const {
  const auto place = places_.find(event);
  if (place == places_.end()) return std::shared_ptr<const EventFacts>();
  std::string bytes(place->second.size, '\0');
  if (const auto read = file_.read(place->second.offset, bytes); !read) return read.error();
  Unpacker in(bytes);
  return codec.unpack(in);
}

}  // namespace tripline::engine
