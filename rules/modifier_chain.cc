#include "rules/modifier_chain.h"

#include <algorithm>
#include <utility>

namespace tripline::rules {
namespace {

using Errors = std::vector<ModifierError>;

const Modifier* find(std::string_view name) {
  const auto rows = modifiers();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Modifier& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

using Chain = std::vector<const Modifier*>;

Form form_after(const Modifier& modifier, Form before) {
  return (modifier.keeps & before) != 0 ? before : modifier.gives;
}

bool has(const Chain& chain, std::string_view name) {
  return std::any_of(chain.begin(), chain.end(), [&](const Modifier* modifier) { return modifier->name == name; });
}

/// The place of the first modifier that cannot stand where it does; the chain's length when it ends too early; nothing
/// when the chain is in order.
std::optional<std::size_t> misplaced(const Chain& chain) {
  Form form = kWritten;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Modifier& modifier = *chain[i];
    if ((modifier.after & form) == 0) return i;
    // What is encoded may be encoded once more.
    const auto here = chain.begin() + static_cast<std::ptrdiff_t>(i);
    if (modifier.section != "Encoding" && std::find(chain.begin(), here, &modifier) != here) return i;
    if (modifier.name == "exists" && i > 0) return i;
    const Chain before(chain.begin(), here);
    if ((modifier.name == "neq" && has(before, "all")) || (modifier.name == "all" && has(before, "neq"))) return i;
    form = form_after(modifier, form);
  }
  return form == kUtf16 ? std::optional(chain.size()) : std::nullopt;
}

std::string joined(const Chain& chain) {
  std::string text;
  for (const Modifier* modifier : chain) text += (text.empty() ? "" : "|") + std::string(modifier->name);
  return text;
}

/// The same modifiers in an order that has a meaning, or empty.
std::string reordered(const Chain& chain) {
  constexpr std::size_t kLongest = 6;  // 720 orders
  if (chain.size() > kLongest) return "";
  std::vector<std::size_t> order(chain.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  while (std::next_permutation(order.begin(), order.end())) {
    Chain other;
    for (const std::size_t i : order) other.push_back(chain[i]);
    if (!misplaced(other)) return joined(other);
  }
  return "";
}

/// Modifiers whose result `modifier` works on: `re` for `i`.
std::string predecessors(const Modifier& modifier) {
  std::string names;
  for (const Modifier& row : modifiers()) {
    if ((row.gives & modifier.after) == 0 || (row.keeps & row.gives) != 0) continue;
    names += (names.empty() ? "`" : " or `") + std::string(row.name) + "`";
  }
  return names;
}

/// Modifiers that people put together and that do not go together, in whatever order.
struct Incompatible {
  std::string_view one;
  std::string_view other;
  std::string_view message;
  std::string_view hint;
};
constexpr Incompatible kIncompatible[] = {
    {"neq", "all", "`neq` and `all` cannot stand together",
     "leave out `all`: `neq` asks that none of the values passes"},
    {"exists", "", "`exists` stands alone",
     "write `exists` with `true` or `false`, and other tests of the field as items of their own"},
    {"re", "contains", "`re` and `contains` cannot stand together",
     "leave out `contains`: an expression is found anywhere in the field"},
    {"re", "startswith", "`re` and `startswith` cannot stand together", "begin the expression with `^` instead"},
    {"re", "endswith", "`re` and `endswith` cannot stand together", "end the expression with `$` instead"},
    {"re", "cased", "`re` and `cased` cannot stand together",
     "leave out `cased`: letter case matters to `re` unless `i` follows it"},
    {"re", "expand", "`re` and `expand` cannot stand together",
     "spell the values out in the expression, as in `(one|other)`"},
};

/// Where a modifier stands in the rule, as long as its key has no YAML escapes.
Position place_of(const FieldItem& item, std::size_t modifier) {
  Position at = item.at;
  std::size_t before = item.field.size() + 1;
  for (std::size_t i = 0; i < modifier; ++i) before += item.modifiers[i].size() + 1;
  if (at.column != 0) at.column += static_cast<int>(before);
  return at;
}

ModifierError order_error(const FieldItem& item, const Chain& chain, std::size_t at) {
  const Position place = place_of(item, std::min(at, chain.size() - 1));
  for (const Incompatible& row : kIncompatible) {
    const bool together = row.other.empty() ? chain.size() > 1 : has(chain, row.other);
    if (!has(chain, row.one) || !together) continue;
    return {"modifier-order", place, std::string(row.message), std::string(row.hint)};
  }
  const bool unfinished = at > 0 && chain[at - 1]->gives == kUtf16;
  const std::string name = at < chain.size() ? "`" + std::string(chain[at]->name) + "`" : "";
  ModifierError error{"modifier-order", place, "", ""};
  if (at == 0) {
    error.message = name + " cannot come first";
    error.hint = "put it behind " + predecessors(*chain[at]);
  } else if (at == chain.size()) {
    error.message = "`" + joined(chain) + "` makes bytes, which no field holds";
  } else {
    error.message = name + " cannot follow `" + std::string(chain[at - 1]->name) + "`";
    error.hint =
        (chain[at]->after & kWritten) != 0 ? "leave out one of the two" : "put it behind " + predecessors(*chain[at]);
  }
  if (const std::string other = reordered(chain); !other.empty()) {
    error.hint = "write `" + other + "`";
  } else if (unfinished) {
    error.hint = "follow `" + std::string(chain[at - 1]->name) + "` with `base64` or `base64offset`";
  }
  return error;
}

ValueKinds kind_of(const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::kString:
      return kString;
    case Scalar::Kind::kNumber:
      return kNumber;
    case Scalar::Kind::kBool:
      return kBool;
    case Scalar::Kind::kNull:
      break;
  }
  return kNull;
}

/// At most this much of a rule's text is repeated in a message.
std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return text.substr(0, end) + "...";
}

std::string shown(const Scalar& value) {
  switch (value.kind) {
    case Scalar::Kind::kString:
      return "the text '" + shortened(value.text) + "'";
    case Scalar::Kind::kNumber:
      return "the number " + shortened(value.text);
    case Scalar::Kind::kBool:
      return value.text;
    case Scalar::Kind::kNull:
      break;
  }
  return "null";
}

ModifierError value_error(const Modifier& modifier, const Scalar& value) {
  const std::string name(modifier.name);
  if (modifier.values == kNumber) {
    return {"bad-number", value.at, "`" + name + "` works on numbers, not on " + shown(value),
            value.kind == Scalar::Kind::kString ? "write digits, without quotes" : "write a number"};
  }
  if (modifier.values == kBool) {
    return {"modifier-value", value.at, "`" + name + "` wants true or false, not " + shown(value),
            "write `true` or `false`, without quotes"};
  }
  return {"modifier-value", value.at, "`" + name + "` works on text, not on " + shown(value),
          value.kind == Scalar::Kind::kNull ? "write the field without modifiers for one that is missing or null"
                                            : "put the value in quotes"};
}

/// Everything that can be said of an item before its modifiers are applied.
Errors check(const FieldItem& item, const Chain& chain) {
  Errors errors;
  const auto wrong = misplaced(chain);
  const bool in_order = !wrong;
  if (wrong) errors.push_back(order_error(item, chain, *wrong));
  if (item.field.empty()) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (chain[i]->keywords) continue;
      errors.push_back({"keyword-modifier", place_of(item, i), "`" + std::string(chain[i]->name) + "` needs a field",
                        chain[i]->name == "neq" ? "put `not` before the search in the condition"
                                                : "write `field|" + joined(chain) + "`"});
    }
    for (const Scalar& value : item.values) {
      if (value.kind != Scalar::Kind::kNull) continue;
      errors.push_back({"modifier-value", value.at, "a keyword cannot be null", "write the text to look for"});
    }
  }
  if (item.values.empty()) errors.push_back({"empty-list", item.at, "the list has no values", "give it some"});
  for (const Scalar& value : item.values) {
    const auto refuses = std::find_if(chain.begin(), chain.end(),
                                      [&](const Modifier* row) { return (row->values & kind_of(value)) == 0; });
    if (in_order && refuses != chain.end()) errors.push_back(value_error(**refuses, value));
    if (value.kind == Scalar::Kind::kNull && item.values.size() > 1 && !item.field.empty()) {
      errors.push_back({"null-in-list", value.at, "null cannot stand in a list",
                        "write a search of its own with `" + item.field + ": null` and join the two with `or`"});
    }
  }
  if (has(chain, "all") && item.values.size() == 1) {
    const auto all = std::find(item.modifiers.begin(), item.modifiers.end(), "all") - item.modifiers.begin();
    errors.push_back({"all-on-one-value", place_of(item, static_cast<std::size_t>(all)),
                      "`all` has only one value to work on", "leave out `all`"});
  }
  if (has(chain, "exists") && item.values.size() > 1) {
    errors.push_back({"modifier-value", item.at, "`exists` takes one value", "write `true` or `false`"});
  }
  return errors;
}

