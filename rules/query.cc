#include "rules/query.h"

#include <optional>
#include <utility>
#include <vector>

#include "engine/ip.h"
#include "engine/text.h"
#include "rules/cloudtrail_fields.h"
#include "rules/cloudtrail_values.h"
#include "rules/query_word.h"

namespace tripline::rules {
namespace {

using engine::Expression;
using engine::Pattern;

constexpr int kMaxDepth = 100;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kWordEnd = " \t\r\n()\"";

struct Operator {
  std::string_view word;
  enum class Kind { kAnd, kOr, kNot } kind;
};
constexpr Operator kOperators[] = {
    {"AND", Operator::Kind::kAnd}, {"&&", Operator::Kind::kAnd},  {"OR", Operator::Kind::kOr},
    {"||", Operator::Kind::kOr},   {"NOT", Operator::Kind::kNot},
};

struct ComparisonSign {
  std::string_view sign;
  engine::Comparison comparison;
};
constexpr ComparisonSign kComparisonSigns[] = {
    {">=", engine::Comparison::kGte},
    {"<=", engine::Comparison::kLte},
    {">", engine::Comparison::kGt},
    {"<", engine::Comparison::kLt},
};

std::vector<Pattern::Part> literal(std::string text) {
  return {Pattern::Part{Pattern::Part::Kind::kText, std::move(text)}};
}

class Compiler {
 public:
  Compiler(std::string_view text, engine::RuleSet& into, std::vector<QueryWarning>* warnings)
      : text_(text), into_(into), warnings_(warnings) {}

  std::variant<Expression, QueryError> compile() {
    skip_blanks();
    if (at_end()) return QueryError{1, "the query is empty", "`*` finds everything"};
    auto whole = any_of();
    if (whole && !at_end()) fail(at_, "this `)` closes nothing", "remove it, or write `\\)` for the character itself");
    if (error_) return std::move(*error_);
    return std::move(*whole);
  }

 private:
  using Parsed = std::optional<Expression>;  // nothing: error_ is set

  Parsed any_of() {
    std::vector<Expression> parts;
    do {
      auto part = all_of();
      if (!part) return {};
      parts.push_back(std::move(*part));
    } while (take(Operator::Kind::kOr));
    return parts.size() == 1 ? std::move(parts[0]) : Expression::any(std::move(parts));
  }

  Parsed all_of() {
    std::vector<Expression> parts;
    do {
      auto part = unary();
      if (!part) return {};
      parts.push_back(std::move(*part));
      skip_blanks();
    } while (take(Operator::Kind::kAnd) || another_follows());
    return parts.size() == 1 ? std::move(parts[0]) : Expression::all(std::move(parts));
  }

  bool another_follows() const {
    const auto* op = here();
    return !at_end() && text_[at_] != ')' && !(op && op->kind == Operator::Kind::kOr);
  }

  Parsed unary() {
    bool negated = false;
    for (;;) {
      skip_blanks();
      if (take(Operator::Kind::kNot)) {
        negated = !negated;
      } else if (!at_end() && (text_[at_] == '-' || text_[at_] == '!')) {
        const auto sign = at_++;
        if (at_end() || kBlanks.find(text_[at_]) != std::string_view::npos || text_[at_] == ')') {
          return fail(sign, std::string("nothing follows `") + text_[sign] + "`",
                      "write it right before what to leave out, as in `-errorCode:*`");
        }
        negated = !negated;
      } else {
        break;
      }
    }
    auto operand = primary();
    if (operand && negated) return Expression::negate(std::move(*operand));
    return operand;
  }

