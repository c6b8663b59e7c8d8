#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/matcher.h"
#include "rules/query.h"
#include "tests/support/events.h"

namespace tripline {
namespace {

using Random = std::mt19937;

int roll(Random& random, int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(random); }

/// A text with wildcards, character by character.
struct Letter {
  enum class Kind { kText, kMany, kOne } kind = Kind::kText;
  char c = 0;
};
using Letters = std::vector<Letter>;

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// The oracle of patterns: tries every way.
bool matches(const Letters& pattern, std::size_t p, const std::string& text, std::size_t t) {
  if (p == pattern.size()) return t == text.size();
  switch (pattern[p].kind) {
    case Letter::Kind::kMany:
      return matches(pattern, p + 1, text, t) || (t < text.size() && matches(pattern, p, text, t + 1));
    case Letter::Kind::kOne:
      return t < text.size() && matches(pattern, p + 1, text, t + 1);
    case Letter::Kind::kText:
      return t < text.size() && folded(text[t]) == folded(pattern[p].c) && matches(pattern, p + 1, text, t + 1);
  }
  return false;
}

bool occurs(Letters pattern, const std::string& text) {
  pattern.insert(pattern.begin(), Letter{Letter::Kind::kMany});
  pattern.push_back(Letter{Letter::Kind::kMany});
  return matches(pattern, 0, text, 0);
}

/// A record with the fields `A` and `b.c`, each with any number of texts.
struct Sample {
  std::vector<std::string> values[2];
};
constexpr std::string_view kPaths[] = {"A", "b.c"};

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string json_of(const std::vector<std::string>& values) {
  if (values.size() == 1) return json_text(values[0]);
  std::string out = "[";
  for (const auto& value : values) out += (out.size() > 1 ? "," : "") + json_text(value);
  return out + "]";
}

std::string json_of(const Sample& sample) {
  std::string out = "{";
  if (!sample.values[0].empty()) out += "\"A\":" + json_of(sample.values[0]);
  if (!sample.values[1].empty())
    out += std::string(out.size() > 1 ? "," : "") + "\"b\":{\"c\":" + json_of(sample.values[1]) + "}";
  return out + "}";
}

/// A query as a tree.
struct Node {
  enum class Kind { kAll, kAny, kNot, kField, kKeyword } kind = Kind::kKeyword;
  std::vector<Node> children;
  int field = 0;
  Letters text;
};

bool holds(const Node& node, const Sample& sample) {
  switch (node.kind) {
    case Node::Kind::kNot:
      return !holds(node.children[0], sample);
    case Node::Kind::kAll:
      for (const auto& child : node.children) {
        if (!holds(child, sample)) return false;
      }
      return true;
    case Node::Kind::kAny:
      for (const auto& child : node.children) {
        if (holds(child, sample)) return true;
      }
      return false;
    case Node::Kind::kField: {
      const auto& values = sample.values[node.field];
      bool wild = false;
      for (const auto& letter : node.text) wild = wild || letter.kind != Letter::Kind::kText;
      for (const auto& value : values) {
        if (matches(node.text, 0, value, 0)) return true;
      }
      // an array offers its compact text to wildcards
      return wild && values.size() > 1 && matches(node.text, 0, json_of(values), 0);
    }
    case Node::Kind::kKeyword: {
      bool everything = true;  // `*` alone
      for (const auto& letter : node.text) everything = everything && letter.kind == Letter::Kind::kMany;
      if (everything) return true;
      std::vector<std::string> texts;
      if (!sample.values[0].empty()) texts.emplace_back("A");
      if (!sample.values[1].empty()) texts.insert(texts.end(), {"b", "c"});
      for (const auto& values : sample.values) texts.insert(texts.end(), values.begin(), values.end());
      for (const auto& text : texts) {
        if (occurs(node.text, text)) return true;
      }
      return false;
    }
  }
  return false;
}

constexpr std::string_view kAlphabet = "abcAB*?\"\\:()-! [{<>|&";

std::string random_text(Random& random, int longest) {
  std::string out;
  for (int i = roll(random, longest + 1); i > 0; --i) {
    out += kAlphabet[static_cast<std::size_t>(roll(random, roll(random, 2) ? 5 : static_cast<int>(kAlphabet.size())))];
  }
  return out;
}

Letters random_pattern(Random& random) {
  Letters out;
  for (char c : random_text(random, 4)) out.push_back({Letter::Kind::kText, c});
  for (int wild = roll(random, 3); wild > 0 && !out.empty(); --wild) {
    out[static_cast<std::size_t>(roll(random, static_cast<int>(out.size())))] = {
        roll(random, 2) ? Letter::Kind::kMany : Letter::Kind::kOne, 0};
  }
  return out;
}

Node random_node(Random& random, int depth) {
  Node node;
  const int kind = depth == 0 ? 3 + roll(random, 2) : roll(random, 5);
  node.kind = static_cast<Node::Kind>(kind);
  if (kind <= 1) {
    for (int i = 2 + roll(random, 2); i > 0; --i) node.children.push_back(random_node(random, depth - 1));
  } else if (kind == 2) {
    node.children.push_back(random_node(random, depth - 1));
  } else {
    node.field = roll(random, 2);
    do {
      node.text = random_pattern(random);
    } while (node.kind == Node::Kind::kKeyword && node.text.empty());
  }
  return node;
}

/// Quoted where it can be, now and then; else with every special character escaped.
std::string print_text(const Letters& text, Random& random) {
  bool wild = false;
  std::string plain, escaped;
  for (const auto& letter : text) {
    if (letter.kind != Letter::Kind::kText) {
      wild = true;
      escaped += letter.kind == Letter::Kind::kMany ? '*' : '?';
      continue;
    }
    plain += letter.c;
    if (std::string_view("abcAB|&").find(letter.c) == std::string_view::npos) escaped += '\\';
    escaped += letter.c;
  }
  const bool reads_as_operator = escaped == "||" || escaped == "&&";
  return !wild && (text.empty() || reads_as_operator || roll(random, 2)) ? json_text(plain) : escaped;
}

std::string print(const Node& node, Random& random) {
  const auto blank = [&] {
    return std::string(static_cast<std::size_t>(1 + roll(random, 2)), roll(random, 4) ? ' ' : '\t');
  };
  const auto join = [&](std::vector<std::string> operators) {
    std::string out = "(";
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const auto& op = operators[static_cast<std::size_t>(roll(random, static_cast<int>(operators.size())))];
      if (i > 0) out += blank() + op + (op.empty() ? "" : blank());
      out += print(node.children[i], random);
    }
    return out + ")";
  };
  switch (node.kind) {
    case Node::Kind::kAll:
      return join({"", "AND", "&&"});
    case Node::Kind::kAny: {
      // values of one field may share it
      bool one_field = true;
      for (const auto& child : node.children) {
        one_field = one_field && child.kind == Node::Kind::kField && child.field == node.children[0].field;
      }
      if (!one_field || roll(random, 2)) return join({"OR", "||"});
      std::string out = std::string(kPaths[node.children[0].field]) + ":(";
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        out += (i > 0 ? blank() + "OR" + blank() : "") + print_text(node.children[i].text, random);
      }
      return out + ")";
    }
    case Node::Kind::kNot: {
      const std::string signs[] = {"-", "!", "NOT" + blank()};
      return signs[roll(random, 3)] + print(node.children[0], random);
    }
    case Node::Kind::kField:
      return std::string(kPaths[node.field]) + ":" + print_text(node.text, random);
    case Node::Kind::kKeyword:
      return print_text(node.text, random);
  }
  return "";
}

