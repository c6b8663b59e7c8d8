#include "rules/field_item.h"

#include <charconv>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

#include "engine/ip.h"
#include "engine/text.h"
#include "rules/modifier_chain.h"
#include "rules/regex.h"

namespace tripline::rules {
namespace {

using engine::Expression;
using engine::Pattern;

/// Compiles one item whose modifiers have been applied.
class ItemCompiler {
 public:
  ItemCompiler(const FieldItem& item, const ItemState& state, ItemContext& context)
      : item_(item),
        state_(state),
        context_(context),
        field_(item.field.empty() ? engine::kNoField : field(item.field)) {}

  std::optional<Expression> compile() {
    std::vector<Expression> tests;
    if (state_.all) {
      for (const auto& alternatives : state_.values) tests.push_back(any_of(alternatives));
    } else {
      std::vector<FieldValue> together;
      for (const auto& alternatives : state_.values) {
        together.insert(together.end(), alternatives.begin(), alternatives.end());
      }
      tests.push_back(any_of(together));
    }
    if (failed_) return std::nullopt;
    Expression whole = tests.size() == 1 ? std::move(tests.front()) : Expression::all(std::move(tests));
    if (state_.neq) whole = negated(std::move(whole));
    whole.line = item_.at.line;
    return whole;
  }

 private:
  engine::FieldId field(const std::string& name) {
    const auto renamed = context_.field_map.find(name);
    return context_.into.fields.intern(renamed == context_.field_map.end() ? name : renamed->second);
  }

  Expression leaf(engine::Test test) { return leaf(field_, std::move(test)); }
  Expression leaf(engine::FieldId of, engine::Test test) {
    return Expression::of(context_.into.predicates.intern({of, std::move(test)}), item_.at.line);
  }

  /// `'*'`: some value that is not null.
  Expression has_value(engine::FieldId of) {
    return leaf(of, engine::TextTest{{Pattern({{Pattern::Part::Kind::kMany, ""}}, false)}});
  }

  static Expression any(std::vector<Expression> tests) {
    return tests.size() == 1 ? std::move(tests.front()) : Expression::any(std::move(tests));
  }

  void fail(std::string_view code, const Position& at, std::string message, std::string hint) {
    context_.diagnostics.add(code, at, std::move(message), std::move(hint), context_.title);
    failed_ = true;
  }

  Expression any_of(const std::vector<FieldValue>& values) {
    switch (state_.form) {
      case kRegex:
        return regexes(values);
      case kNetwork:
        return networks(values);
      case kTimePart:
      case kComparison:
        return comparisons(values);
      case kFieldName:
        return references(values);
      case kExistence:
        return existence(values.front());
      default:
        return item_.field.empty() ? keywords(values) : texts(values);
    }
  }

  /// Text, numbers that no modifier changed, and null, each by a test of its own kind.
  Expression texts(const std::vector<FieldValue>& values) {
    engine::TextTest text;
    engine::NumberTest number;
    bool null = false;
    for (const FieldValue& value : values) {
      if (value.written.kind == Scalar::Kind::kNull) {
        null = true;
      } else if (value.written.kind == Scalar::Kind::kNumber && value.text == literal(value.written.text)) {
        const auto parsed = parse_number(value.written);
        if (!parsed) continue;
        number.numbers.push_back(*parsed);
        number.texts.push_back(value.written.text);
      } else {
        text.any.emplace_back(value.text, state_.cased);
      }
    }
    std::vector<Expression> tests;
    if (!text.any.empty()) tests.push_back(leaf(std::move(text)));
    if (!number.numbers.empty()) tests.push_back(leaf(std::move(number)));
    if (null) tests.push_back(leaf(engine::NullTest{}));
    return any(std::move(tests));
  }

  /// A keyword that every text holds is met by every record, which has keys at least.
  Expression keywords(const std::vector<FieldValue>& values) {
    engine::KeywordTest keyword;
    for (const FieldValue& value : values) {
      Pattern pattern(value.text, state_.cased);
      if (pattern.kind() == Pattern::Kind::kAny || value.text.empty()) return Expression::constant(true);
      keyword.any.push_back(std::move(pattern));
    }
    return leaf(std::move(keyword));
  }

