#include <algorithm>
#include <bit>

#include "engine/predicate.h"
#include "engine/text.h"
#include "engine/text_set.h"

namespace tripline::engine {
namespace {

/// Exact texts from this many on are looked up by hash.
constexpr std::size_t kManyTexts = 8;

// Keys: two tests have the same text here only when they answer alike on every event. Each part says its length or
// has a fixed one, so that no two lists run together.

void add(std::string& key, std::string_view text) {
  key += std::to_string(text.size());
  key += ':';
  key += text;
}

void add(std::string& key, std::uint64_t number) {
  key += std::to_string(number);
  key += ' ';
}

void add(std::string& key, double number) { add(key, std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number)); }

std::string key_of(const Pattern& pattern) {
  std::string key = pattern.cased() ? "c" : "f";
  add(key, pattern.cased() ? pattern.written() : fold(pattern.written()));
  return key;
}

/// A list's order and repetitions make no difference.
template <class List, class KeyOf>
void add_set(std::string& key, const List& list, KeyOf key_of_item) {
  std::vector<std::string> items;
  for (const auto& item : list) items.push_back(key_of_item(item));
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  add(key, std::uint64_t{items.size()});
  for (const auto& item : items) add(key, item);
}

void add_test(std::string& key, const TextTest& test) { add_set(key, test.any, key_of); }
void add_test(std::string& key, const KeywordTest& test) { add_set(key, test.any, key_of); }
void add_test(std::string& key, const NumberTest& test) {
  add_set(key, test.numbers, [](double number) {
    std::string item;
    add(item, number);
    return item;
  });
  add_set(key, test.texts, [](const std::string& text) { return fold(text); });
}
void add_test(std::string& key, const RegexTest& test) { add(key, test.pattern); }
void add_test(std::string& key, const CidrTest& test) { add_set(key, test.any, format_network); }
void add_test(std::string& key, const CompareTest& test) {
  add(key, static_cast<std::uint64_t>(test.comparison));
  add(key, test.number);
}
void add_test(std::string& key, const TimePartTest& test) {
  add(key, static_cast<std::uint64_t>(test.part));
  add(key, static_cast<std::uint64_t>(test.comparison));
  add(key, test.number);
}
void add_test(std::string&, const NullTest&) {}
void add_test(std::string&, const ExistsTest&) {}
void add_test(std::string& key, const FieldRefTest& test) {
  add(key, std::uint64_t{test.other});
  add(key, static_cast<std::uint64_t>(test.how));
  add(key, std::uint64_t{test.cased});
}

std::string key_of(const Predicate& predicate) {
  std::string key;
  add(key, std::uint64_t{predicate.field});
  add(key, std::uint64_t{predicate.test.index()});
  std::visit([&key](const auto& test) { add_test(key, test); }, predicate.test);
  return key;
}

std::shared_ptr<const TextSet> set_of(const std::vector<Pattern>& patterns) {
  auto set = std::make_shared<TextSet>();
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Pattern& pattern = patterns[i];
    if (pattern.kind() == Pattern::Kind::kExact && !pattern.cased()) {
      set->texts.insert(pattern.text());
    } else {
      set->rest.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return set->texts.size() >= kManyTexts ? set : nullptr;
}

}  // namespace

PredicateId PredicateTable::intern(Predicate predicate) {
  const auto [place, is_new] = by_key_.try_emplace(key_of(predicate), static_cast<PredicateId>(predicates_.size()));
  if (is_new) {
    if (auto* const text = std::get_if<TextTest>(&predicate.test)) text->exact = set_of(text->any);
    predicates_.push_back(std::move(predicate));
  }
  return place->second;
}

}  // namespace tripline::engine
