#include "alerts/body_template.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <simdjson.h>

#include "alerts/url.h"
#include "engine/json_text.h"

namespace tripline::alerts {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kBraces = "\"{{\"";  // inside a place: two braces

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    steps.emplace_back(path.substr(from, dot - from));
    from = dot + 1;
  }
  return steps;
}

std::optional<dom::element> find(dom::element at, const std::vector<std::string>& path) {
  for (const std::string& step : path) {
    simdjson::error_code error = simdjson::NO_SUCH_FIELD;
    if (at.is_object()) {
      error = at.get_object().value_unsafe().at_key(step).get(at);
    } else if (at.is_array()) {
      std::size_t index = 0;
      const auto [end, wrong] = std::from_chars(step.data(), step.data() + step.size(), index);
      if (wrong != std::errc{} || end != step.data() + step.size()) return std::nullopt;
      error = at.get_array().value_unsafe().at(index).get(at);
    }
    if (error != simdjson::SUCCESS) return std::nullopt;
  }
  return at;
}

std::string plain(dom::element value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string().value_unsafe());
  return simdjson::minify(value);
}

}  // namespace

std::string BodyTemplate::parse(std::string_view text, std::vector<Piece>& pieces) {
  constexpr struct {
    std::string_view name;
    Form form;
  } kForms[] = {{"", Form::kInside}, {"json", Form::kJson}, {"text", Form::kText}, {"url", Form::kUrl}};
  pieces.emplace_back();
  while (!text.empty()) {
    const std::size_t open = std::min(text.find(kOpen), text.size());
    pieces.back().text += text.substr(0, open);
    if (open == text.size()) break;
    text.remove_prefix(open);
    const std::size_t close = text.find(kClose, kOpen.size());
    if (close == std::string_view::npos) return "is not closed: " + std::string(text.substr(0, 40));
    const std::string_view place = text.substr(0, close + kClose.size());
    const std::string_view inside = trimmed(text.substr(kOpen.size(), close - kOpen.size()));
    text.remove_prefix(place.size());
    if (inside == kBraces) {
      pieces.back().text += kOpen;
      continue;
    }
    const std::size_t bar = std::min(inside.find('|'), inside.size());
    const std::string_view word = bar == inside.size() ? std::string_view{} : trimmed(inside.substr(bar + 1));
    const auto* form =
        std::find_if(std::begin(kForms), std::end(kForms), [&](const auto& f) { return f.name == word; });
    if (form == std::end(kForms) || (bar < inside.size() && word.empty())) {
      return "json, text or url stands behind the bar: " + std::string(place);
    }
    pieces.back().path = steps_of(trimmed(inside.substr(0, bar)));
    pieces.back().form = form->form;
    for (const std::string& step : pieces.back().path) {
      if (step.empty()) return "a path has names with dots between: " + std::string(place);
    }
    pieces.emplace_back();
  }
  return {};
}

std::string BodyTemplate::fault_of(std::string_view text) {
  std::vector<Piece> pieces;
  return parse(text, pieces);
}

BodyTemplate::BodyTemplate(std::string_view text) { parse(text, pieces_); }

std::string BodyTemplate::filled(std::string_view json) const {
  dom::parser parser;
  dom::element root;
  const bool known = parser.parse(json.data(), json.size()).get(root) == simdjson::SUCCESS;
  std::string out;
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (piece.path.empty()) continue;
    const auto value = known ? find(root, piece.path) : std::nullopt;
    switch (piece.form) {
      case Form::kInside: {
        const std::string quoted = engine::JsonText().string(value ? plain(*value) : "").take();
        out.append(quoted, 1, quoted.size() - 2);
        break;
      }
      case Form::kJson:
        out += value ? std::string(simdjson::minify(*value)) : "null";
        break;
      case Form::kText:
        out += value ? plain(*value) : "";
        break;
      case Form::kUrl:
        out += percent_encoded(value ? plain(*value) : "");
        break;
    }
  }
  return out;
}

}  // namespace tripline::alerts
