#include "app/serve/stored_signals.h"

#include <utility>

#include "alerts/signal_json.h"

namespace tripline::app {

using engine::Result;
using engine::store::Reader;
using engine::store::SignalRow;
using engine::store::Which;

namespace {

Which which_of(const SignalQuery& query) {
  // What was closed by hand may be open still.
  return query.state == SignalQuery::State::kOpen ? Which::kOpen : Which::kAll;
}

Result<std::vector<Note>> notes_of(const engine::Digest& id, const Reader& reader) {
  std::vector<Note> notes;
  const auto read = reader.each_note(id, [&](const engine::store::NoteRow& row) -> Result<void> {
    notes.push_back({static_cast<Note::Kind>(row.kind), row.at, std::string(row.author), std::string(row.text)});
    return {};
  });
  if (!read) return read.error();
  return notes;
}

std::string json_of(const engine::Signal& signal, const engine::Accounts* accounts) {
  return alerts::signal_json(signal, {.accounts = accounts});
}

}  // namespace

Result<Reader*> StoredSignals::reader() {
  if (!reader_) {
    auto opened = Reader::open(path_);
    if (!opened) return opened.error();
    reader_.emplace(std::move(*opened));
  }
  return &*reader_;
}

template <class T>
Result<T> StoredSignals::done(Result<T> outcome) {
  if (!outcome) reader_.reset();
  return outcome;
}

Result<StoredSignals::Found> StoredSignals::found(const SignalRow& row, const Reader& from) const {
  engine::store::RemovedRules rules;
  auto signal = engine::store::stored_signal(row, rules);
  if (!signal) return signal.error();
  auto notes = notes_of(row.id, from);
  if (!notes) return notes.error();
  return Found{std::move(*signal), std::move(*notes), {}};
}

Result<StoredSignals::Page> StoredSignals::find(const SignalQuery& query, const engine::Accounts* accounts) {
  const auto from = reader();
  if (!from) return from.error();
  auto before = query.before;
  const engine::store::SignalPlace until{query.until.value_or(engine::EventTime::max()), {}};
  if (query.until && (!before || until.first < before->first)) before = until;
  Page page;
  std::size_t read = 0;
  bool more = false;
  const auto visited = (*from)->each_signal_before(which_of(query), before, [&](const SignalRow& row) -> Result<bool> {
    if (query.since && row.first < *query.since) return false;  // all that follow are older
    more = page.signals.size() >= query.limit || read >= most_read_;
    if (more) return false;
    ++read;
    page.next = {row.first, row.id};
    if (query.rule && row.rule_id != *query.rule) return true;
    auto one = found(row, **from);
    if (!one) return one.error();
    if (!asks_for(query, one->signal, one->notes, [&] { return json_of(one->signal, accounts); })) return true;
    one->json = json_of(one->signal, accounts);
    page.signals.push_back(std::move(*one));
    return true;
  });
  if (!visited) return done<Page>(visited.error());
  if (!more) page.next.reset();
  return page;
}

Result<std::optional<StoredSignals::Found>> StoredSignals::find(const engine::Digest& id,
                                                                const engine::Accounts* accounts) {
  const auto from = reader();
  if (!from) return from.error();
  std::optional<Found> result;
  const auto there = (*from)->find_signal(id, [&](const SignalRow& row) -> Result<void> {
    auto one = found(row, **from);
    if (!one) return one.error();
    one->json = json_of(one->signal, accounts);
    result = std::move(*one);
    return {};
  });
  if (!there) return done<std::optional<Found>>(there.error());
  return result;
}

Result<engine::store::Sizes> StoredSignals::sizes() {
  const auto from = reader();
  if (!from) return from.error();
  return done((*from)->sizes());
}

Result<engine::store::Counts> StoredSignals::counts() {
  const auto from = reader();
  if (!from) return from.error();
  return done((*from)->counts());
}

}  // namespace tripline::app
