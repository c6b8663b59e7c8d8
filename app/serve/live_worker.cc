#include "app/serve/live_worker.h"

#include <algorithm>
#include <string_view>

#include "connectors/json_members.h"
#include "connectors/record_reader.h"
#include "engine/event_time.h"

namespace tripline::app {

namespace {

std::size_t place_of(engine::ErrorCode code) {
  const auto* row = std::find_if(std::begin(engine::kErrorCodes), std::end(engine::kErrorCodes),
                                 [&](const auto& one) { return one.code == code; });
  return static_cast<std::size_t>(row - std::begin(engine::kErrorCodes));
}

void set_aside(const engine::Envelope& envelope, const connectors::SetAside& piece, std::string_view text,
               Worked& worked) {
  ++worked.set_aside[place_of(piece.code)];
  worked.dead_letters.push_back({.source = envelope.source,
                                 .delivery = envelope.path,
                                 .offset = piece.offset,
                                 .bytes = piece.bytes,
                                 .code = std::string(engine::row_of(piece.code).label),
                                 .reason = piece.reason,
                                 .text = std::string(text.substr(0, DeadLetter::kMostText))});
}

/// The piece's own bytes, where the body is at hand as it came.
std::string_view text_of(const engine::Envelope& envelope, const connectors::SetAside& piece) {
  if (!envelope.body) return {};
  const std::string_view body = *envelope.body;
  const bool inflated = !body.starts_with("\x1f\x8b");  // offsets count behind gzip
  if (!inflated) return body;
  return piece.offset < body.size()
             ? body.substr(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.bytes))
             : std::string_view{};
}

}  // namespace

std::shared_ptr<const Generation> make_generation(std::uint64_t number, std::shared_ptr<const engine::RuleSet> rules,
                                                  std::shared_ptr<const engine::Accounts> accounts) {
  auto filter = engine::filter_of(*rules, engine::Origins::kLater);
  engine::Matcher matcher(rules, engine::Origins::kLater);
  return std::make_shared<const Generation>(
      Generation{number, std::move(rules), std::move(accounts), std::move(matcher), std::move(filter)});
}

Worked LiveWorker::work(const engine::Envelope& envelope, const std::shared_ptr<const Generation>& generation) {
  const auto begin = std::chrono::steady_clock::now();
  if (generation_ != generation) {
    processor_.reset();
    generation_ = generation;
    engine::Processor::Options options;
    options.filter = generation_->filter;
    options.knowledge.accounts = generation_->accounts.get();
    processor_.emplace(generation_->rules, generation_->matcher, std::move(options));
  }
  Worked worked;
  worked.sequence = envelope.sequence;
  worked.source = envelope.source;
  worked.delivered = envelope.delivered;
  worked.mark = envelope.mark;
  last_account_.clear();
  connectors::RecordReader reader(envelope, limits_, generation_->rules->cloudtrail);
  while (true) {
    const auto more = reader.next(batch_);
    if (!more) {
      worked.unreadable = more.error();
      break;
    }
    if (!*more) break;
    for (const engine::Record& record : batch_.records) {
      if (const auto done = processor_->process(record, worked.found); !done) {
        set_aside(envelope, {done.error().code, record.offset, record.json.size(), done.error().message}, record.json,
                  worked);
        continue;
      }
      worked.dismissed += processor_->dismissed() ? 1 : 0;
      worked.events.push_back(event_key(processor_->identity(), record));
      look_at(record, processor_->identity(), worked);
    }
    for (const auto& piece : batch_.set_aside) set_aside(envelope, piece, text_of(envelope, piece), worked);
    for (const auto what : batch_.skipped) ++worked.skipped[static_cast<std::size_t>(what)];
    worked.stored_bytes += batch_.stored_bytes;
    worked.inflated_bytes += batch_.inflated_bytes;
  }
  worked.took = std::chrono::steady_clock::now() - begin;
  return worked;
}

void LiveWorker::look_at(const engine::Record& record, const engine::EventIdentity& identity, Worked& worked) {
  if (!generation_->rules->cloudtrail) return;
  if (identity.account == last_account_ && record.index % Worked::kLookedAt != 0) return;
  last_account_ = identity.account;
  const std::string_view region = connectors::inner(connectors::find_member(record.json, "awsRegion"));
  const auto time = engine::parse_time(connectors::inner(connectors::find_member(record.json, "eventTime")));
  auto& newest = worked.places[{last_account_, std::string(region)}];
  if (time && (!newest || *newest < *time)) newest = time;
}

}  // namespace tripline::app
