#include "alerts/outbox.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {

using engine::Digest;
using engine::ErrorCode;
using engine::Result;
using engine::store::Database;
using engine::store::DeliveryRow;
using engine::store::Reader;
using engine::store::TransitionRow;

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kDeliveryVersion = 2;
constexpr std::uint8_t kGoesOnVersion = 1;  // of deliveries that also said what goes on
constexpr std::string_view kRouted = "routed";
constexpr std::size_t kMostRules = 10'000;  // in memory

std::string packed(const Delivery& delivery) {
  engine::Packer out;
  out.number(kDeliveryVersion);
  out.text(delivery.route);
  out.text(delivery.reason);
  out.number(delivery.more);
  out.count(delivery.members.size());
  for (const Member& member : delivery.members) {
    out.number(member.signal);
    out.number(member.revision);
    out.number(member.change);
  }
  return out.take();
}

Result<OutboxEntry> entry_of(const DeliveryRow& row) {
  OutboxEntry entry{.number = row.number, .delivery = {}, .parked_at = row.parked_at, .why = std::string(row.why)};
  Delivery& delivery = entry.delivery;
  delivery.sink = row.sink;
  delivery.thread = row.thread;
  delivery.key = row.key;
  delivery.written_at = row.written_at;
  engine::Unpacker in(row.blob);
  const auto version = in.number<std::uint8_t>();
  delivery.route = in.text();
  delivery.reason = in.text();
  delivery.more = in.number<std::uint64_t>();
  for (auto count = in.count(); count > 0; --count) {
    Member& member = delivery.members.emplace_back();
    member.signal = in.number<Digest>();
    member.revision = in.number<std::uint64_t>();
    member.change = in.number<Change>();
    if (version == kGoesOnVersion) in.number<bool>();
  }
  const bool known = version == kDeliveryVersion || version == kGoesOnVersion;
  if (known && in.at_end() && !delivery.members.empty()) return entry;
  return engine::fail(ErrorCode::kStore, "delivery " + std::to_string(row.number) + " of the outbox is damaged");
}

std::string packed_position(std::uint64_t position) {
  engine::Packer out;
  out.number(kVersion);
  out.number(position);
  return out.take();
}

/// Nothing: it is no transition of these.
std::optional<Change> change_of(const TransitionRow& row) {
  engine::Unpacker in(row.blob);
  in.number<std::uint8_t>();
  using Kind = engine::Transition::Kind;
  switch (static_cast<Kind>(row.kind)) {
    case Kind::kOpened:
      return Change::kOpened;
    case Kind::kUpdated:
      return in.number<bool>() ? Change::kWidened : Change::kUpdated;
    case Kind::kClosed:
    case Kind::kRuleRemoved:
      return Change::kClosed;
  }
  return std::nullopt;
}

}  // namespace

Result<Reader*> Outbox::reader() {
  if (!reader_) {
    auto opened = Reader::open(path_, vfs_);
    if (!opened) return opened.error();
    reader_.emplace(std::move(*opened));
  }
  return &*reader_;
}

template <class T>
Result<T> Outbox::done(Result<T> outcome) {
  if (!outcome) reader_.reset();
  return outcome;
}

// --- routing ---

Result<RoutingState> Outbox::routed() {
  RoutingState routed;
  const auto from = reader();
  if (!from) return from.error();
  const auto mark = (*from)->meta(kRouted);
  if (!mark) return done<RoutingState>(mark.error());
  if (!*mark) {
    const auto begun = writer_([&](Database& database) {
      routed.position = database.last_transition();
      return database.put_mark({kRouted, packed_position(routed.position)});
    });
    if (!begun) return begun.error();
    return routed;
  }
  engine::Unpacker in(**mark);
  const auto version = in.number<std::uint8_t>();
  routed.position = in.number<std::uint64_t>();
  if (version != kVersion || !in.at_end()) {
    return engine::fail(ErrorCode::kStore, "the mark `routed` of the store is damaged");
  }
  const auto read = (*from)->each_routing_row([&](const engine::store::MetaRow& row) -> Result<void> {
    routed.rows.push_back({std::string(row.key), std::string(row.blob)});
    return {};
  });
  if (!read) return done<RoutingState>(read.error());
  return routed;
}

