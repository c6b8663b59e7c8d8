#include "engine/record_filter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/key_scan.h"
#include "engine/record.h"
#include "engine/text.h"

namespace tripline::engine {
namespace {

static_assert(kRecordPadding > kKeyBlock - 1);

/// With the quote behind it, a key has as many bytes as are compared first.
constexpr std::size_t kShortestKey = 3;

std::uint64_t size_bit(std::string_view text) { return std::uint64_t{1} << std::min<std::size_t>(text.size(), 63); }

std::uint64_t value_key(std::size_t key, std::string_view value) {
  return hash_folded(value) ^ (key + 1) * 0x9e3779b97f4a7c15ULL;
}

/// Keys in JSON text look as they are in a field's path.
bool is_plain(std::string_view segment) {
  return segment.size() >= kShortestKey && std::all_of(segment.begin(), segment.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/';
         });
}

}  // namespace

RecordFilter::RecordFilter(const std::vector<Needs>& needs, const FieldTable& fields) {
  std::vector<std::vector<std::string>> contains;
  usable_ = key_scan_is_fast();
  for (const Needs& one : needs) {
    usable_ = usable_ && !one.every_record;
    for (const auto& literal : one.literals) usable_ = usable_ && add(literal, fields, contains);
  }
  if (!usable_) return;
  contains.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i].contains = LiteralFinder(std::move(contains[i]));
  keys_[add_key("eventID")].role = Role::kEventId;
  keys_[add_key("recipientAccountId")].role = Role::kAccount;
  usable_ = keys_.size() < kNone;
  buckets_.fill(kNone);
  for (const Key& key : keys_) {
    tails_.add(key.text);
    const std::string quoted = key.text + '"';
    Shape shape;
    shape.size = static_cast<std::uint16_t>(key.text.size());
    shape.tail = tail(quoted.data() + quoted.size());
    const std::size_t size = std::min<std::size_t>(key.text.size(), sizeof shape.head);
    std::memcpy(&shape.head, key.text.data(), size);
    std::memset(&shape.head_mask, 0xff, size);
    shape.next = std::exchange(buckets_[bucket(shape.tail)], static_cast<std::uint16_t>(shapes_.size()));
    shapes_.push_back(shape);
  }
}

bool RecordFilter::add(const NeededLiteral& literal, const FieldTable& fields,
                       std::vector<std::vector<std::string>>& contains) {
  if (literal.field == kNoField || literal.kind == NeededLiteral::Kind::kNumber) return false;
  const Field& field = fields[literal.field];
  if (field.derived != nullptr) return false;
  const std::size_t last = field.segments() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    if (!is_plain(field.key(i, i + 1))) return false;
  }
  for (std::size_t i = 0; i < last; ++i) keys_[add_key(field.key(i, i + 1))].leads_on = true;
  const std::uint32_t index = add_key(field.key(last, last + 1));
  Key& key = keys_[index];
  key.ends = true;
  if (literal.kind == NeededLiteral::Kind::kAnyText) {
    key.any_text = true;
  } else if (literal.kind == NeededLiteral::Kind::kEquals) {
    key.equal_sizes |= size_bit(literal.text);
    equals_.insert(value_key(index, literal.text));
  } else {
    contains.resize(keys_.size());
    auto& literals = contains[index];
    if (std::find(literals.begin(), literals.end(), literal.text) == literals.end()) literals.push_back(literal.text);
  }
  return true;
}

std::uint32_t RecordFilter::add_key(std::string_view text) {
  const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) { return key.text == text; });
  const auto index = static_cast<std::uint32_t>(known - keys_.begin());
  if (index == keys_.size()) keys_.emplace_back().text = text;
  return index;
}

/// Whether the key whose last letters stand before `end` stands there as a whole.
inline bool RecordFilter::stands_before(std::size_t key, const char* end, const char* begin) const {
  const Shape& shape = shapes_[key];
  const char* text = end - 1 - shape.size;
  // A key with dots may stand for the end of a path.
  if (text <= begin || (text[-1] != '"' && text[-1] != '.')) return false;
  std::uint64_t head = 0;
  std::memcpy(&head, text, sizeof head);
  if (((head ^ shape.head) & shape.head_mask) != 0) return false;
  constexpr std::size_t kKnown = sizeof head + kTail - 1;
  return shape.size <= kKnown ||
         std::memcmp(text + sizeof head, keys_[key].text.data() + sizeof head, shape.size - kKnown) == 0;
}

/// Whether the value at `value`, of a key that is looked for, may give a consumer business with the record, which ends
/// at `end`.
inline bool RecordFilter::may_matter(std::size_t index, const char* value, const char* end,
                                     EventIdentity& identity) const {
  const Key& key = keys_[index];
  const bool plain = key.role == Role::kNone;
  std::string_view text;
  switch (*value) {
    case '{':
      return !plain || !key.contains.empty();
    case '"': {
      const char* close = find_quote_or_escape(value + 1, end);
      if (key.leads_on || close == end || *close == '\\') return true;
      if (key.any_text) return true;
      text = {value + 1, static_cast<std::size_t>(close - value - 1)};
      break;
    }
    case 't':
    case 'f':
      text = *value == 't' ? "true" : "false";
      if (!plain || std::memcmp(value, text.data(), text.size()) != 0) return true;
      break;
    case 'n':
      return std::memcmp(value, "null", 4) != 0;
    default:  // an array's elements are values of the field; a number is written in many ways; it may be blank
      return !plain || key.ends || !(*value == '-' || (*value >= '0' && *value <= '9'));
  }
  if (!plain) {
    std::string_view& told = key.role == Role::kEventId ? identity.event_id : identity.account;
    if (told.data() != nullptr) return true;  // which one counts depends on the depth
    told = text;
  }
  if ((key.equal_sizes & size_bit(text)) != 0 && equals_.contains(value_key(index, text))) return true;
  bool found = false;
  if (!key.contains.empty()) key.contains.find(text, [&](std::uint32_t) { found = true; });
  return found;
}

bool RecordFilter::dismisses(std::string_view record, EventIdentity& identity) const {
  identity = {};
  Keys keys;
  // A key whose last letters stand in another stretch than its colon is found in the one that follows.
  for (std::size_t begin = 0; begin < record.size(); begin += kKeyStretch - kTail + 1) {
    const char* stretch = record.data() + begin;
    scan_keys(stretch, std::min(kKeyStretch, record.size() - begin), tails_, keys);
    if (keys.odd) return false;
    for (std::uint32_t i = 0; i < keys.count; ++i) {
      const char* end = stretch + keys.colons[i];  // of the key's closing quote
      if (end - record.data() < static_cast<std::ptrdiff_t>(kTail)) continue;
      const std::uint32_t word = tail(end);
      for (std::uint16_t key = buckets_[bucket(word)]; key != kNone; key = shapes_[key].next) {
        if (shapes_[key].tail != word || !stands_before(key, end, record.data())) continue;
        if (may_matter(key, end + 1, record.data() + record.size(), identity)) return false;
      }
    }
  }
  return !identity.event_id.empty();
}

}  // namespace tripline::engine