  Expression regexes(const std::vector<FieldValue>& values) {
    std::vector<Expression> tests;
    for (const FieldValue& value : values) {
      std::string pattern = state_.regex_flags.empty() ? "" : "(?" + state_.regex_flags + ")";
      pattern += value.written.text;
      auto compiled = compile_regex(pattern);
      if (const auto* error = std::get_if<RegexError>(&compiled)) {
        fail("regex-unsupported", value.written.at, "RE2 cannot run this expression: " + error->reason, error->hint);
        continue;
      }
      tests.push_back(
          leaf(engine::RegexTest{std::move(pattern), std::move(std::get<std::shared_ptr<const re2::RE2>>(compiled))}));
    }
    return any(std::move(tests));
  }

  Expression networks(const std::vector<FieldValue>& values) {
    engine::CidrTest test;
    for (const FieldValue& value : values) {
      const std::string& text = value.written.text;
      const auto network = has_wildcard(value.text) ? std::nullopt : engine::parse_network(plain_text(value.text));
      if (network) {
        test.any.push_back(*network);
      } else {
        fail("bad-cidr", value.written.at, "'" + text + "' is no network", network_hint(text));
      }
    }
    return leaf(std::move(test));
  }

  /// The network that an address with bits behind its prefix lies in.
  static std::string network_hint(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto address = engine::parse_address(text.substr(0, slash));
    if (!address || slash == std::string::npos)
      return "write an IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32";
    const int most = text.find(':') == std::string::npos ? 32 : 128;
    for (int bits = 0; bits <= most; ++bits) {
      if (text.substr(slash + 1) != std::to_string(bits)) continue;
      engine::Network network{*address, bits + 128 - most};
      for (int bit = network.prefix_bits; bit < 128; ++bit) {
        network.address[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> bit % 8));
      }
      return "bits after the prefix are set; did you mean " + engine::format_network(network) + "?";
    }
    return "the prefix is a number from 0 to " + std::to_string(most);
  }

  Expression comparisons(const std::vector<FieldValue>& values) {
    std::vector<Expression> tests;
    for (const FieldValue& value : values) {
      const auto number = parse_number(value.written);
      if (!number) continue;
      if (state_.time_part) {
        tests.push_back(leaf(engine::TimePartTest{*state_.time_part, state_.comparison, *number}));
      } else {
        tests.push_back(leaf(engine::CompareTest{state_.comparison, *number}));
      }
    }
    return any(std::move(tests));
  }

  Expression references(const std::vector<FieldValue>& values) {
    std::vector<Expression> tests;
    for (const FieldValue& value : values) {
      if (has_wildcard(value.text) || value.text.empty()) {
        fail("modifier-value", value.written.at, "'" + value.written.text + "' is no field's name",
             "write the path of one field, without wildcards");
        continue;
      }
      const engine::FieldId other = field(plain_text(value.text));
      tests.push_back(leaf(engine::FieldRefTest{other, state_.how, state_.cased}));
      others_.push_back(other);
    }
    return any(std::move(tests));
  }

  Expression existence(const FieldValue& value) {
    Expression exists = leaf(engine::ExistsTest{});
    return engine::fold(value.written.text) == "true" ? exists : Expression::negate(std::move(exists));
  }

  /// `neq`: there is a value (also on the other side of a reference), and none passes.
  Expression negated(Expression test) {
    std::vector<Expression> all;
    all.push_back(Expression::negate(std::move(test)));
    all.push_back(has_value(field_));
    for (const engine::FieldId other : others_) all.push_back(has_value(other));
    return Expression::all(std::move(all));
  }

  std::optional<double> parse_number(const Scalar& value) {
    double number = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stopped, error] = std::from_chars(value.text.data(), end, number);
    if (error == std::errc{} && stopped == end) return number;
    fail("bad-number", value.at, value.text + " is beyond the range of numbers",
         "put it in quotes to compare it as text");
    return std::nullopt;
  }

  const FieldItem& item_;
  const ItemState& state_;
  ItemContext& context_;
  const engine::FieldId field_;
  std::vector<engine::FieldId> others_;  // of fieldref
  bool failed_ = false;
};

}  // namespace

std::optional<Expression> compile_item(const FieldItem& item, ItemContext& context) {
  const auto state = apply_modifiers(item, context.lists, context.title, context.diagnostics);
  if (!state) return std::nullopt;
  return ItemCompiler(item, *state, context).compile();
}

}  // namespace tripline::rules