  Parsed primary() {
    if (at_end() || text_[at_] == ')') {
      return fail(at_, "something to search for is missing here", "`*` finds everything");
    }
    if (const auto* op = here()) {
      return fail(at_, "`" + std::string(op->word) + "` has nothing before it",
                  "put it between two terms, or quote it to search for the word");
    }
    if (text_[at_] == '(') return group();
    if (text_[at_] == '"') {
      const auto begin = at_;
      auto phrase = quoted();
      if (!phrase) return {};
      if (!target_ && !at_end() && text_[at_] == ':') {
        ++at_;
        return value_of(std::move(*phrase));
      }
      if (!ends_here()) return fail(at_, "a blank is missing after the closing quote", "");
      if (target_) {
        warn_of_value(*phrase, begin);
        return equals(literal(std::move(*phrase)));
      }
      if (phrase->empty()) return fail(begin, "the phrase is empty", "`*` finds everything");
      return keyword(literal(std::move(*phrase)));
    }
    return word();
  }

  Parsed group() {
    const auto open = at_++;
    if (++depth_ > kMaxDepth) return fail(open, "parentheses are nested more than 100 deep", "");
    skip_blanks();
    if (!at_end() && text_[at_] == ')') return fail(open, "these parentheses are empty", "remove them");
    auto inside = any_of();
    if (!inside) return {};
    if (at_end()) {
      return fail(open, "this `(` is never closed", "add `)`, or write `\\(` for the character itself");
    }
    ++at_;
    --depth_;
    return inside;
  }

  Parsed word() {
    const auto begin = at_;
    if (is_regex(begin)) return refuse_regex(begin);
    const auto raw = read_word();
    if (!raw) return {};
    for (const auto& op : kOperators) {
      if (engine::fold(*raw) == engine::fold(op.word)) {
        return fail(begin, "`" + std::string(*raw) + "` joins terms only in capitals",
                    "write `" + std::string(op.word) + "`, or `\"" + std::string(*raw) + "\"` to search for the word");
      }
    }
    if (target_) {
      at_ = begin;
      return value();
    }
    if (const auto colon = find_plain(*raw, ":"); colon != std::string_view::npos && !is_free_text(*raw, colon)) {
      at_ = begin + colon + 1;
      const auto name = raw->substr(0, colon);
      if (!check_name(name, begin)) return {};
      return value_of(unescape(name));
    }
    if (raw->find_first_not_of('*') == std::string_view::npos) return Expression::constant(true);
    if (const auto field = into_.cloudtrail ? field_in_keyword(*raw) : std::nullopt) {
      warn(begin, "`" + std::string(*raw) + "` is looked for as text anywhere in a record",
           "did you mean `" + std::string(field->field) + ":" + std::string(field->value) + "`?");
    }
    return keyword(parts_of(*raw));
  }

  /// What stands after `field:`.
  Parsed value_of(std::string field) {
    target_ = std::move(field);
    Parsed result;
    if (ends_here()) {
      result = fail(at_, "a value is missing after `" + *target_ + ":`",
                    "`" + *target_ + ":*` finds records that have it, `" + *target_ + ":\"\"` those where it is empty");
    } else if (text_[at_] == '(') {
      result = group();
    } else if (text_[at_] == '"') {
      result = primary();
    } else {
      result = value();
    }
    target_.reset();
    return result;
  }

