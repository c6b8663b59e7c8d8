#include <algorithm>
#include <iterator>
#include <variant>

#include "rules/cloudtrail_lint.h"
#include "rules/condition.h"
#include "rules/search_use.h"

namespace tripline::rules {
namespace {

/// Whether a condition names no search but those that are there: of one with a slip nothing is known.
bool is_whole(const Condition& condition, const DetectionBody& body) {
  const auto& searches = body.searches;
  if (condition.kind == Condition::Kind::kOf) return !searches_of(body, condition.name).empty();
  if (condition.kind == Condition::Kind::kName) {
    return std::any_of(searches.begin(), searches.end(),
                       [&](const Search& search) { return search.name == condition.name; });
  }
  return std::all_of(condition.children.begin(), condition.children.end(),
                     [&](const Condition& child) { return is_whole(child, body); });
}

/// Whether some test of what was called, on what, or how it ended must hold for a condition to hold.
class Narrowness {
 public:
  explicit Narrowness(const LintInput& input) : input_(input) {}

  bool narrows(const Condition& condition) const {
    const auto narrow = [this](const Condition& child) { return narrows(child); };
    const auto& children = condition.children;
    switch (condition.kind) {
      case Condition::Kind::kName:
        return std::any_of(input_.body.searches.begin(), input_.body.searches.end(),
                           [&](const Search& search) { return search.name == condition.name && narrows(search); });
      case Condition::Kind::kOf: {
        const auto searches = searches_of(input_.body, condition.name);
        const auto narrow_search = [this](std::size_t search) { return narrows(input_.body.searches[search]); };
        return condition.all ? std::any_of(searches.begin(), searches.end(), narrow_search)
                             : std::all_of(searches.begin(), searches.end(), narrow_search);
      }
      case Condition::Kind::kNot:
        return false;
      case Condition::Kind::kAnd:
        return std::any_of(children.begin(), children.end(), narrow);
      case Condition::Kind::kOr:
        return std::all_of(children.begin(), children.end(), narrow);
    }
    return true;
  }

 private:
  bool narrows(const Search& search) const {
    return std::all_of(search.any.begin(), search.any.end(), [this](const auto& map) {
      return std::any_of(map.begin(), map.end(), [this](const FieldItem& item) { return narrows(item); });
    });
  }

  /// Whether the item tests what was called, on what, or how it ended.
  bool narrows(const FieldItem& item) const {
    const std::string& field = input_.mapped(item.field);
    constexpr std::string_view kNarrow[] = {"eventName", "eventSource", "errorCode", "errorMessage", "outcome"};
    // A keyword or a detail of one call narrows as well as a resource does.
    constexpr std::string_view kBelow[] = {"resources",           "requestParameters", "responseElements",
                                           "additionalEventData", "insightDetails",    "serviceEventDetails"};
    const auto is_below = [&](std::string_view root) {
      return field.starts_with(root) && (field.size() == root.size() || field[root.size()] == '.');
    };
    if (!field.empty() && std::find(std::begin(kNarrow), std::end(kNarrow), field) == std::end(kNarrow) &&
        std::none_of(std::begin(kBelow), std::end(kBelow), is_below)) {
      return false;
    }
    if (has_modifier(item, "exists") || has_modifier(item, "neq")) return false;
    return std::none_of(item.values.begin(), item.values.end(),
                        [](const Scalar& value) { return value.kind == Scalar::Kind::kNull || value.text == "*"; });
  }

  const LintInput& input_;
};

}  // namespace

void lint_breadth(const LintInput& input) {
  for (const auto& text : input.body.conditions) {
    const auto parsed = parse_condition(text.text);
    const auto* condition = std::get_if<Condition>(&parsed);
    if (!condition || !is_whole(*condition, input.body) || Narrowness(input).narrows(*condition)) continue;
    input.warn("broad", text.at, "the rule can match without a test of eventName, eventSource, errorCode or a resource",
               "name the calls that it is about, or check it with `--ignore broad` if it is about all of them");
  }
}

}  // namespace tripline::rules
