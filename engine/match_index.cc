#include "engine/match_index.h"

#include <bit>
#include <charconv>
#include <map>

#include "engine/text.h"

namespace tripline::engine {

std::uint64_t MatchIndex::text_key(FieldId field, std::string_view text) {
  return hash_folded(text) ^ (field + 1) * 0x9e3779b97f4a7c15ULL;
}

std::uint64_t MatchIndex::number_key(FieldId field, double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);
  return ((bits ^ bits >> 29) * 0xd6e8feb86659fd93ULL) ^ ~((field + 1) * 0x9e3779b97f4a7c15ULL);
}

/// Groups consumers by literal before they are laid out.
struct MatchIndex::Builder {
  using Consumers = std::vector<std::uint32_t>;
  Consumers every_record;
  struct OfField {
    std::size_t longest_equal = 0;
    bool has_equals = false;
    bool has_numbers = false;
    std::map<std::string, Consumers> contains;
  };
  std::map<FieldId, OfField> fields;  // kNoField comes last
  std::map<std::uint64_t, Consumers> equals;

  void add(const NeededLiteral& literal, std::uint32_t consumer) {
    OfField& field = fields[literal.field];
    switch (literal.kind) {
      case NeededLiteral::Kind::kContains:
        field.contains[literal.text].push_back(consumer);
        return;
      case NeededLiteral::Kind::kEquals:
        field.has_equals = true;
        field.longest_equal = std::max(field.longest_equal, literal.text.size());
        equals[text_key(literal.field, literal.text)].push_back(consumer);
        return;
      case NeededLiteral::Kind::kNumber: {
        double number = 0;
        std::from_chars(literal.text.data(), literal.text.data() + literal.text.size(), number);
        field.has_numbers = true;
        equals[number_key(literal.field, number)].push_back(consumer);
        return;
      }
      case NeededLiteral::Kind::kAnyText:
        every_record.push_back(consumer);
        return;
    }
  }
};

MatchIndex::MatchIndex(const std::vector<Needs>& needs) {
  Builder builder;
  for (std::uint32_t consumer = 0; consumer < needs.size(); ++consumer) {
    if (needs[consumer].every_record) {
      every_record_.push_back(consumer);
      continue;
    }
    for (const auto& literal : needs[consumer].literals) builder.add(literal, consumer);
  }
  every_record_.insert(every_record_.end(), builder.every_record.begin(), builder.every_record.end());
  const auto lay_out = [this](const Builder::Consumers& consumers) {
    const auto begin = static_cast<std::uint32_t>(consumers_.size());
    consumers_.insert(consumers_.end(), consumers.begin(), consumers.end());
    return List{begin, static_cast<std::uint32_t>(consumers_.size())};
  };
  for (const auto& [key, consumers] : builder.equals) equals_.emplace(key, lay_out(consumers));
  for (auto& [id, of_field] : builder.fields) {
    std::vector<std::string> literals;
    std::vector<List> lists;
    for (const auto& [literal, consumers] : of_field.contains) {
      literals.push_back(literal);
      lists.push_back(lay_out(consumers));
    }
    if (id == kNoField) {
      anywhere_ = LiteralFinder(std::move(literals));
      anywhere_lists_ = std::move(lists);
    } else {
      fields_.push_back({id, of_field.longest_equal, of_field.has_equals, of_field.has_numbers,
                         LiteralFinder(std::move(literals)), std::move(lists)});
    }
  }
}

}  // namespace tripline::engine
