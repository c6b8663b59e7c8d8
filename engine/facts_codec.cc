#include "engine/facts_codec.h"

#include "engine/signal_codec.h"

namespace tripline::engine {

FactsCodec::FactsCodec(std::vector<Digest> shapes) : shapes_(std::move(shapes)) {
  for (std::uint32_t i = 0; i < shapes_.size(); ++i) places_.emplace(shapes_[i], i);
}

const std::uint32_t* FactsCodec::find(const Digest& shape) const {
  const auto found = places_.find(shape);
  return found == places_.end() ? nullptr : &found->second;
}

void FactsCodec::pack(const EventFacts& facts, Packer& out) const {
  out.number(facts.time);
  out.number(facts.id);
  out.number(facts.evidence != nullptr);
  if (facts.evidence) pack_evidence(*facts.evidence, out);
  out.number(static_cast<std::uint32_t>(facts.feeds.size()));
  for (const Feed& feed : facts.feeds) {
    out.number(shapes_[feed.correlation]);
    out.number(feed.input);
    out.number(feed.cut);
    out.number(static_cast<std::uint32_t>(feed.groups.size()));
    for (const auto& group : feed.groups) out.text(group);
    out.number(static_cast<std::uint32_t>(feed.values.size()));
    for (const std::uint64_t value : feed.values) out.number(value);
    out.number(static_cast<std::uint32_t>(feed.texts.size()));
    for (const auto& text : feed.texts) out.text(text);
  }
}

std::shared_ptr<const EventFacts> FactsCodec::unpack(Unpacker& in) const {
  auto facts = std::make_shared<EventFacts>();
  facts->time = in.number<EventTime>();
  facts->id = in.number<std::uint64_t>();
  if (in.number<bool>()) facts->evidence = std::make_shared<Evidence>(unpack_evidence(in));
  for (auto feeds = in.count(); feeds > 0; --feeds) {
    const std::uint32_t* place = find(in.number<Digest>());
    Feed feed;
    feed.correlation = place == nullptr ? 0 : *place;
    feed.input = in.number<std::uint16_t>();
    feed.cut = in.number<bool>();
    for (auto count = in.count(); count > 0; --count) feed.groups.emplace_back(in.text());
    for (auto count = in.count(sizeof(std::uint64_t)); count > 0; --count) {
      feed.values.push_back(in.number<std::uint64_t>());
    }
    for (auto count = in.count(); count > 0; --count) feed.texts.emplace_back(in.text());
    if (place != nullptr) facts->feeds.push_back(std::move(feed));
  }
  return facts;
}

}  // namespace tripline::engine
