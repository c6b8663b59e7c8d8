#include "tests/support/origin_runs.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "engine/envelope.h"
#include "engine/feed.h"
#include "engine/lineage.h"
#include "engine/memory_store.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/events.h"
#include "tests/support/patterns.h"

namespace tripline::tests {

using namespace engine;

namespace {

class Rules {
 public:
  Expression test(std::string_view field, std::string_view value) {
    return Expression::of(rules->predicates.intern({rules->fields.intern(field), any_of({value})}));
  }
  std::uint32_t add(const std::string& id, Expression condition, bool opens) {
    Detection detection;
    detection.rule.id = id;
    detection.condition = std::move(condition);
    detection.opens_signals = opens;
    rules->detections.push_back(std::move(detection));
    return static_cast<std::uint32_t>(rules->detections.size() - 1);
  }
  Correlation& correlate(const std::string& id, CorrelationType type, std::string_view group) {
    Correlation& c = rules->correlations.emplace_back();
    c.rule.id = id;
    c.type = type;
    c.timespan = std::chrono::minutes{10};
    if (!group.empty()) c.group_by = {std::string(group)};
    return c;
  }
  CorrelationInput input(bool is_correlation, std::uint32_t index, std::string_view group) {
    CorrelationInput input{.is_correlation = is_correlation, .index = index};
    if (!group.empty()) input.group = {rules->fields.intern(group)};
    return input;
  }

