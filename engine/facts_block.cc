#include "engine/facts_block.h"

#include <utility>

namespace tripline::engine {

void FactsBlockWriter::add(const EventFacts& facts) {
  codec_.pack_rest(facts, bodies_);
  heads_.number(facts.time);
  heads_.number(facts.id);
  heads_.number(static_cast<std::uint32_t>(bodies_.size()));
  ++count_;
}

void FactsBlockWriter::write(Packer& out) {
  if (count_ == 0) return;
  out.number(std::exchange(count_, 0));
  out.bytes(heads_.view());
  heads_.clear();
  out.number(texts_.size());
  for (std::uint32_t number = 0; number < texts_.size(); ++number) {
    const std::string_view text = texts_.text(number);
    out.short_number(text.size());
    out.bytes(text);
  }
  texts_.clear();
  out.bytes(bodies_.view());
  bodies_.clear();
}

std::optional<FactsBlock> FactsBlock::read(std::string_view bytes) {
  FactsBlock block;
  Unpacker in(bytes);
  if (in.at_end()) return block;
  constexpr std::size_t kHeadBytes = sizeof(EventTime) + sizeof(std::uint64_t) + sizeof(std::uint32_t);
  block.heads_.resize(in.count(kHeadBytes));
  for (Head& head : block.heads_) {
    head.time = in.number<EventTime>();
    head.id = in.number<std::uint64_t>();
    head.end = in.number<std::uint32_t>();
  }
  block.texts_.resize(in.count());
  for (std::string_view& text : block.texts_) text = in.bytes(static_cast<std::size_t>(in.short_number()));
  block.bodies_ = in.rest();
  std::uint32_t end = 0;
  for (const Head& head : block.heads_) {
    if (head.end < end) return std::nullopt;
    end = head.end;
  }
  if (!in.ok() || end != block.bodies_.size()) return std::nullopt;
  return block;
}

std::shared_ptr<const EventFacts> FactsBlock::facts(const FactsCodec& codec, std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : heads_[index - 1].end;
  Unpacker in(bodies_.substr(begin, heads_[index].end - begin), &texts_);
  auto facts = codec.unpack_rest(heads_[index].time, heads_[index].id, in);
  return in.at_end() ? facts : nullptr;
}

}  // namespace tripline::engine
