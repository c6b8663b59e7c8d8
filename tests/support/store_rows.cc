#include "tests/support/store_rows.h"

#include "engine/digest.h"

namespace tripline::tests {

using namespace engine;
using namespace engine::store;

namespace {

template <class Row, class Add>
Visit<Row> each(const Add& add) {
  return [add](const Row& row) -> Result<void> {
    add(row);
    return {};
  };
}

}  // namespace

std::string store_in(const TemporaryFolder& folder) { return (folder.path() / "store.db").string(); }

std::string blob(std::string_view text) { return "\1" + std::string(text); }

SignalRow signal_row(std::uint64_t id, bool open, std::int64_t changed_at, std::string_view blob, std::int64_t first) {
  SignalRow row;
  row.id = {id, id};
  row.rule_id = "some-rule";
  row.open = open;
  row.closes_at = EventTime{std::chrono::milliseconds{changed_at + 1000}};
  row.changed_at = EventTime{std::chrono::milliseconds{changed_at}};
  row.first = EventTime{std::chrono::milliseconds{first}};
  row.blob = blob;
  return row;
}

std::string shown(const SignalRow& row) {
  return to_hex(Digest{row.id.high, row.id.low}) + " " + std::string(row.rule_id) + (row.open ? " open " : " closed ") +
         format_time(row.closes_at) + " " + format_time(row.changed_at) + " " + format_time(row.first) + " " +
         std::string(row.blob);
}

std::string shown(const TransitionRow& row) {
  return std::to_string(row.number) + " " + to_hex(Digest{row.signal.high, row.signal.low}) + " " +
         std::to_string(row.kind) + " " + std::string(row.blob);
}

StoreContents contents_of(const Reader& reader) {
  StoreContents contents;
  for (const std::int64_t space : {0, 1}) {
    reader
        .each_state_row(space, each<StateView>([&](const StateView& row) {
                          contents.state[{space, std::string(row.key)}] = row.value;
                        }))
        .value();
  }
  const std::uint64_t checkpoint = reader.checkpoint().value();
  reader
      .each_journal_row(checkpoint, each<JournalRow>([&](const JournalRow& row) {
                          contents.journal.emplace_back(row.number, row.blob);
                        }))
      .value();
  reader
      .each_signal(Which::kAll, each<SignalRow>([&](const SignalRow& row) { contents.signals.push_back(shown(row)); }))
      .value();
  reader
      .each_transition(0, 1'000'000, each<TransitionRow>([&](const TransitionRow& row) {
                         contents.transitions.push_back(shown(row));
                       }))
      .value();
  reader.each_meta(each<MetaRow>([&](const MetaRow& row) { contents.meta[std::string(row.key)] = row.blob; })).value();
  return contents;
}

int finish_checkpoint(Database& database, const StepLimit& limit) {
  int steps = 1;
  while (database.continue_checkpoint(limit).value()) ++steps;
  return steps;
}

}  // namespace tripline::tests
