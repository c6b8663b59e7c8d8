#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/file_source.h"
#include "connectors/record_reader.h"
#include "engine/matcher.h"
#include "engine/record_filter.h"
#include "engine/token_scan.h"
#include "tests/support/events.h"
#include "tests/support/places.h"
#include "tests/support/random_rules.h"
#include "tests/support/slow_evaluate.h"

namespace tripline {
namespace {

using engine::RecordFilter;
using tests::OwnedEvent;
using tests::RandomRules;

/// A record with what the filter may read behind it.
class Padded {
 public:
  explicit Padded(const std::string& json)
      : text_(json + std::string(engine::kRecordPadding, ' ')), size_(json.size()) {}
  std::string_view json() const { return std::string_view(text_).substr(0, size_); }

 private:
  std::string text_;
  std::size_t size_;
};

bool dismisses(const RecordFilter& filter, const std::string& json) {
  RecordFilter::Identity identity;
  return filter.dismisses(Padded(json).json(), identity);
}

class RecordFilterProperty : public testing::Test {
 protected:
  void SetUp() override {
    if (!engine::token_scan_is_fast()) GTEST_SKIP() << "this machine has no AVX2, so no record is ever dismissed";
  }
};

TEST_F(RecordFilterProperty, WhatADetectionMatchesIsNeverDismissed) {
  std::size_t dismissed = 0, matched = 0;
  for (unsigned seed = 1; seed <= 600; ++seed) {
    RandomRules random(seed);
    const auto rules = random.rules(12);
    std::vector<std::pair<std::uint32_t, RecordFilter>> filters;
    for (std::uint32_t d = 0; d < rules->detections.size(); ++d) {
      RecordFilter filter({needs_of(rules->detections[d], *rules)}, rules->fields);
      if (filter.usable()) filters.emplace_back(d, std::move(filter));
    }
    for (int i = 0; i < 40; ++i) {
      const std::string written = random.record();
      const tests::Json record = tests::parse_json(written);
      for (const std::string& json : {written, tests::compact(record)}) {
        for (const auto& [d, filter] : filters) {
          const bool holds = tests::slow_holds(rules->detections[d].condition, *rules, record);
          matched += holds ? 1 : 0;
          if (!dismisses(filter, json)) continue;
          ++dismissed;
          ASSERT_FALSE(holds) << "seed " << seed << ": " << json;
        }
      }
    }
  }
  EXPECT_GT(dismissed, 5000U);
  EXPECT_GT(matched, 250U);
}

/// Whether the parts of some object in `text`, whose brackets balance, are not all pairs, or an array has a pair.
bool has_a_part_that_is_no_pair(std::string_view text) {
  struct Level {
    bool object;
    bool empty = true;
    int colons = 0;
  };
  std::vector<Level> levels;
  bool in_string = false;
  const auto wrong = [](const Level& level) { return !level.empty && level.colons != (level.object ? 1 : 0); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '{' || c == '[') {
      if (!levels.empty()) levels.back().empty = false;
      levels.push_back({c == '{'});
    } else if (c == '}' || c == ']') {
      if (wrong(levels.back())) return true;
      levels.pop_back();
    } else if (c == ',') {
      if (wrong(levels.back())) return true;
      levels.back().colons = 0;
    } else if (c == ':') {
      ++levels.back().colons;
    } else {
      levels.back().empty = false;
      in_string = c == '"';
    }
  }
  return false;
}

bool balances(std::string_view text) {
  std::string open;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\' && in_string) ++i;
    if (in_string) continue;
    if (c == '{' || c == '[') open += c;
    if (c != '}' && c != ']') continue;
    if (open.empty() || open.back() != (c == '}' ? '{' : '[')) return false;
    open.pop_back();
    if (open.empty() && i + 1 < text.size()) return false;
  }
  return open.empty() && !in_string && text.starts_with('{');
}

TEST_F(RecordFilterProperty, WhatIsDismissedIsJsonButForPartsThatAreNoPairs) {
  engine::FieldTable fields;
  const RecordFilter filter(
      {engine::Needs{{}, {{fields.intern("eventName"), engine::NeededLiteral::Kind::kEquals, "stoplogging"}}, false}},
      fields);
  ASSERT_TRUE(filter.usable());
  const auto source = connectors::FileSource::open({(tests::repository() / "docs/samples/logs").string()}).value();
  std::mt19937 random(3);
  const std::string_view bytes = "\"\"{}[]:,\\ 1ae.-\n";
  std::size_t whole = 0, damaged = 0, refused = 0;
  while (const auto envelope = source->next().value()) {
    connectors::RecordReader reader(*envelope, {});
    connectors::RecordBatch batch;
    while (reader.next(batch).value()) {
      for (const auto& record : batch.records) {
        const std::string json = tests::compact(tests::parse_json(record.json));
        whole += dismisses(filter, json) ? 1 : 0;
        for (int i = 0; i < 400; ++i) {
          std::string text = json;
          for (std::size_t edits = 1 + random() % 2; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char byte = bytes[random() % bytes.size()];
            if (random() % 3 == 0) {
              text.erase(at, 1 + random() % 3);
            } else if (random() % 2 == 0) {
              text.insert(at, 1, byte);
            } else {
              text[at] = byte;
            }
          }
          if (!balances(text)) continue;
          if (!dismisses(filter, text)) {
            ++refused;
            continue;
          }
          ++damaged;
          const OwnedEvent event(fields, text);
          ASSERT_TRUE(event.read().has_value() || has_a_part_that_is_no_pair(text)) << text;
        }
      }
    }
  }
  EXPECT_GT(whole, 50U);
  EXPECT_GT(damaged, 1000U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace tripline
