#include "engine/shown_record.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/json_repair.h"
#include "engine/json_text.h"
#include "engine/record.h"
#include "engine/secrets.h"
#include "engine/utf8.h"

namespace tripline::engine {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kCut = "(cut)";

/// How much of a record is shown. Units: bytes in all, bytes of one text, items of one array or inner object, levels.
struct Limits {
  std::size_t bytes;
  std::size_t text;
  std::size_t items;
  std::size_t depth;
};
constexpr std::size_t kAny = static_cast<std::size_t>(-1);
/// For machines, to read it again: all of it, duplicate keys too.
constexpr Limits kUnbounded{kAny, kAny, kAny, kAny};
constexpr Limits kWhole{kMaxShownRecord, kAny, kAny, kAny};
/// Tried one after another until one fits.
constexpr Limits kTighter[] = {{kMaxShownRecord, 4096, 200, kAny},
                               {kMaxShownRecord, 1024, 50, 12},
                               {kMaxShownRecord, 256, 20, 8},
                               {kMaxShownRecord, 128, 8, 5},
                               {kMaxShownRecord, 64, 8, 1}};
/// Of the record itself; CloudTrail has some 30.
constexpr std::size_t kMostMembers = 64;
/// More than fit into what is shown, so that no hostile record makes anybody wait.
constexpr std::size_t kMostLookedAt = kMaxShownRecord / 4;

using Member = std::pair<std::string_view, dom::element>;

std::vector<Member> all_members_of(const dom::object& object) {
  std::vector<Member> members;
  for (const auto [key, value] : object) members.emplace_back(key, value);
  return members;
}

/// Of duplicate keys the first; of the first kMostLookedAt. `more`: there are others.
std::vector<Member> members_of(const dom::object& object, bool& more) {
  std::vector<Member> members;
  for (const auto [key, value] : object) {
    more = members.size() == kMostLookedAt;
    if (more) break;
    members.emplace_back(key, value);
  }
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return members[a].first < members[b].first; });
  std::vector<bool> again(members.size());
  bool distinct = true;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (members[order[i]].first != members[order[i - 1]].first) continue;
    again[order[i]] = true;
    distinct = false;
  }
  if (distinct) return members;
  std::vector<Member> first;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!again[i]) first.push_back(members[i]);
  }
  return first;
}

class Writer {
 public:
  Writer(const Limits& limits, bool in_string) : limits_(limits), in_string_(in_string) {}

  void value(dom::element element, std::size_t depth = 0) {
    if (element.is_object()) return object(element.get_object().value_unsafe(), depth);
    if (element.is_array()) return array(element.get_array().value_unsafe(), depth);
    if (element.is_string()) return text(element.get_string().value_unsafe());
    json_.raw(simdjson::minify(element));
  }

  bool cut() const { return cut_; }
  bool too_long() const { return too_long_ || json_.text().size() > limits_.bytes; }
  std::string take() { return json_.take(); }

 private:
  void object(const dom::object& object, std::size_t depth) {
    bool more = false;
    const bool bounded = limits_.bytes != kAny;
    const std::vector<Member> members = bounded ? members_of(object, more) : all_members_of(object);
    too_long_ |= more && limits_.items == kAny;
    const bool tells_secret = names_secret(object);
    const std::size_t most = depth == 0 && limits_.items != kAny ? kMostMembers : limits_.items;
    std::size_t shown = 0;
    json_.begin_object();
    for (const auto& [key, element] : members) {
      if (too_long()) break;  // nobody will see it
      more |= shown == most;
      if (shown++ == most) break;
      key.size() <= limits_.text ? json_.key(key) : json_.key(shortened(key));
      if (!element.is_null() && (is_secret(key) || (tells_secret && is_setting(key)))) {
        json_.string(kSecret);
      } else {
        child(element, depth);
      }
    }
    if (more) json_.member(kCut, kCut);
    cut_ |= more;
    json_.end_object();
  }

  void array(const dom::array& array, std::size_t depth) {
    std::size_t shown = 0;
    json_.begin_array();
    for (const dom::element element : array) {
      if (too_long()) break;
      if (shown++ == limits_.items) {
        json_.string(kCut);
        cut_ = true;
        break;
      }
      child(element, depth);
    }
    json_.end_array();
  }

  void child(dom::element element, std::size_t depth) {
    if (depth + 1 >= limits_.depth && (element.is_object() || element.is_array())) {
      cut_ = true;
      json_.string(kCut);
      return;
    }
    value(element, depth + 1);
  }

  std::string shortened(std::string_view text) {
    if (text.size() <= limits_.text) return std::string(text);
    cut_ = true;
    return std::string(cut_utf8(text, limits_.text)) + std::string(kCut);
  }

  void text(std::string_view text) {
    if (text.size() > limits_.text) {
      const std::string_view begin = text.substr(0, limits_.text);
      may_hold_secret(begin) ? json_.string(kSecret) : json_.string(shortened(text));
    } else if (text.size() > limits_.bytes) {
      too_long_ = true;
    } else {
      may_hold_secret(text) ? text_with_secret(text) : void(json_.string(text));
    }
  }

  /// A JSON document is shown but for its secrets, if it can be read; of anything else nothing is.
  void text_with_secret(std::string_view text) {
    dom::parser parser;
    dom::element document;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool plain = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
    if (in_string_ || !plain || parser.parse(text.data(), text.size(), true).get(document) != simdjson::SUCCESS) {
      json_.string(kSecret);
      return;
    }
    Writer inner(limits_.bytes == kAny ? kUnbounded : kWhole, true);
    inner.value(document);
    json_.string(shortened(inner.take()));
  }

  const Limits limits_;
  const bool in_string_;  // of a document in a string: those in its own strings are not entered
  JsonText json_;
  bool cut_ = false;
  bool too_long_ = false;
};

}  // namespace

bool names_secret(const dom::object& object) {
  for (const auto [key, value] : object) {
    std::string_view name;
    if (names_setting(key) && value.get(name) == simdjson::SUCCESS && is_secret(name)) return true;
  }
  return false;
}

std::string without_secrets(dom::element record) {
  Writer writer(kUnbounded, false);
  writer.value(record);
  return writer.take();
}

RecordText shown_record(dom::element record) {
  Writer whole(kWhole, false);
  whole.value(record);
  if (!whole.too_long()) return {.json = whole.take(), .shown = true, .cut = false};
  for (const Limits& limits : kTighter) {
    Writer writer(limits, false);
    writer.value(record);
    if (!writer.too_long()) return {.json = writer.take(), .shown = true, .cut = true};
  }
  return {.json = "{}", .shown = true, .cut = true};
}

std::shared_ptr<const RecordText> RecordShower::shown(std::shared_ptr<const RecordText> text) {
  if (!text || text->shown) return text;
  dom::element record;
  auto parsed = parser_.parse(text->json.data(), text->json.size(), true);
  std::string repaired;
  if (parsed.error() != simdjson::SUCCESS && repair_json(text->json, repaired)) {
    parsed = parser_.parse(repaired.data(), repaired.size() - kRecordPadding, false);
  }
  if (parsed.get(record) != simdjson::SUCCESS) return nullptr;  // a worker has read it, so that this cannot be
  return std::make_shared<const RecordText>(shown_record(record));
}

}  // namespace tripline::engine
