#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "tests/support/slow_evaluate.h"

namespace tripline::tests {
namespace {

struct NotJson : std::runtime_error {
  NotJson() : std::runtime_error("not JSON") {}
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Json whole() {
    Json json = value();
    blanks();
    if (at_ != text_.size()) throw NotJson();
    return json;
  }

 private:
  char peek() {
    if (at_ == text_.size()) throw NotJson();
    return text_[at_];
  }
  char next() {
    const char c = peek();
    ++at_;
    return c;
  }
  void expect(char c) {
    if (next() != c) throw NotJson();
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  Json value() {
    blanks();
    Json json;
    if (peek() == '{') {
      json.type = Json::Type::kObject;
      list('}', [&] {
        std::string key = string();
        blanks();
        expect(':');
        json.members.push_back({std::move(key), value()});
      });
    } else if (peek() == '[') {
      json.type = Json::Type::kArray;
      list(']', [&] { json.items.push_back(value()); });
    } else if (peek() == '"') {
      json.type = Json::Type::kString;
      json.text = string();
    } else {
      while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) {
        json.text += next();
      }
      json.type = word(json.text);
    }
    return json;
  }

  static Json::Type word(const std::string& text) {
    if (text == "null") return Json::Type::kNull;
    if (text == "true" || text == "false") return Json::Type::kBool;
    if (text.find_first_not_of("-+.eE0123456789") != std::string::npos) throw NotJson();
    if (text.empty() || !isdigit(static_cast<unsigned char>(text.back()))) throw NotJson();
    return Json::Type::kNumber;
  }

  template <class Item>
  void list(char end, Item item) {
    next();
    blanks();
    if (peek() == end) {
      next();
      return;
    }
    for (;;) {
      blanks();
      item();
      blanks();
      const char c = next();
      if (c == end) return;
      if (c != ',') throw NotJson();
    }
  }

  unsigned long four_digits() {
    if (at_ + 4 > text_.size()) throw NotJson();
    at_ += 4;
    return std::strtoul(std::string(text_.substr(at_ - 4, 4)).c_str(), nullptr, 16);
  }

  /// After `\\u`: one escape, or the two that stand for a character past the first 65,536.
  unsigned long code_point() {
    const unsigned long high = four_digits();
    if (high < 0xd800 || high > 0xdbff) return high;
    expect('\\');
    expect('u');
    return 0x10000 + ((high - 0xd800) << 10) + (four_digits() - 0xdc00);
  }

  static void add_utf8(unsigned long code, std::string& out) {
    const auto add = [&out](unsigned long byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
      add(code);
    } else if (code < 0x800) {
      add(0xc0 | code >> 6);
      add(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      add(0xe0 | code >> 12);
      add(0x80 | (code >> 6 & 0x3f));
      add(0x80 | (code & 0x3f));
    } else {
      add(0xf0 | code >> 18);
      add(0x80 | (code >> 12 & 0x3f));
      add(0x80 | (code >> 6 & 0x3f));
      add(0x80 | (code & 0x3f));
    }
  }

  std::string string() {
    expect('"');
    std::string out;
    while (peek() != '"') {
      char c = next();
      if (c == '\\') {
        c = next();
        const std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
        if (c == 'u') {
          add_utf8(code_point(), out);
          continue;
        } else if (from.find(c) == std::string_view::npos) {
          throw NotJson();
        } else {
          c = to[from.find(c)];
        }
      } else if (static_cast<unsigned char>(c) < 0x20) {
        throw NotJson();
      }
      out += c;
    }
    next();
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    if (plain.find(c) != std::string_view::npos) {
      out += '\\';
      out += letters[plain.find(c)];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

Json parse_json(std::string_view text) { return Parser(text).whole(); }

bool is_json(std::string_view text) {
  try {
    parse_json(text);
    return true;
  } catch (const NotJson&) {
    return false;
  }
}

std::string compact(const Json& json) {
  std::string out;
  switch (json.type) {
    case Json::Type::kNull:
      return "null";
    case Json::Type::kBool:
    case Json::Type::kNumber:
      return json.text;
    case Json::Type::kString:
      return quoted(json.text);
    case Json::Type::kArray:
      for (const auto& item : json.items) out += (out.empty() ? "" : ",") + compact(item);
      return '[' + out + ']';
    case Json::Type::kObject:
      for (const auto& [key, value] : json.members) {
        out += (out.empty() ? "" : ",") + quoted(key) + ':' + compact(value);
      }
      return '{' + out + '}';
  }
  return out;
}

}  // namespace tripline::tests