  std::shared_ptr<RuleSet> rules = std::make_shared<RuleSet>();
};

Record padded(const std::string& json, std::string& text) {
  text = json + std::string(kRecordPadding, ' ');
  return Record{.json = std::string_view(text).substr(0, json.size())};
}

PlainSignals signals_in(const Store& store) {
  PlainSignals signals;
  const auto read = store.each_signal([&](const Signal& s) {
    const auto ms = [](EventTime time) { return time.time_since_epoch().count(); };
    signals.insert({s.rule().id, s.group, ms(s.period_start), ms(s.first), ms(s.last), s.triggers, s.peak});
  });
  EXPECT_TRUE(read);
  return signals;
}

}  // namespace

std::shared_ptr<const RuleSet> rules_of_origin() {
  Rules r;
  const std::string origin = "origin.principal";
  const auto describes = [&] { return r.test("eventName", "DescribeRegions"); };
  const std::uint32_t any = r.add("any", describes(), true);
  const std::uint32_t alice = r.add("alice", Expression::all({describes(), r.test("origin.name", "alice")}), true);
  r.add("others", Expression::all({describes(), Expression::negate(r.test("origin.name", "alice"))}), true);
  const std::uint32_t people = r.add("people", r.test("eventName", "RunInstances"), true);
  r.rules->detections[people].group = {r.rules->fields.intern(origin)};
  const std::uint32_t counted = r.add("counted", describes(), false);

  Correlation& many = r.correlate("many", CorrelationType::kEventCount, origin);
  many.bounds = {{Bound::Op::kGte, 2}};
  many.inputs = {r.input(false, counted, origin)};
  Correlation& few = r.correlate("few", CorrelationType::kEventCount, origin);
  few.bounds = {{Bound::Op::kLte, 1}, {Bound::Op::kGte, 1}};
  few.inputs = {r.input(false, counted, origin)};
  Correlation& both = r.correlate("both", CorrelationType::kTemporal, "awsRegion");
  both.inputs = {r.input(false, any, "awsRegion"), r.input(false, alice, "awsRegion")};
  Correlation& either = r.correlate("either", CorrelationType::kEventCount, "");
  either.bounds = {{Bound::Op::kGte, 1}};
  either.inputs = {r.input(true, 0, ""), r.input(true, 2, "")};
  link(*r.rules);
  return r.rules;
}

OriginRun::OriginRun(std::shared_ptr<const RuleSet> rules, bool durable, StateOptions options)
    : rules_(std::move(rules)),
      options_(std::move(options)),
      matcher_(rules_, Origins::kLater),
      processor_(rules_, matcher_, {.filter = filter_of(*rules_, Origins::kLater), .knowledge = {}}) {
  options_.origins = true;
  if (durable) folder_.emplace();
  start();
}

void OriginRun::start() {
  state_.reset();
  if (!folder_) {
    store_ = std::make_unique<MemoryStore>();
  } else {
    store_.reset();
    store::SqliteStore::Settings settings;
    settings.database.synchronous = store::Synchronous::kOff;  // no power is cut
    settings.now = [] { return *parse_time("2026-01-15T12:00:00Z"); };
    settings.step.rows = 3;
    auto opened = store::SqliteStore::open((folder_->path() / "store").string(), rules_, std::move(settings));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  state_.emplace(*store_, rules_, options_);
  const auto loaded = state_->load();
  ASSERT_TRUE(loaded) << loaded.error().message;
}

void OriginRun::restart() { start(); }

void OriginRun::tend(int steps) {
  for (; steps > 0; --steps) {
    const auto more = state_->tend(true);
    ASSERT_TRUE(more) << more.error().message;
    if (!*more) return;
  }
}

Batch OriginRun::batch_of(const std::string& record, std::optional<EventTime> delivered) {
  Envelope envelope;
  envelope.sequence = ++deliveries_;
  envelope.delivered = delivered;
  std::string text;
  Record padded_record = padded(record, text);
  padded_record.envelope = &envelope;
  Batch batch;
  const auto processed = processor_.process(padded_record, batch);
  EXPECT_TRUE(processed) << record;
  return batch;
}

void OriginRun::deliver(const std::vector<std::string>& records, EventTime watermark,
                        std::optional<EventTime> delivered) {
  Batch batch;
  for (const auto& record : records) batch.append(batch_of(record, delivered));
  const auto applied = state_->apply(std::move(batch), watermark);
  ASSERT_TRUE(applied) << applied.error().message;
}

PlainSignals OriginRun::signals() const { return signals_in(*store_); }

std::vector<std::string> OriginRun::signals_of(const std::string& rule) const {
  std::vector<std::string> lines;
  const auto time = [](EventTime t) { return format_time(t).substr(11, 8); };
  const auto read = store_->each_signal([&](const Signal& s) {
    if (s.rule().id != rule) return;
    lines.push_back(time(s.first) + ' ' + time(s.last) + ' ' + std::to_string(s.triggers));
  });
  EXPECT_TRUE(read);
  return lines;
}

PlainSignals expected_origin_signals(const std::shared_ptr<const RuleSet>& rules, std::vector<std::string> records) {
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  const auto time_of = [&](const std::string& record) {
    return *parse_time(OwnedEvent(rules->fields, record)->find_text("eventTime"));
  };
  std::stable_sort(records.begin(), records.end(),
                   [&](const auto& a, const auto& b) { return time_of(a) < time_of(b); });
  Lineage lineage;
  for (const auto& record : records) {
    OwnedEvent event(rules->fields, record);
    const auto mint = mint_of(*event);
    if (mint) lineage.add(*mint);
    const auto call = mint ? std::nullopt : shared_call_of(*event);
    if (call) lineage.add(*call);
  }
  lineage.settle(EventTime::max());
  Processor processor(rules, Matcher(rules), {.filter = {}, .knowledge = {.accounts = nullptr, .lineage = &lineage}});
  Batch all;
  for (const auto& record : records) {
    std::string text;
    Record one = padded(record, text);
    one.index = static_cast<std::uint32_t>(all.size());
    Batch batch;
    EXPECT_TRUE(processor.process(one, batch));
    all.append(std::move(batch));
  }
  MemoryStore store;
  State state(store, rules);
  EXPECT_TRUE(state.apply(std::move(all), EventTime::max()));
  return signals_in(store);
}

}  // namespace tripline::tests
