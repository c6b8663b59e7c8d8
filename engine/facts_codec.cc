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
  pack_rest(facts, out);
}

void FactsCodec::pack_rest(const EventFacts& facts, Packer& out) const {
  out.number(facts.evidence != nullptr);
  if (facts.evidence) pack_evidence(*facts.evidence, out);
  out.count(facts.feeds.size());
  for (const Feed& feed : facts.feeds) {
    out.repeated(shapes_[feed.correlation]);
    out.number(feed.input);
    out.number(feed.cut);
    out.count(feed.groups.size());
    for (const auto& group : feed.groups) out.text(group);
    out.count(feed.values.size());
    for (const std::uint64_t value : feed.values) out.number(value);
    out.count(feed.texts.size());
    for (const auto& text : feed.texts) out.text(text);
  }
}

std::shared_ptr<const EventFacts> FactsCodec::unpack(Unpacker& in) const {
  const auto time = in.number<EventTime>();
  return unpack_rest(time, in.number<std::uint64_t>(), in);
}

std::shared_ptr<const EventFacts> FactsCodec::unpack_rest(EventTime time, std::uint64_t id, Unpacker& in) const {
  auto facts = std::make_shared<EventFacts>();
  facts->time = time;
  facts->id = id;
  if (in.number<bool>()) facts->evidence = std::make_shared<Evidence>(unpack_evidence(in));
  for (auto feeds = in.count(); feeds > 0; --feeds) {
    const std::uint32_t* place = find(in.repeated<Digest>());
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