  /// One unquoted value of the target.
  Parsed value() {
    const auto begin = at_;
    if (is_regex(begin)) return refuse_regex(begin);
    const auto raw = read_word();
    if (!raw) return {};
    for (const auto& row : kComparisonSigns) {
      if (!raw->starts_with(row.sign)) continue;
      const auto* known = into_.cloudtrail ? find_cloudtrail_field(*target_) : nullptr;
      if (known && known->type == CloudTrailType::kTime) {
        return fail(begin + row.sign.size(),
                    "`" + *target_ + "` is a time, and `" + std::string(row.sign) + "` compares numbers",
                    "bound times with --from and --to");
      }
      const auto number = number_of(raw->substr(row.sign.size()));
      if (!number) {
        return fail(begin + row.sign.size(), "`" + std::string(row.sign) + "` compares numbers, and this is none",
                    "bound times with --from and --to; quote the value to search for the text");
      }
      return test(engine::CompareTest{row.comparison, *number});
    }
    if (raw->starts_with('[') || raw->starts_with('{')) {
      skip_blanks();
      if (text_.substr(at_).starts_with("TO ")) {
        return fail(begin, "ranges are not written with TO", "write two bounds: `field:>=1 field:<=5`");
      }
    }
    if (const auto number = number_of(*raw)) return test(engine::NumberTest{{*number}, {std::string(*raw)}});
    if (const auto slash = raw->find('/'); slash != std::string_view::npos) {
      if (const auto network = engine::parse_network(*raw)) return inside(*network, *raw);
      if (engine::parse_address(raw->substr(0, slash)) && number_of(raw->substr(slash + 1))) {
        return fail(begin, "this is no network: bits after its prefix are set, or the prefix is too long",
                    "write it as in `10.0.0.0/8`, or quote it to search for the text");
      }
    }
    if (raw->find(':') != std::string_view::npos) {  // an IPv6 address has more than one spelling
      if (const auto address = engine::parse_network(*raw)) return inside(*address, *raw);
    }
    if (find_plain(*raw, "*?") == std::string_view::npos) warn_of_value(unescape(*raw), begin);
    return equals(parts_of(*raw));
  }

  /// Whether `/expression/` of other query languages stands at `at`. Paths between slashes are none: of IAM, of log
  /// groups.
  bool is_regex(std::size_t at) const {
    auto word = text_.substr(at);
    word = word.substr(0, word.find_first_of(kBlanks));
    const auto last = word.rfind('/');
    if (!word.starts_with('/') || last < 2 || word.find_first_not_of(')', last + 1) != std::string_view::npos) {
      return false;
    }
    const auto inside = word.substr(1, last - 1);
    constexpr std::string_view kSigns[] = {".*", ".+", ".?", "[", "|", "^", "$", "(", "\\d", "\\w", "\\s", "\\."};
    for (const auto sign : kSigns) {
      if (inside.find(sign) != std::string_view::npos) return true;
    }
    const auto* known = target_ && into_.cloudtrail ? find_cloudtrail_field(*target_) : nullptr;
    return known && known->type == CloudTrailType::kString;  // no path stands in one of CloudTrail's own fields
  }

  std::nullopt_t refuse_regex(std::size_t at) {
    return fail(at, "a search has no regular expressions",
                "`*` stands for any text and `?` for one character, as in `eventName:Create*`; rules have `|re`; "
                "quote the value to search for the text");
  }

  void warn_of_value(std::string_view value, std::size_t begin) {
    if (!into_.cloudtrail) return;
    if (const auto wrong = check_value(*target_, value)) warn(begin, wrong->message, wrong->hint);
  }

  void warn(std::size_t at, std::string message, std::string hint) {
    if (warnings_) warnings_->push_back({column_of(at), std::move(message), std::move(hint)});
  }

  Parsed inside(const engine::Network& network, std::string_view written) {
    // `0.0.0.0/0` is searched for as the text of a security group's range too.
    std::vector<Expression> either;
    either.push_back(*test(engine::CidrTest{{network}}));
    either.push_back(*equals(literal(std::string(written))));
    return Expression::any(std::move(either));
  }

  Parsed equals(std::vector<Pattern::Part> parts) {
    return test(engine::TextTest{{Pattern(std::move(parts), /*cased=*/false)}});
  }

  Parsed test(engine::Test test) {
    return Expression::of(into_.predicates.intern({into_.fields.intern(*target_), std::move(test)}));
  }

  Parsed keyword(std::vector<Pattern::Part> parts) {
    return Expression::of(
        into_.predicates.intern({engine::kNoField, engine::KeywordTest{{Pattern(std::move(parts), /*cased=*/false)}}}));
  }

