#include "connectors/record_reader.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "connectors/delivery_bytes.h"
#include "connectors/json_members.h"
#include "connectors/json_splitter.h"
#include "connectors/payload.h"
#include "connectors/unread.h"

namespace tripline::connectors {

using engine::ErrorCode;
using engine::Result;

namespace {

/// Records of a delivery that are compared with its path.
constexpr std::uint32_t kCompared = 16;

/// Of accounts and regions; whatever else a log says there goes to no terminal.
bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// What is_utf16() looks at.
constexpr std::size_t kFirstRead = 2;

/// UTF-16 shows by its byte order mark, or by a zero byte beside the first bracket.
bool is_utf16(std::string_view begin) {
  using namespace std::string_view_literals;
  for (const auto start : {"\xff\xfe"sv, "\xfe\xff"sv, "{\0"sv, "[\0"sv, "\0{"sv, "\0["sv}) {
    if (begin.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

struct RecordReader::State {
  State(const engine::Envelope& an_envelope, const Limits& some_limits, bool is_cloudtrail, std::size_t some_bytes)
      : envelope(an_envelope),
        limits(some_limits),
        cloudtrail(is_cloudtrail),
        batch_bytes(std::max<std::size_t>(some_bytes, 1)),
        source(envelope, limits),
        splitter({.open_records = cloudtrail, .max_depth = limits.max_depth, .max_bytes = limits.max_record_bytes}),
        payload(envelope, limits, cloudtrail),
        unread(limits) {}

  Result<void> read_more(RecordBatch& batch);
  bool split(RecordBatch& batch);
  Result<void> pass_utf16(RecordBatch& batch);
  void take(const Piece& piece, RecordBatch& batch);
  void compare_with_path(const engine::Record& record, RecordBatch& batch);

  const engine::Envelope& envelope;
  const Limits limits;
  const bool cloudtrail;
  const std::size_t batch_bytes;
  DeliveryBytes source;
  JsonSplitter splitter;
  Payload payload;
  Unread unread;

  std::string carried;     // bytes that the last batch held and that are still needed
  std::uint64_t base = 0;  // offset in the delivery of the first byte of the batch's buffer
  std::uint64_t end = 0;   // and of the first byte that was not read yet
  bool opened = false;
  bool at_end = false;
  bool done = false;
  bool region_told = false;
  bool account_told = false;
};

RecordReader::RecordReader(const engine::Envelope& envelope, const Limits& limits, bool cloudtrail,
                           std::size_t batch_bytes)
    : state_(std::make_unique<State>(envelope, limits, cloudtrail, batch_bytes)) {}

RecordReader::~RecordReader() = default;

Result<bool> RecordReader::next(RecordBatch& batch) {
  State& s = *state_;
  batch.clear();
  if (s.done) return false;
  const std::uint64_t stored_before = s.source.stored_bytes();
  if (!s.opened) {
    if (auto opened = s.source.open(); !opened) {
      s.done = true;
      return opened.error();
    }
    s.opened = true;
  }
  batch.bytes.append(s.carried);
  s.carried.clear();
  // As long as nothing was found, nothing points into the buffer, and it may grow and move.
  while (!s.done && !s.split(batch)) {
    if (s.at_end) {
      s.unread.finish(s.end, s.source.trouble(), batch.set_aside);
      s.done = true;
    } else if (auto more = s.read_more(batch); !more) {
      s.done = true;
      return more.error();
    }
  }
  if (!s.done) {
    const std::uint64_t keep = s.splitter.keep_from();
    s.carried = batch.bytes.view().substr(static_cast<std::size_t>(keep - s.base));
    s.base = keep;
  }
  batch.stored_bytes = s.source.stored_bytes() - stored_before;
  return !s.done || batch.inflated_bytes > 0 || !batch.set_aside.empty();
}

Result<void> RecordReader::State::read_more(RecordBatch& batch) {
  const std::uint64_t keep = splitter.keep_from();
  batch.bytes.drop_front(static_cast<std::size_t>(keep - base));
  base = keep;
  const std::size_t wanted = end == 0 ? std::max({batch_bytes, source.first_read(), kFirstRead}) : batch_bytes;
  const auto got = source.read(batch.bytes.reserve(wanted), wanted);
  if (!got) return got.error();
  batch.bytes.added(*got);
  batch.inflated_bytes += *got;
  const bool utf16 = end == 0 && is_utf16(batch.bytes.view());
  end += *got;
  at_end = *got < wanted;
  return utf16 ? pass_utf16(batch) : Result<void>(boost::system::in_place_value);
}

/// Sets all of the delivery aside, as UTF-16.
Result<void> RecordReader::State::pass_utf16(RecordBatch& batch) {
  while (!at_end) {
    batch.bytes.clear();
    const auto got = source.read(batch.bytes.reserve(batch_bytes), batch_bytes);
    if (!got) return got.error();
    end += *got;
    batch.inflated_bytes += *got;
    at_end = *got < batch_bytes;
  }
  batch.bytes.clear();
  base = end;
  batch.set_aside.push_back({ErrorCode::kBadInput, 0, end, "UTF-16 text; convert it to UTF-8 first"});
  done = true;
  return {};
}

/// Takes what the bytes at hand hold; whether that was anything.
bool RecordReader::State::split(RecordBatch& batch) {
  if (batch.bytes.size() == 0 && !at_end) return false;
  splitter.feed(batch.bytes.view(), base, at_end);
  bool any = false;
  for (Piece piece; splitter.next(piece);) {
    any = true;
    take(piece, batch);
    if (batch.unwrapped.used() > batch_bytes) break;
  }
  return any;
}

void RecordReader::State::take(const Piece& piece, RecordBatch& batch) {
  if (piece.kind == Piece::Kind::kValue) {
    const std::string_view bytes =
        batch.bytes.view().substr(static_cast<std::size_t>(piece.begin - base), static_cast<std::size_t>(piece.size()));
    const std::size_t before = batch.records.size();
    if (payload.take(bytes, piece.begin, batch)) {
      unread.known(batch.set_aside);
      if (const auto& trouble = payload.trouble()) {
        batch.set_aside.push_back({trouble->code, piece.begin, piece.size(), trouble->message});
      }
      for (std::size_t i = before; i < batch.records.size() && batch.records[i].index < kCompared; ++i) {
        compare_with_path(batch.records[i], batch);
      }
      return;
    }
  }
  unread.add(piece, batch.set_aside);
}

/// Warns once when the delivery's path names another region or account than the record. A global service's record says
/// us-east-1 wherever its trail lives.
void RecordReader::State::compare_with_path(const engine::Record& record, RecordBatch& batch) {
  const auto differs = [&](std::string_view key, const std::string& expected, bool& told) {
    if (expected.empty() || told) return;
    const std::string_view value = inner(find_member(record.json, key));
    if (value.empty() || value == expected || (key == "awsRegion" && value == "us-east-1")) return;
    told = true;
    const bool plain = value.size() <= 32 && std::all_of(value.begin(), value.end(), is_name_char);
    batch.warnings.push_back("the path says " + expected + ", but `" + std::string(key) + "` of the record at byte " +
                             std::to_string(record.offset) + " says " +
                             (plain ? std::string(value) : "something else"));
  };
  differs("awsRegion", envelope.region, region_told);
  differs("recipientAccountId", envelope.account, account_told);
}

}  // namespace tripline::connectors