std::optional<Chain> find_all(const FieldItem& item, Errors& errors) {
  Chain chain;
  bool known = true;
  std::vector<std::string_view> names;
  for (const Modifier& row : modifiers()) names.push_back(row.name);
  for (const std::string& name : item.modifiers) {
    chain.push_back(find(name));
    if (chain.back() != nullptr) continue;
    known = false;
    if (name.empty()) {
      errors.push_back({"unknown-modifier", place_of(item, chain.size() - 1), "no modifier follows a `|`",
                        "write one behind it, or remove the `|`"});
      continue;
    }
    // Some modifiers are one letter, which any other letter is a slip of.
    const std::string_view meant = name.size() < 2 ? std::string_view() : did_you_mean(name, names);
    errors.push_back(
        {"unknown-modifier", place_of(item, chain.size() - 1), "`" + shortened(name) + "` is no modifier of Sigma",
         meant.empty() ? "docs/sigma-support.md lists them" : "did you mean `" + std::string(meant) + "`?"});
  }
  return known ? std::optional(std::move(chain)) : std::nullopt;
}

}  // namespace

std::optional<ItemState> apply_modifiers(const FieldItem& item, const Lists& lists, const std::string& title,
                                         Diagnostics& diagnostics) {
  Errors errors;
  ItemState state;
  if (const auto chain = find_all(item, errors)) {
    errors = check(item, *chain);
    if (errors.empty()) {
      for (const Scalar& value : item.values) {
        const bool string = value.kind == Scalar::Kind::kString;
        state.values.push_back({{value, string ? parse_sigma_string(value.text) : literal(value.text)}});
      }
      for (const Modifier* modifier : *chain) {
        modifier->apply(*modifier, lists, state, errors);
        state.form = form_after(*modifier, state.form);
        if (!errors.empty()) break;  // what follows would work on half of the values
      }
    }
  }
  for (ModifierError& error : errors) {
    const Position at = error.at.line != 0 ? error.at : item.at;
    diagnostics.add(error.code, at, std::move(error.message), std::move(error.hint), title);
  }
  if (!errors.empty()) return std::nullopt;
  return state;
}

}  // namespace tripline::rules
