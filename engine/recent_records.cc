#include "engine/recent_records.h"

#include "engine/packing.h"
#include "engine/shown_record.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

namespace {

using store::Space;
using store::StateRow;

constexpr std::uint8_t kVersion = 1;

std::string key_of(std::uint64_t last, std::uint64_t event) {
  return store::big_endian(last) + store::big_endian(event);
}

std::uint64_t number_in(std::string_view big_endian) {
  std::uint64_t number = 0;
  for (const char byte : big_endian) number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

}  // namespace

void RecentRecords::note_stored(std::uint64_t last, std::size_t bytes) {
  if (checkpoints_.empty() || checkpoints_.back().last != last) checkpoints_.push_back({last, 0});
  checkpoints_.back().bytes += bytes;
  stored_bytes_ += bytes;
}

void RecentRecords::take_changes(std::uint64_t last, std::vector<StateRow>& rows) {
  RecordShower shower;
  std::size_t bytes = 0;
  for (std::size_t i = order_.size(); i > stored_ && bytes < kMostOfCheckpoint; --i) {
    auto& text = texts_[order_[i - 1]];
    const auto shown = shower.shown(text);
    if (!shown) continue;
    bytes_ = bytes_ - text->json.size() + shown->json.size();
    text = shown;
    Packer out;
    out.number(kVersion);
    out.number(text->cut);
    out.bytes(text->json);
    rows.push_back({static_cast<std::int64_t>(Space::kRecords), key_of(last, order_[i - 1]), out.take(),
                    StateRow::Kind::kLasting});
    bytes += text->json.size();
  }
  stored_ = order_.size();
  if (bytes > 0) note_stored(last, bytes);
  const std::size_t before = checkpoints_.size();
  while (checkpoints_.size() > 1 && stored_bytes_ - checkpoints_.front().bytes >= most_bytes_) {
    stored_bytes_ -= checkpoints_.front().bytes;
    checkpoints_.pop_front();
  }
  if (checkpoints_.size() == before) return;
  rows.push_back({static_cast<std::int64_t>(Space::kRecords), key_of(checkpoints_.front().last, 0), std::nullopt,
                  StateRow::Kind::kDeleteBelow});
}

Result<void> RecentRecords::restore(std::string_view key, std::string_view value) {
  Unpacker in(value);
  const auto version = in.number<std::uint8_t>();
  const bool cut = in.number<bool>();
  const std::string_view json = in.rest();
  if (version != kVersion || !in.ok() || json.empty() || key.size() != key_of(0, 0).size()) {
    return fail(ErrorCode::kStore, "a row of its state is damaged (of records)");
  }
  add(number_in(key.substr(8)), std::make_shared<const RecordText>(RecordText{std::string(json), true, cut}));
  stored_ = order_.size();
  note_stored(number_in(key.substr(0, 8)), json.size());
  return {};
}

}  // namespace tripline::engine
