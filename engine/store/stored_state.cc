#include "engine/store/stored_state.h"

#include "engine/event_key.h"
#include "engine/packing.h"

namespace tripline::engine::store {

namespace {

/// Commit::journal, of a row of the journal.
std::string_view without_keys(std::string_view row) {
  Unpacker in(row);
  in.number<std::uint8_t>();
  in.number<std::int64_t>();  // the hour
  in.bytes(in.count(sizeof(EventKey)) * sizeof(EventKey));
  return in.rest();
}

}  // namespace

Result<void> each_stored_state(const Reader& reader, const VisitState& visit) {
  // Where facts are is looked up when they are wanted, and keys are the store's own.
  for (const Space space : {Space::kWatermark, Space::kRules, Space::kWindows, Space::kSightings, Space::kLearning,
                            Space::kFactsEnd, Space::kMints, Space::kWaiting, Space::kRecords}) {
    const auto number = static_cast<std::int64_t>(space);
    const auto read = reader.each_state_row(number, [&](const StateView& row) {
      return visit({number, std::string(row.key), std::string(row.value)});
    });
    if (!read) return read;
  }
  return {};
}

Result<void> each_stored_state(const Reader& reader, Space space, std::string_view from, std::string_view to,
                               const VisitState& visit) {
  const auto number = static_cast<std::int64_t>(space);
  return reader.each_state_row(number, from, to, [&](const StateView& row) {
    return visit({number, std::string(row.key), std::string(row.value)});
  });
}

Result<void> each_stored_journal(const Reader& reader, const VisitJournal& visit) {
  const auto checkpoint = reader.checkpoint();
  if (!checkpoint) return checkpoint.error();
  return reader.each_journal_row(
      *checkpoint, [&](const JournalRow& row) -> Result<void> { return visit(row.number, without_keys(row.blob)); });
}

Result<std::optional<std::string>> find_stored_journal(const Reader& reader, std::uint64_t number) {
  auto row = reader.find_journal_row(number);
  if (row && *row) (*row)->erase(0, (*row)->size() - without_keys(**row).size());
  return row;
}

Result<std::unique_ptr<StoredState>> StoredState::open(const std::string& path) {
  auto reader = Reader::open(path);
  if (!reader) return reader.error();
  return std::unique_ptr<StoredState>(new StoredState(std::move(*reader)));
}

}  // namespace tripline::engine::store
