#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "rules/lowering.h"
#include "tests/support/searches.h"

namespace tripline::rules {
namespace {

/// A field's values as a person would list them: nothing when missing; `array` when they stand in one.
struct Values {
  std::vector<Scalar> list;
  bool array = false;
};
using Record = std::map<std::string, Values>;

std::string json_of(const Scalar& scalar) {
  if (scalar.kind != Scalar::Kind::kString) return scalar.text;
  std::string text = "\"";
  for (const char c : scalar.text) text += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

std::string json_of(const Values& values) {
  if (!values.array) return json_of(values.list.front());
  std::string text = "[";
  for (const Scalar& scalar : values.list) text += (text.size() == 1 ? "" : ",") + json_of(scalar);
  return text + "]";
}

std::string json_of(const Record& record) {
  std::string text = "{\"other\":0";
  for (const auto& [name, values] : record) text += ",\"" + name + "\":" + json_of(values);
  return text + "}";
}

// The oracle: design, "Fields", word by word, on plain lists.

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// A Sigma string with its escapes against a whole text, by trying everything.
bool whole(std::string_view sigma, std::string_view text) {
  if (sigma.empty()) return text.empty();
  if (sigma[0] == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (whole(sigma.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (sigma[0] == '?') return whole(sigma.substr(1), text.substr(1));
  const bool escapes =
      sigma[0] == '\\' && sigma.size() > 1 && std::string_view("*?\\").find(sigma[1]) != std::string_view::npos;
  if (escapes) sigma.remove_prefix(1);
  return sigma[0] == text[0] && whole(sigma.substr(1), text.substr(1));
}

bool has_wildcard(std::string_view sigma) {
  for (std::size_t i = 0; i < sigma.size(); ++i) {
    if (sigma[i] == '\\') {
      ++i;
    } else if (sigma[i] == '*' || sigma[i] == '?') {
      return true;
    }
  }
  return false;
}

class Oracle {
 public:
  Oracle(const FieldItem& item, const Record& record) : item_(item), record_(record) {}

  bool holds() const {
    if (item_.field.empty()) return joined([&](const Scalar& wanted) { return keyword(wanted); });
    const bool passes = joined([&](const Scalar& wanted) { return some_value(wanted); });
    if (!is("neq")) return passes;
    if (is("fieldref")) {
      for (const Scalar& wanted : item_.values) {
        if (!has_value(wanted.text)) return false;
      }
    }
    return !passes && has_value(item_.field);
  }

 private:
  bool is(std::string_view modifier) const {
    return std::find(item_.modifiers.begin(), item_.modifiers.end(), modifier) != item_.modifiers.end();
  }

  template <class Test>
  bool joined(Test test) const {
    const auto& values = item_.values;
    return is("all") ? std::all_of(values.begin(), values.end(), test)
                     : std::any_of(values.begin(), values.end(), test);
  }

  const Values& values(const std::string& field) const {
    static const Values none;
    const auto found = record_.find(field);
    return found == record_.end() ? none : found->second;
  }

  bool has_value(const std::string& field) const {
    const Values& all = values(field);
    return all.array || std::any_of(all.list.begin(), all.list.end(),
                                    [](const Scalar& value) { return value.kind != Scalar::Kind::kNull; });
  }

  std::string cased(const std::string& text) const { return is("cased") ? text : lower_case(text); }

  bool some_value(const Scalar& wanted) const {
    const Values& all = values(item_.field);
    if (is("exists")) return (all.array || !all.list.empty()) == (wanted.text == "true");
    if (wanted.kind == Scalar::Kind::kNull) return !has_value(item_.field);
    if (is("fieldref")) {
      for (const Scalar& other : values(wanted.text).list) {
        if (other.kind == Scalar::Kind::kNull) continue;
        for (const Scalar& value : all.list) {
          if (value.kind == Scalar::Kind::kNull) continue;
          const bool numbers = value.kind == Scalar::Kind::kNumber && other.kind == Scalar::Kind::kNumber;
          if (numbers && whole_only() && std::stod(value.text) == std::stod(other.text)) return true;
          if (related(cased(value.text), cased(other.text))) return true;
        }
        if (all.array && !whole_only() && related(cased(json_of(all)), cased(other.text))) return true;
      }
      return false;
    }
    for (const Scalar& value : all.list) {
      if (value.kind != Scalar::Kind::kNull && passes(wanted, value)) return true;
    }
    if (!all.array || is("lt") || is("gte")) return false;
    return (!whole_only() || has_wildcard(wanted.text)) && text_passes(wanted.text, json_of(all));
  }

  bool whole_only() const { return !is("contains") && !is("startswith") && !is("endswith"); }

  bool related(const std::string& text, const std::string& part) const {
    if (is("contains")) return text.find(part) != std::string::npos;
    if (is("startswith")) return text.starts_with(part);
    if (is("endswith")) return text.ends_with(part);
    return text == part;
  }

  bool passes(const Scalar& wanted, const Scalar& value) const {
    if (wanted.kind == Scalar::Kind::kNumber && (is("lt") || is("gte"))) {
      const bool number =
          value.kind == Scalar::Kind::kNumber ||
          (value.kind == Scalar::Kind::kString && !value.text.empty() &&
           std::all_of(value.text.begin(), value.text.end(), [](char c) { return c >= '0' && c <= '9'; }));
      if (!number) return false;
      return is("lt") ? std::stod(value.text) < std::stod(wanted.text)
                      : std::stod(value.text) >= std::stod(wanted.text);
    }
    if (wanted.kind == Scalar::Kind::kNumber && value.kind == Scalar::Kind::kNumber && whole_only()) {
      return std::stod(wanted.text) == std::stod(value.text);
    }
    return text_passes(wanted.text, value.text);
  }

  /// The value's text has a beginning, an end or a part that is the wanted one, or is it whole.
  bool text_passes(const std::string& wanted, const std::string& text) const {
    for (std::size_t begin = 0; begin <= text.size(); ++begin) {
      for (std::size_t end = begin; end <= text.size(); ++end) {
        const bool from_start = begin == 0 || is("contains") || is("endswith");
        const bool to_end = end == text.size() || is("contains") || is("startswith");
        if (from_start && to_end && whole(cased(wanted), cased(text.substr(begin, end - begin)))) return true;
      }
    }
    return false;
  }

  bool keyword(const Scalar& wanted) const {
    const auto inside = [&](const std::string& text) {
      for (std::size_t begin = 0; begin <= text.size(); ++begin) {
        for (std::size_t end = begin; end <= text.size(); ++end) {
          if (whole(cased(wanted.text), cased(text.substr(begin, end - begin)))) return true;
        }
      }
      return false;
    };
    if (inside("other") || inside("0")) return true;
    for (const auto& [name, all] : record_) {
      if (inside(name)) return true;
      for (const Scalar& value : all.list) {
        if (inside(value.text)) return true;
      }
    }
    return false;
  }

  const FieldItem& item_;
  const Record& record_;
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }

  std::string text(std::string_view alphabet, unsigned most) {
    std::string made;
    for (unsigned left = below(most + 1); left > 0; --left)
      made += alphabet[below(static_cast<unsigned>(alphabet.size()))];
    return made;
  }

  Scalar recorded() {
    switch (below(8)) {
      case 0:
        return tests::Given(nullptr);
      case 1:
        return tests::Given(one_in(2));
      case 2:
      case 3:
        return tests::number(one_in(3) ? "1.0" : std::to_string(below(4)));
      default:
        return tests::Given(text("abAB\\*1", 4));
    }
  }

  Record record() {
    Record made;
    for (const char* const name : {"f", "g", "h"}) {
      if (one_in(4)) continue;
      Values& values = made[name];
      values.array = one_in(3);
      for (unsigned left = values.array ? below(4) : 1; left > 0; --left) values.list.push_back(recorded());
    }
    return made;
  }

  FieldItem item() {
    static const std::vector<std::string> kChains[] = {
        {},
        {"contains"},
        {"startswith"},
        {"endswith"},
        {"cased"},
        {"contains", "cased"},
        {"cased", "endswith"},
        {"contains", "all"},
        {"startswith", "neq"},
        {"neq"},
        {"lt"},
        {"gte"},
        {"lt", "neq"},
        {"exists"},
        {"fieldref"},
        {"fieldref", "contains"},
        {"fieldref", "startswith", "cased"},
        {"fieldref", "endswith", "neq"},
        {"fieldref", "neq"},
    };
    FieldItem made;
    const bool keyword = one_in(10);
    if (!keyword) made.field = std::string(1, "fgh"[below(3)]);
    made.modifiers = keyword ? (one_in(2) ? std::vector<std::string>{} : std::vector<std::string>{"all"})
                             : kChains[below(std::size(kChains))];
    const auto has = [&](std::string_view name) {
      return std::find(made.modifiers.begin(), made.modifiers.end(), name) != made.modifiers.end();
    };
    const unsigned count = has("exists") ? 1 : has("all") ? 2 + below(2) : 1 + below(3);
    for (unsigned i = 0; i < count; ++i) {
      if (has("exists")) {
        made.values.push_back(tests::Given(one_in(2)));
      } else if (has("lt") || has("gte")) {
        made.values.push_back(tests::Given(static_cast<int>(below(4))));
      } else if (has("fieldref")) {
        made.values.push_back(tests::Given(std::string(1, "fgh"[below(3)])));
      } else if (made.modifiers.empty() && !keyword && count == 1 && one_in(4)) {
        made.values.push_back(tests::Given(nullptr));
      } else if (one_in(4)) {
        made.values.push_back(one_in(3) ? Scalar(tests::Given(one_in(2)))
                                        : Scalar(tests::number(std::to_string(below(4)))));
      } else {
        made.values.push_back(tests::Given(text("abA\\*?", 4)));
      }
    }
    return made;
  }

 private:
  std::mt19937 engine_;
};

TEST(LoweringProperty, RandomSearchesMeanWhatTheSlowReaderSays) {
  Random random(20260116);
  int held = 0;
  int judged = 0;
  for (int round = 0; round < 1'500; ++round) {
    Search search = tests::search("selection", {});
    search.any.clear();
    for (unsigned maps = 1 + random.below(2); maps > 0; --maps) {
      std::vector<FieldItem>& map = search.any.emplace_back();
      for (unsigned items = 1 + random.below(2); items > 0; --items) map.push_back(random.item());
    }
    const bool negated = random.one_in(3);
    const tests::Compiled made(tests::detection({search}, {negated ? "not selection" : "selection"}));
    if (!made.expression) {  // plain to see that it never holds; so the oracle must see too
      ASSERT_EQ(made.diagnostics.all().front().code->code, "never-matches") << made.said();
    }
    for (int events = 0; events < 8; ++events) {
      const Record record = random.record();
      const bool expected = negated != std::any_of(search.any.begin(), search.any.end(), [&](const auto& map) {
                              return std::all_of(map.begin(), map.end(),
                                                 [&](const FieldItem& item) { return Oracle(item, record).holds(); });
                            });
      std::string shown = json_of(record);
      for (const auto& map : search.any) {
        shown += "\n-";
        for (const FieldItem& item : map) {
          shown += " " + item.field;
          for (const std::string& modifier : item.modifiers) shown += "|" + modifier;
          for (const Scalar& value : item.values) shown += " " + json_of(value);
        }
      }
      ASSERT_EQ(made.expression && made.matches(json_of(record)), expected) << (negated ? "not " : "") << shown;
      held += expected ? 1 : 0;
      ++judged;
    }
  }
  EXPECT_GT(held, judged / 10);
  EXPECT_LT(held, judged * 9 / 10);
}

}  // namespace
}  // namespace tripline::rules
