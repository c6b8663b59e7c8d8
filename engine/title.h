#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/field.h"

namespace tripline::engine {

class Event;

/// A piece of a title template: text, then a field's value. Of the last piece the field may be missing.
struct TitlePart {
  std::string text;
  std::string field;      // as the author named it; empty: none
  FieldId id = kNoField;  // of a detection's title
};

/// `tripline.title`: one sentence for people about what happened. Empty: the rule has none.
using Title = std::vector<TitlePart>;

/// What a correlation's title can name beside its group-by fields: members of its signals.
inline constexpr std::string_view kCorrelationFacts[] = {"triggers", "peak"};

inline constexpr std::size_t kMaxTitle = 500;  // bytes; the rest is cut

/// The sentence about one event. A field that it lacks reads `(none)`, a secret `(secret)`.
std::string title_of(Event& event, const Title& title);

}  // namespace tripline::engine
