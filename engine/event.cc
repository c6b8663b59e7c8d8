#include "engine/event.h"

#include <algorithm>
#include <charconv>

#include "engine/accounts.h"
#include "engine/derived.h"
#include "engine/json_repair.h"
#include "engine/lineage.h"
#include "engine/principal.h"

namespace tripline::engine {

namespace dom = simdjson::dom;

static_assert(kRecordPadding >= simdjson::SIMDJSON_PADDING);

Event::Event(const FieldTable& fields, const Knowledge& knowledge)
    : fields_(fields),
      knowledge_(knowledge),
      principal_(std::make_unique<Principal>()),
      origin_(std::make_unique<Origin>()) {}

Event::~Event() = default;

Result<void> Event::read(const Record& record) {
  record_ = record;
  ++stamp_;
  kept_.clear();
  nested_used_ = 0;
  principal_known_ = false;
  origin_known_ = false;
  // The table may have grown since: rules are loaded after the first Event exists.
  roots_.resize(fields_.root_slots());
  root_stamps_.resize(fields_.root_slots(), 0);
  slots_.resize(fields_.size());

  auto parsed = parser_.parse(record.json.data(), record.json.size(), false);
  if (parsed.error() != simdjson::SUCCESS && repair_json(record.json, repaired_)) {
    parsed = parser_.parse(repaired_.data(), repaired_.size() - kRecordPadding, false);
  }
  if (const auto error = parsed.get(root_); error != simdjson::SUCCESS) {
    return fail(error == simdjson::DEPTH_ERROR ? ErrorCode::kTooDeep : ErrorCode::kBadInput,
                std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  dom::object object;
  if (root_.get(object) != simdjson::SUCCESS) return fail(ErrorCode::kBadInput, "a record is a JSON object");
  for (const auto [key, value] : object) {
    const std::uint32_t slot = fields_.root_slot(key);
    if (slot == kNoField || root_stamps_[slot] == stamp_) continue;  // of duplicate keys the first counts
    root_stamps_[slot] = stamp_;
    roots_[slot] = value;
  }
  return {};
}

void Event::read_values(FieldId id, Slot& slot) {
  slot.stamp = stamp_;
  slot.values.clear();
  const Field& field = fields_[id];
  if (field.derived != nullptr) {
    const std::string_view text = field.derived->text(*this);
    if (!text.empty()) slot.values.push_back({.type = ValueType::kString, .text = text});
    return;
  }
  for (const auto& entry : field.entries) {
    if (root_stamps_[entry.root_slot] != stamp_) continue;
    collect(roots_[entry.root_slot], field, entry.rest, slot.values);
    return;  // a literal key with dots wins over the path
  }
}

void Event::collect(dom::element element, const Field& field, std::size_t from, std::vector<Value>& out) {
  if (from == field.segments()) return add_values(element, out);
  switch (element.type()) {
    case dom::element_type::OBJECT: {
      // The longest key wins that is the rest of the path or ends at one of its dots; of equal ones the first.
      const std::string_view rest = field.key(from, field.segments());
      const dom::object object = element.get_object().value_unsafe();
      dom::element child;
      std::size_t used = std::string_view::npos;
      for (const auto [key, value] : object) {
        if (!rest.starts_with(key) || (key.size() < rest.size() && rest[key.size()] != '.')) continue;
        if (used != std::string_view::npos && key.size() <= used) continue;
        child = value;
        used = key.size();
        if (used == rest.size()) break;
      }
      if (used == std::string_view::npos) return;
      std::size_t to = from + 1;
      while (field.begins[to] != field.begins[from] + used + 1) ++to;
      return collect(child, field, to, out);
    }
    case dom::element_type::ARRAY: {
      const dom::array array = element.get_array().value_unsafe();
      for (const dom::element child : array) collect(child, field, from, out);
      return;
    }
    case dom::element_type::STRING:
      if (const auto* document = document_in(element.get_string().value_unsafe())) {
        collect(*document, field, from, out);
      }
      return;
    default:
      return;
  }
}

void Event::add_values(dom::element element, std::vector<Value>& out) {
  if (element.is_object()) {
    out.push_back({.type = ValueType::kContainer, .text = {}, .element = element});
  } else if (element.is_array()) {
    out.push_back({.type = ValueType::kContainer, .text = {}, .element = element});
    const dom::array array = element.get_array().value_unsafe();
    for (const dom::element child : array) {
      if (!child.is_object() && !child.is_array()) out.push_back(scalar(child));
    }
  } else {
    out.push_back(scalar(element));
  }
}

Value Event::scalar(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING:
      return {.type = ValueType::kString, .text = element.get_string().value_unsafe()};
    case dom::element_type::BOOL:
      return {.type = ValueType::kBool, .text = element.get_bool().value_unsafe() ? "true" : "false"};
    case dom::element_type::NULL_VALUE:
      return {.type = ValueType::kNull, .text = "null"};
    default:
      return {.type = ValueType::kNumber,
              .text = keep(simdjson::minify(element)),
              .number = element.get_double().value_unsafe()};
  }
}

namespace {

/// Undoes percent-encoding; IAM returns policy documents so.
std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

const dom::element* Event::document_in(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return nullptr;
  const bool plain = text[first] == '{' || text[first] == '[';
  const bool encoded = text.substr(first, 3) == "%7B" || text.substr(first, 3) == "%7b" ||
                       text.substr(first, 3) == "%5B" || text.substr(first, 3) == "%5b";
  if (!plain && !encoded) return nullptr;
  for (std::size_t i = 0; i < nested_used_; ++i) {
    if (nested_[i]->text == text.data()) return nested_[i]->valid ? &nested_[i]->root : nullptr;
  }
  if (nested_used_ == nested_.size()) nested_.push_back(std::make_unique<Nested>());
  Nested& nested = *nested_[nested_used_++];
  nested.text = text.data();
  const std::string_view json = encoded ? keep(percent_decode(text)) : text;
  nested.valid = nested.parser.parse(json.data(), json.size(), true).get(nested.root) == simdjson::SUCCESS;
  return nested.valid ? &nested.root : nullptr;
}

std::string_view Event::first_text(FieldId field) {
  for (const Value& value : values(field)) {
    if (value.type != ValueType::kContainer && value.type != ValueType::kNull) return value.text;
  }
  return {};
}

std::string_view Event::text(Value& value) {
  if (value.type == ValueType::kContainer && value.text.empty()) value.text = keep(simdjson::minify(value.element));
  return value.text;
}

namespace {

bool visit_texts(dom::element element, const std::function<bool(std::string_view)>& visit) {
  switch (element.type()) {
    case dom::element_type::OBJECT: {
      const dom::object object = element.get_object().value_unsafe();
      for (const auto [key, value] : object) {
        if (visit(key) || visit_texts(value, visit)) return true;
      }
      return false;
    }
    case dom::element_type::ARRAY: {
      const dom::array array = element.get_array().value_unsafe();
      for (const dom::element child : array) {
        if (visit_texts(child, visit)) return true;
      }
      return false;
    }
    case dom::element_type::STRING: {
      const std::string_view text = element.get_string().value_unsafe();
      if (visit(text)) return true;
      const bool encoded = text.size() > 3 && text[0] == '%' && (text[1] == '7' || text[1] == '5');
      return encoded && visit(percent_decode(text));
    }
    case dom::element_type::NULL_VALUE:
      return false;
    default:
      return visit(simdjson::minify(element));
  }
}

}  // namespace

bool Event::any_text(const std::function<bool(std::string_view)>& visit) { return visit_texts(root_, visit); }

std::string_view Event::find_text(std::string_view path) const {
  dom::element at = root_;
  std::size_t begin = 0;
  const std::string_view first = path.substr(0, path.find('.'));
  if (const std::uint32_t slot = fields_.root_slot(first); slot != kNoField && slot < root_stamps_.size()) {
    if (root_stamps_[slot] != stamp_) return {};
    at = roots_[slot];  // read() came by it
    begin = first.size() + 1;
  }
  while (begin <= path.size()) {
    const std::size_t dot = std::min(path.find('.', begin), path.size());
    dom::object object;
    if (at.get(object) != simdjson::SUCCESS) return {};
    if (object.at_key(path.substr(begin, dot - begin)).get(at) != simdjson::SUCCESS) return {};
    begin = dot + 1;
  }
  if (at.is_bool()) return at.get_bool().value_unsafe() ? "true" : "false";
  std::string_view text;
  return at.get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

const Principal& Event::principal() {
  if (!principal_known_) {
    resolve_principal(*this, *principal_);
    principal_known_ = true;
  }
  return *principal_;
}

const Origin& Event::origin() {
  if (!origin_known_) {
    static const Lineage kNothingMinted;
    *origin_ = (knowledge_.lineage == nullptr ? kNothingMinted : *knowledge_.lineage).origin_of(bearer_of(*this));
    origin_known_ = true;
  }
  return *origin_;
}

const AccountFacts* Event::account() {
  if (knowledge_.accounts == nullptr) return nullptr;
  const std::string_view recipient = find_text("recipientAccountId");
  return knowledge_.accounts->find(recipient.empty() ? std::string_view(principal().account) : recipient);
}

Category Event::category() {
  const std::string_view name = find_text("eventCategory");
  if (name == "Data") return kData;
  if (name == "Insight" || find_text("eventType") == "AwsCloudTrailInsight") return kInsight;
  if (name == "NetworkActivity") return kNetworkActivity;
  return kManagement;
}

std::string_view Event::keep(std::string text) { return kept_.emplace_back(std::move(text)); }

}  // namespace tripline::engine