  bool check_name(std::string_view raw, std::size_t begin) {
    const auto name = unescape(raw);
    if (name.empty()) {
      fail(begin, "a field name is missing before `:`", "write `\\:` to search for the character itself");
    } else if (find_plain(raw, "*?") != std::string_view::npos) {
      fail(begin, "a field name takes no wildcards",
           "`*` alone finds everything; quote the term to search for the text");
    } else if (into_.cloudtrail) {
      const auto check = check_cloudtrail_field(name);
      if (check.kind == FieldCheck::Kind::kKnown || check.kind == FieldCheck::Kind::kOpen) return true;
      const std::string as_is = "`\"" + name + "\":` takes the name as it is";
      fail(begin, "CloudTrail has no field `" + name + "`",
           check.suggestion.empty() ? as_is + "; quote the whole term to search for it as text"
                                    : "did you mean `" + check.suggestion + "`? " + as_is);
    }
    return !error_;
  }

  /// A phrase in quotes; at_ is then after the closing one.
  std::optional<std::string> quoted() {
    const auto open = at_++;
    std::string out;
    for (; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return out;
      }
      const bool escape = c == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      out += text_[at_];
    }
    fail(open, "this quote is never closed", "add `\"`, or write `\\\"` for the character itself");
    return {};
  }

  std::optional<std::string_view> read_word() {
    const auto begin = at_;
    const auto end = std::min(find_plain(text_, kWordEnd, begin), text_.size());
    if (end < text_.size() && (text_[end] == '"' || text_[end] == '(')) {
      // `field:"…"` and `field:(…)` are read by the caller, who has the name from the part before
      const bool after_name = !target_ && end > begin && text_[end - 1] == ':';
      if (!after_name) {
        const auto slash = text_.substr(begin, end - begin).find(":/");
        if (slash != std::string_view::npos && is_regex(begin + slash + 1)) return refuse_regex(begin + slash + 1);
        const bool after_equals = !target_ && end > begin && text_[end - 1] == '=';
        fail(end, std::string("`") + text_[end] + "` stands inside a word",
             after_equals ? "a field and its value are joined by `:`, as in `eventName:CreateUser`"
                          : "put a blank before it, or quote the whole");
        return {};
      }
    }
    at_ = end;
    return text_.substr(begin, end - begin);
  }

  /// The operator that stands here as a word of its own, or null.
  const Operator* here() const {
    const auto rest = text_.substr(at_);
    for (const auto& op : kOperators) {
      if (!rest.starts_with(op.word)) continue;
      if (rest.size() == op.word.size() || kWordEnd.find(rest[op.word.size()]) != std::string_view::npos) return &op;
    }
    return nullptr;
  }

  bool take(Operator::Kind kind) {
    skip_blanks();
    const auto* op = here();
    if (!op || op->kind != kind) return false;
    at_ += op->word.size();
    return true;
  }

  bool at_end() const { return at_ >= text_.size(); }
  bool ends_here() const { return at_end() || text_[at_] == ')' || kBlanks.find(text_[at_]) != std::string_view::npos; }
  void skip_blanks() {
    while (!at_end() && kBlanks.find(text_[at_]) != std::string_view::npos) ++at_;
  }

  std::nullopt_t fail(std::size_t at, std::string message, std::string hint) {
    if (error_) return std::nullopt;
    error_ = QueryError{column_of(at), std::move(message), std::move(hint)};
    return std::nullopt;
  }

  int column_of(std::size_t at) const {
    int column = 1;
    for (char c : text_.substr(0, at)) column += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return column;
  }

  std::string_view text_;
  engine::RuleSet& into_;
  std::vector<QueryWarning>* warnings_;  // null: nobody wants them
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<std::string> target_;  // the field that values belong to; none: words are free text
  std::optional<QueryError> error_;
};

}  // namespace

std::variant<Expression, QueryError> compile_query(std::string_view text, engine::RuleSet& into,
                                                   std::vector<QueryWarning>* warnings) {
  return Compiler(text, into, warnings).compile();
}

}  // namespace tripline::rules
