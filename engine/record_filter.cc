#include "engine/record_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/record.h"
#include "engine/text.h"
#include "engine/token_scan.h"

namespace tripline::engine {
namespace {

/// Blocks that are scanned at a time: most records need one call.
constexpr std::size_t kWindow = 32;

static_assert(kRecordPadding >= kTokenBlock);

/// With the quote behind it, a key has as many bytes as the buckets go by.
constexpr std::size_t kShortestKey = 3;

std::uint64_t value_key(std::uint32_t key, std::string_view value) {
  return hash_folded(value) ^ (key + 1) * 0x9e3779b97f4a7c15ULL;
}

/// Keys in JSON text look as they are in a field's path.
bool is_plain(std::string_view segment) {
  return segment.size() >= kShortestKey && std::all_of(segment.begin(), segment.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/';
         });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const char* pass_digits(const char* at) {
  while (is_digit(*at)) ++at;
  return at;
}

bool ends_value(char c) { return c == ',' || c == '}' || c == ']'; }

/// Whether a scalar that JSON has stands at `at`, no object's key, with what may follow one behind it.
/// Source: RFC 8259, sections 3 and 6.
bool is_scalar(const char* at) {
  if (at[-1] == '{') return false;
  for (const std::string_view word : {"true", "false", "null"}) {
    if (*at == word[0] && std::memcmp(at, word.data(), word.size()) == 0) return ends_value(at[word.size()]);
  }
  if (*at == '-') ++at;
  const char* digits = at;
  at = pass_digits(at);
  if (at == digits || (*digits == '0' && at != digits + 1) || at - digits > 15) return false;
  if (*at == '.') {
    digits = ++at;
    at = pass_digits(at);
    if (at == digits) return false;
  }
  return ends_value(*at);  // an exponent is left to the parser
}

bool escapes_well(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return true;
    default:  // of `\u` too, it is not known here what it makes
      return false;
  }
}

template <class Visit>
bool all_bits(std::uint64_t bits, Visit visit) {
  for (; bits != 0; bits &= bits - 1) {
    if (!visit(std::countr_zero(bits))) return false;
  }
  return true;
}

}  // namespace

RecordFilter::RecordFilter(const std::vector<Needs>& needs, const FieldTable& fields) {
  std::vector<std::vector<std::string>> contains;
  usable_ = token_scan_is_fast();
  for (const Needs& one : needs) {
    usable_ = usable_ && !one.every_record;
    for (const auto& literal : one.literals) usable_ = usable_ && add(literal, fields, contains);
  }
  if (!usable_) return;
  contains.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i].contains = LiteralFinder(std::move(contains[i]));
  keys_[add_key("eventID")].role = Role::kEventId;
  keys_[add_key("recipientAccountId")].role = Role::kAccount;
  for (std::uint32_t i = 0; i < keys_.size(); ++i) {
    const std::string text = keys_[i].text + '"';
    const std::uint32_t at = bucket(tail(text.data() + text.size()));
    buckets_[at].push_back(i);
    any_[at / 64] |= std::uint64_t{1} << (at % 64);
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
  if (literal.kind == NeededLiteral::Kind::kEquals) {
    key.has_equals = true;
    key.longest_equal = std::max(key.longest_equal, literal.text.size());
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

bool RecordFilter::dismisses(std::string_view record, Identity& identity) const {
  identity = {};
  TokenState state;
  std::array<TokenMarks, kWindow> marks;
  for (std::size_t begin = 0; begin < record.size(); begin += kWindow * kTokenBlock) {
    const std::size_t blocks = std::min(kWindow, (record.size() - begin + kTokenBlock - 1) / kTokenBlock);
    scan_tokens(record.data() + begin, blocks, state, marks.data());
    for (std::size_t i = 0; i < blocks; ++i) {
      TokenMarks& mark = marks[i];
      const char* block = record.data() + begin + i * kTokenBlock;
      if (const auto left = static_cast<std::size_t>(record.data() + record.size() - block); left < kTokenBlock) {
        const std::uint64_t inside = (std::uint64_t{1} << left) - 1;
        mark.other &= inside;
        mark.colons &= inside;
        mark.scalars &= inside;
        mark.escapes &= inside;
      }
      if (mark.other != 0) return false;
      if (!all_bits(mark.scalars, [&](int bit) { return is_scalar(block + bit); })) return false;
      if (!all_bits(mark.escapes, [&](int bit) { return escapes_well(block[bit]); })) return false;
      const bool none_matters = all_bits(mark.colons, [&](int bit) {
        const char* end = block + bit;  // of the key's closing quote
        if (end[-1] != '"') return false;
        if (end - record.data() < static_cast<std::ptrdiff_t>(kTail)) return true;
        const std::uint32_t at = bucket(tail(end));
        if ((any_[at / 64] >> (at % 64) & 1) == 0) return true;
        return std::none_of(buckets_[at].begin(), buckets_[at].end(), [&](std::uint32_t index) {
          const std::string& key = keys_[index].text;
          const char* text = end - 1 - key.size();
          // A key with dots may stand for the end of a path.
          if (text <= record.data() || (text[-1] != '"' && text[-1] != '.')) return false;
          if (std::memcmp(text, key.data(), key.size()) != 0) return false;
          return may_matter(index, record.substr(static_cast<std::size_t>(end + 1 - record.data())), identity);
        });
      });
      if (!none_matters) return false;
    }
  }
  return true;
}

/// Whether the value that `rest` begins with, of a key that is looked for, may give a consumer business with the
/// record.
bool RecordFilter::may_matter(std::uint32_t index, std::string_view rest, Identity& identity) const {
  const Key& key = keys_[index];
  const bool plain = key.role == Role::kNone;
  switch (rest[0]) {
    case 'n':
      return false;
    case '{':
      return !plain || !key.contains.empty();
    case '"':
      break;
    case 't':
    case 'f':
      if (!plain) return true;
      break;
    default:  // an array's elements are values of the field; a number is written in many ways
      return !plain || key.ends || rest[0] == '[';
  }
  std::string_view text;
  if (rest[0] == '"') {
    const std::size_t end = rest.find('"', 1);
    if (end == std::string_view::npos) return true;
    text = rest.substr(1, end - 1);
    if (key.leads_on || text.find('\\') != std::string_view::npos) return true;
  } else {
    text = rest[0] == 't' ? "true" : "false";
  }
  if (key.role == Role::kEventId || key.role == Role::kAccount) {
    std::string_view& told = key.role == Role::kEventId ? identity.event_id : identity.account;
    if (told.data() != nullptr) return true;  // which one counts depends on the depth
    told = text;
  }
  if (key.has_equals && text.size() <= key.longest_equal && equals_.contains(value_key(index, text))) return true;
  bool found = false;
  if (!key.contains.empty()) key.contains.find(text, [&](std::uint32_t) { found = true; });
  return found;
}

}  // namespace tripline::engine
