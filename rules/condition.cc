#include "rules/condition.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/text.h"

namespace tripline::rules {
namespace {

struct Token {
  enum class Kind { kWord, kOpen, kClose, kPipe, kOther, kEnd } kind;
  std::string_view text;
  int column;  // from 1
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '*';
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  while (i < text.size()) {
    if (is_blank(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    auto kind = Token::Kind::kOther;
    if (is_word(text[i])) {
      kind = Token::Kind::kWord;
      while (i < text.size() && is_word(text[i])) ++i;
    } else {
      if (text[i] == '(') kind = Token::Kind::kOpen;
      if (text[i] == ')') kind = Token::Kind::kClose;
      if (text[i] == '|') kind = Token::Kind::kPipe;
      ++i;
      // A doubled operator of other languages, or one whole UTF-8 character, is
      // one token of the message.
      if (kind == Token::Kind::kPipe && i < text.size() && text[i] == '|') {
        kind = Token::Kind::kOther;
        ++i;
      } else if (kind == Token::Kind::kOther) {
        const char first = text[begin];
        while (i < text.size() && (text[i] == first || (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80)) ++i;
      }
    }
    tokens.push_back({kind, text.substr(begin, i - begin), static_cast<int>(begin) + 1});
  }
  tokens.push_back({Token::Kind::kEnd, {}, static_cast<int>(text.size()) + 1});
  return tokens;
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  std::variant<Condition, ConditionError> parse() {
    if (peek().kind == Token::Kind::kEnd) {
      return ConditionError{"condition-syntax", 1, "the condition is empty",
                            "name a search, e.g. `condition: selection`"};
    }
    std::optional<Condition> condition = any();
    if (condition && peek().kind != Token::Kind::kEnd) refuse_what_follows();
    if (error_) return std::move(*error_);
    return std::move(*condition);
  }

 private:
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[next_++]; }  // never called at kEnd
  bool at_keyword(std::string_view keyword, std::size_t ahead = 0) const {
    return peek(ahead).kind == Token::Kind::kWord && engine::fold(peek(ahead).text) == keyword;
  }

  std::nullopt_t fail(int column, std::string message, std::string hint = "", std::string code = "condition-syntax") {
    if (!error_) error_ = ConditionError{std::move(code), column, std::move(message), std::move(hint)};
    return std::nullopt;
  }

  std::optional<Condition> any() { return chain("or", Condition::Kind::kOr, &Parser::all); }
  std::optional<Condition> all() { return chain("and", Condition::Kind::kAnd, &Parser::negation); }

  /// One or more of what binds tighter, with `keyword` between them.
  std::optional<Condition> chain(std::string_view keyword, Condition::Kind kind,
                                 std::optional<Condition> (Parser::*tighter)()) {
    Condition node{.kind = kind, .name = {}, .all = false, .children = {}, .column = peek().column};
    while (true) {
      std::optional<Condition> child = (this->*tighter)();
      if (!child) return std::nullopt;
      if (child->kind == kind) {
        std::move(child->children.begin(), child->children.end(), std::back_inserter(node.children));
      } else {
        node.children.push_back(std::move(*child));
      }
      if (!at_keyword(keyword)) break;
      take();
    }
    if (node.children.size() == 1) {
      Condition only = std::move(node.children.front());
      return only;
    }
    return node;
  }

  std::optional<Condition> negation() {
    if (!at_keyword("not")) return operand();
    const int column = take().column;
    if (++depth_ > kMaxConditionDepth) return too_deep(column);
    std::optional<Condition> child = negation();
    --depth_;
    if (!child) return std::nullopt;
    Condition node{.kind = Condition::Kind::kNot, .name = {}, .all = false, .children = {}, .column = column};
    node.children.push_back(std::move(*child));
    return node;
  }

  std::optional<Condition> operand() {
    const Token& token = peek();
    switch (token.kind) {
      case Token::Kind::kOpen:
        return group();
      case Token::Kind::kWord:
        if (!at_keyword("and") && !at_keyword("or") && !at_keyword("of")) break;
        return fail(token.column, "`" + std::string(token.text) + "` has nothing on its left",
                    "put a search on both sides of it");
      case Token::Kind::kEnd:
        return fail(token.column, "the condition ends where a search is expected",
                    "finish it, or remove the last operator");
      case Token::Kind::kClose:
        return fail(token.column, "`)` stands where a search is expected");
      case Token::Kind::kPipe:
      case Token::Kind::kOther:
        return refuse_what_follows();
    }
    if (at_keyword("of", 1)) return quantified();
    take();
    if (token.text.find('*') != std::string_view::npos) {
      return fail(token.column, "`" + std::string(token.text) + "` is a pattern, not the name of a search",
                  "write `1 of " + std::string(token.text) + "` or `all of " + std::string(token.text) + "`");
    }
    return Condition{.kind = Condition::Kind::kName,
                     .name = std::string(token.text),
                     .all = false,
                     .children = {},
                     .column = token.column};
  }

  std::optional<Condition> group() {
    const int column = take().column;
    if (++depth_ > kMaxConditionDepth) return too_deep(column);
    std::optional<Condition> inside = any();
    --depth_;
    if (!inside) return std::nullopt;
    if (peek().kind == Token::Kind::kEnd) return fail(column, "this `(` is never closed", "add the missing `)`");
    if (peek().kind != Token::Kind::kClose) return refuse_what_follows();
    take();
    return inside;
  }

  /// `1 of pattern`; the caller saw the `of`.
  std::optional<Condition> quantified() {
    const Token& quantifier = take();
    const std::string word = engine::fold(quantifier.text);
    if (word != "1" && word != "any" && word != "all") {
      return fail(quantifier.column, "`" + std::string(quantifier.text) + " of` is not in Sigma's grammar",
                  is_number(word) ? "write `1 of` or `all of`, or spell the "
                                    "combinations out with and/or"
                                  : "write `1 of` or `all of`");
    }
    take();
    const Token& pattern = peek();
    if (pattern.kind != Token::Kind::kWord || at_keyword("and") || at_keyword("or") || at_keyword("not")) {
      return fail(pattern.column, "`" + std::string(quantifier.text) + " of` needs a pattern of search names",
                  "write e.g. `" + word + " of selection*` or `" + word + " of them`");
    }
    take();
    return Condition{.kind = Condition::Kind::kOf,
                     .name = at_them(pattern.text) ? "them" : std::string(pattern.text),
                     .all = word == "all",
                     .children = {},
                     .column = quantifier.column};
  }

  static bool at_them(std::string_view word) { return engine::fold(word) == "them"; }

  std::nullopt_t too_deep(int column) {
    return fail(column, "the condition nests deeper than " + std::to_string(kMaxConditionDepth),
                "split it into several searches", "condition-too-deep");
  }

  /// Says why the next token cannot stand where it does: after an operand, or
  /// where one should begin.
  std::nullopt_t refuse_what_follows() {
    const Token& token = peek();
    const std::string text(token.text);
    if (token.kind == Token::Kind::kPipe) {
      if (at_keyword("near", 1)) {
        return fail(token.column, "`| near` is not in Sigma any more",
                    "write a correlation of type temporal over two rules", "old-aggregation");
      }
      return fail(token.column, "aggregation in a condition (`| ...`) is not in Sigma any more",
                  "write a correlation of type event_count or value_count over this "
                  "rule",
                  "old-aggregation");
    }
    if (at_keyword("near")) {
      return fail(token.column, "`near` is not in Sigma any more",
                  "write a correlation of type temporal over two rules", "old-aggregation");
    }
    if (token.kind == Token::Kind::kClose) {
      return fail(token.column, "this `)` closes nothing", "remove it, or add the missing `(`");
    }
    if (token.kind == Token::Kind::kOther) {
      std::string hint = "search names are made of letters, digits, `_`, `-` and `.`";
      if (text[0] == '&') hint = "write `and`";
      if (text[0] == '|') hint = "write `or`";
      if (text[0] == '!') hint = "write `not`";
      return fail(token.column, "`" + printable(text) + "` has no meaning in a condition", hint);
    }
    std::string hint = "write `and` or `or` between them";
    if (next_ > 0 && token.kind == Token::Kind::kWord) {
      const Token& before = tokens_[next_ - 1];
      const std::string word = engine::fold(before.text);
      if (word == "1" || word == "any" || word == "all") hint = "write `" + word + " of " + text + "`";
    }
    return fail(token.column, "`" + text + "` follows without an operator", hint);
  }

  /// Control characters and broken UTF-8 do not belong in a message.
  static std::string printable(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return plain ? text : std::string("this character");
  }

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  std::optional<ConditionError> error_;
};

int tightness(Condition::Kind kind) {
  switch (kind) {
    case Condition::Kind::kOr:
      return 0;
    case Condition::Kind::kAnd:
      return 1;
    case Condition::Kind::kNot:
      return 2;
    case Condition::Kind::kName:
    case Condition::Kind::kOf:
      break;
  }
  return 3;
}

}  // namespace

std::variant<Condition, ConditionError> parse_condition(std::string_view text) { return Parser(text).parse(); }

std::string to_string(const Condition& condition) {
  const auto inside = [&](const Condition& child) {
    const bool loose = tightness(child.kind) < tightness(condition.kind);
    return loose ? "(" + to_string(child) + ")" : to_string(child);
  };
  switch (condition.kind) {
    case Condition::Kind::kName:
      return condition.name;
    case Condition::Kind::kOf:
      return (condition.all ? "all of " : "1 of ") + condition.name;
    case Condition::Kind::kNot:
      return "not " + inside(condition.children.front());
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      break;
  }
  std::string text;
  for (const Condition& child : condition.children) {
    if (!text.empty()) text += condition.kind == Condition::Kind::kAnd ? " and " : " or ";
    text += inside(child);
  }
  return text;
}

}  // namespace tripline::rules