Result<std::vector<SignalChange>> Outbox::changes(std::uint64_t position, std::size_t limit) {
  const auto from = reader();
  if (!from) return from.error();
  std::vector<std::pair<SignalChange, Digest>> found;
  const auto read = (*from)->each_transition(position, limit, [&](const TransitionRow& row) -> Result<void> {
    const auto change = change_of(row);
    if (change) found.push_back({{.number = row.number, .change = *change, .signal = nullptr}, row.signal});
    return {};
  });
  if (!read) return done<std::vector<SignalChange>>(read.error());
  std::unordered_map<Digest, std::shared_ptr<const engine::Signal>, engine::DigestHash> signals;
  std::vector<SignalChange> changes;
  for (auto& [change, id] : found) {
    auto known = signals.find(id);
    if (known == signals.end()) {
      auto one = signal(id);
      if (!one) return one.error();
      known = signals.emplace(id, std::move(*one)).first;
      if (related_ && known->second != nullptr) related_->add(*known->second);
    }
    change.signal = known->second;
    if (change.signal != nullptr && change.change == Change::kClosed) {
      const auto next = (*from)->find_signal(engine::from_hex(next_signal_id(*change.signal)),
                                             [&](const engine::store::SignalRow& row) -> Result<void> {
                                               change.goes_on = row.open;
                                               return {};
                                             });
      if (!next) return done<std::vector<SignalChange>>(next.error());
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<std::vector<std::uint64_t>> Outbox::commit(const RoutingStep& step) {
  std::deque<std::string> blobs;
  engine::store::RoutingRows rows;
  for (const Delivery& delivery : step.deliveries) {
    blobs.push_back(packed(delivery));
    rows.deliveries.push_back({.sink = delivery.sink,
                               .thread = delivery.thread,
                               .key = delivery.key,
                               .signal = delivery.members.front().signal,
                               .written_at = delivery.written_at,
                               .blob = blobs.back()});
  }
  for (const RoutingRow& row : step.rows) {
    rows.routing.push_back({row.key, row.blob ? std::string_view(*row.blob) : std::string_view()});
  }
  const std::string position = packed_position(step.position);
  rows.meta.push_back({kRouted, position});
  std::vector<std::uint64_t> numbers;
  const auto written = writer_([&](Database& database) -> Result<void> {
    auto put = database.outbox().commit(rows);
    if (!put) return put.error();
    numbers = std::move(*put);
    return {};
  });
  if (!written) return written.error();
  return numbers;
}

// --- deliveries ---

Result<void> Outbox::settle(std::span<const Settled> rows) {
  if (rows.empty()) return {};
  return writer_([&](Database& database) { return database.outbox().settle(rows); });
}

Result<void> Outbox::each(const engine::store::DeliveryQuery& query,
                          const std::function<void(const OutboxEntry&)>& visit) {
  const auto from = reader();
  if (!from) return from.error();
  return done((*from)->each_delivery(query, [&](const DeliveryRow& row) -> Result<void> {
    const auto entry = entry_of(row);
    if (!entry) return entry.error();
    visit(*entry);
    return {};
  }));
}

Result<std::optional<OutboxEntry>> Outbox::find(std::uint64_t number) {
  const auto from = reader();
  if (!from) return from.error();
  std::optional<OutboxEntry> found;
  const auto there = (*from)->find_delivery(number, [&](const DeliveryRow& row) -> Result<void> {
    auto entry = entry_of(row);
    if (!entry) return entry.error();
    found = std::move(*entry);
    return {};
  });
  if (!there) return done<std::optional<OutboxEntry>>(there.error());
  return found;
}

Result<std::vector<engine::store::OutboxCount>> Outbox::counts() {
  const auto from = reader();
  if (!from) return from.error();
  return done((*from)->outbox_counts());
}

// --- signals ---

Result<std::shared_ptr<const engine::Signal>> Outbox::signal_of(const engine::store::SignalRow& row) {
  if (rules_.size() > kMostRules) rules_.clear();
  auto read = engine::store::stored_signal(row, rules_);
  if (!read) return read.error();
  return std::make_shared<const engine::Signal>(std::move(*read));
}

Result<std::shared_ptr<const engine::Signal>> Outbox::signal(const Digest& id) {
  const auto from = reader();
  if (!from) return from.error();
  std::shared_ptr<const engine::Signal> found;
  const auto there = (*from)->find_signal(id, [&](const engine::store::SignalRow& row) -> Result<void> {
    auto signal = signal_of(row);
    if (!signal) return signal.error();
    found = std::move(*signal);
    return {};
  });
  if (!there) return done<std::shared_ptr<const engine::Signal>>(there.error());
  return found;
}

Result<void> Outbox::each_open_signal(const std::function<void(std::shared_ptr<const engine::Signal>)>& visit) {
  const auto from = reader();
  if (!from) return from.error();
  const auto read = (*from)->each_signal(engine::store::Which::kOpen, [&](const auto& row) -> Result<void> {
    auto signal = signal_of(row);
    if (!signal) return signal.error();
    visit(std::move(*signal));
    return {};
  });
  return done(read);
}

/// Those of before; changes() adds what comes.
Result<void> Outbox::read_related() {
  const auto from = reader();
  if (!from) return from.error();
  RelatedSignals related(kMostRelated);
  const auto read = (*from)->each_signal_before(engine::store::Which::kAll, std::nullopt,
                                                [&](const engine::store::SignalRow& row) -> Result<bool> {
                                                  const auto signal = signal_of(row);
                                                  if (!signal) return signal.error();
                                                  return related.add_older(**signal);
                                                });
  if (!read) return done(read);
  related_ = std::move(related);
  return {};
}

Result<std::optional<Message>> Outbox::message(const Delivery& delivery) {
  if (!related_) {
    if (const auto read = read_related(); !read) return read.error();
  }
  Message message;
  message.key = delivery.key;
  message.more = delivery.more;
  message.reason = delivery.reason;
  for (const Member& member : delivery.members) {
    auto signal = this->signal(member.signal);
    if (!signal) return signal.error();
    if (*signal == nullptr) {
      ++message.more;
      continue;
    }
    Told& told = message.told.emplace_back();
    told.related = related_->to(**signal);
    told.signal = std::move(*signal);
    told.change = member.change;
    told.revision = member.revision;
  }
  if (message.told.empty()) return std::optional<Message>();
  return std::optional<Message>(std::move(message));
}

}  // namespace tripline::alerts
