#include "engine/facts_archive.h"

#include <utility>

#include "engine/journal_row.h"

namespace tripline::engine {

namespace {

constexpr char kPlainFacts = 1;  // a row of state, of a store of before

Error damaged_journal() { return fail(ErrorCode::kStore, "a row of its journal is damaged"); }

}  // namespace

FactsArchive::FactsArchive(Store& store, std::vector<Digest> shapes, std::size_t in_memory)
    : store_(store), in_memory_(in_memory), codec_(std::move(shapes)), journaled_(codec_), blocks_(in_memory) {}

std::shared_ptr<const EventFacts> FactsArchive::find(const EventRef& event) {
  const auto found = store_.durable() ? stored(event) : spill_.find(codec_, event.id);
  if (found) return *found;
  failure_ = found.error();
  return nullptr;
}

Result<void> FactsArchive::take_from(Correlator& correlator) {
  if (!store_.durable() && correlator.facts_in_memory() < in_memory_) return {};
  const auto facts = correlator.take_facts();
  if (store_.durable()) return {};
  if (const auto spilt = spill_.add(codec_, facts); !spilt) return fail(ErrorCode::kStore, spilt.error().message);
  return {};
}

// --- the journal ---

void FactsArchive::journal(const EventFacts& facts) {
  if (!store_.durable()) return;
  journaled_.add(facts);
  journaled_of_.push_back({facts.time, facts.id});
}

std::string FactsArchive::take_block() {
  Packer block;
  journaled_.write(block);
  return block.take();
}

void FactsArchive::note(const EventRef& event, std::uint64_t number, const Correlator* correlator) {
  if (correlator != nullptr) index_.add(event.time, event.id, number, correlator->facts_wanted_until(event.time));
}

void FactsArchive::committed(std::uint64_t number, std::string block, const Correlator* correlator) {
  blocks_.add(number, journaled_of_.size(), std::move(block));
  for (const EventRef& event : journaled_of_) note(event, number, correlator);
  journaled_of_.clear();
}

bool FactsArchive::replay(std::uint64_t number, std::string_view block, const Correlator* correlator,
                          const Take& take) {
  const auto read = FactsBlock::read(block);
  if (!read) return false;
  for (std::size_t i = 0; i < read->size(); ++i) {
    auto facts = read->facts(codec_, i);
    if (!facts) return false;
    note({facts->time, facts->id}, number, correlator);
    take(std::move(facts));
  }
  blocks_.add(number, read->size(), std::string(block));
  return true;
}

bool FactsArchive::replay_plain(std::uint64_t number, Unpacker& in, const Correlator* correlator, const Take& take) {
  while (in.ok() && !in.at_end()) {
    auto facts = codec_.unpack(in);
    if (!in.ok()) break;
    note({facts->time, facts->id}, number, correlator);
    take(std::move(facts));
  }
  return in.ok();
}

FactsArchive::Found FactsArchive::stored(const EventRef& event) {
  if (const auto number = index_.find(event.id)) return journaled(*number, event.id);
  std::optional<std::uint64_t> number;
  std::shared_ptr<const EventFacts> facts;
  const std::string plain = store::facts_key(event.time, event.id);  // in a store of before
  const auto from = store::facts_key(std::chrono::floor<std::chrono::seconds>(event.time), 0);
  const auto read = store_.each_state_between(
      store::Space::kFacts, from, store::facts_key(event.time + std::chrono::milliseconds{1}, 0),
      [&](const store::StateRow& row) -> Result<void> {
        if (const auto found = FactsIndex::find_in(row.key, *row.value, event.id)) number = found;  // the last one
        if (number || row.key != plain || row.value->front() != kPlainFacts) return {};
        Unpacker in(std::string_view(*row.value).substr(1));
        facts = codec_.unpack(in);
        return in.at_end() ? Result<void>() : fail(ErrorCode::kStore, "a row of its state is damaged");
      });
  if (!read) return read.error();
  if (number) return journaled(*number, event.id);
  return facts;
}

FactsArchive::Found FactsArchive::journaled(std::uint64_t number, std::uint64_t event) {
  if (const FactsBlock* block = blocks_.find(number)) return in_block(*block, event);
  const auto journal = store_.find_journal(number);
  if (!journal) return journal.error();
  if (!*journal) return nullptr;
  Unpacker in(**journal);
  const auto form = in.number<JournalForm>();
  in.number<EventTime>();  // the watermark
  if (form == JournalForm::kPlain) {
    while (in.ok() && !in.at_end()) {
      if (auto facts = codec_.unpack(in); facts->id == event && in.ok()) return facts;
    }
    return in.ok() ? Found(nullptr) : damaged_journal();
  }
  const std::string_view facts = in.text();
  if (form != JournalForm::kBlock || !in.ok()) return damaged_journal();
  const FactsBlock* block = blocks_.keep(number, std::string(facts));
  return block == nullptr ? damaged_journal() : in_block(*block, event);
}

/// The last ones, as an event may have been written twice in a commit.
FactsArchive::Found FactsArchive::in_block(const FactsBlock& block, std::uint64_t event) const {
  for (std::size_t i = block.size(); i > 0; --i) {
    if (block.id(i - 1) != event) continue;
    auto facts = block.facts(codec_, i - 1);
    return facts ? Found(std::move(facts)) : damaged_journal();
  }
  return nullptr;
}

}  // namespace tripline::engine