TEST(QueryProperty, CompiledQueriesFindWhatTheirTreesFind) {
  Random random(20261120);
  int found = 0;
  constexpr int kQueries = 4000;
  for (int i = 0; i < kQueries; ++i) {
    const Node node = random_node(random, 3);
    const std::string text = print(node, random);
    SCOPED_TRACE(text);
    engine::RuleSet rules(/*cloudtrail=*/false);
    const auto compiled = rules::compile_query(text, rules);
    if (const auto* error = std::get_if<rules::QueryError>(&compiled)) {
      FAIL() << error->column << ": " << error->message;
    }
    for (int j = 0; j < 5; ++j) {
      Sample sample;
      for (auto& values : sample.values) {
        for (int n = roll(random, 3); n > 0; --n) values.push_back(random_text(random, 4));
      }
      const std::string json = json_of(sample);
      SCOPED_TRACE(json);
      tests::OwnedEvent event(rules.fields, json);
      ASSERT_TRUE(event.read());
      const bool expected = holds(node, sample);
      found += expected;
      ASSERT_EQ(engine::holds(std::get<engine::Expression>(compiled), rules, *event), expected);
    }
  }
  EXPECT_GT(found, kQueries);  // of 5 events a query: the samples are not all of one kind
  EXPECT_LT(found, 4 * kQueries);
}

}  // namespace
}  // namespace tripline
