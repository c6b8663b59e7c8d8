#include "connectors/net/aws_object.h"

#include <charconv>
#include <utility>

namespace tripline::connectors::net {

std::string plain_text(std::string_view string) {
  const std::string_view escaped = inner(string);
  std::string text(escaped.size(), '\0');
  text.resize(static_cast<std::size_t>(unescape(escaped, text.data()) - text.data()));
  return text;
}

AwsError serialization_error(std::string message) { return {"SerializationException", 400, std::move(message)}; }
AwsError invalid_argument(std::string message) { return {"InvalidArgumentException", 400, std::move(message)}; }

namespace {

AwsError wrong_type(std::string_view name, std::string_view wanted) {
  return serialization_error(std::string(name) + " has to be " + std::string(wanted));
}

}  // namespace

AwsResult<AwsObject> AwsObject::read(std::string_view json) {
  AwsObject object;
  MemberWalk walk(json);
  for (Member member; walk.next(member);) object.members_.push_back(member);
  if (!walk.complete()) return serialization_error("the body is no JSON object");
  return object;
}

std::string_view AwsObject::find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.key == name) return member.value == "null" ? std::string_view{} : member.value;
  }
  return {};
}

AwsResult<std::optional<std::string>> AwsObject::text(std::string_view name) const {
  const std::string_view value = find(name);
  if (value.empty()) return std::optional<std::string>{};
  if (!is_string(value)) return wrong_type(name, "a string");
  return std::optional(plain_text(value));
}

AwsResult<std::optional<std::int64_t>> AwsObject::number(std::string_view name) const {
  const std::string_view value = find(name);
  if (value.empty()) return std::optional<std::int64_t>{};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return wrong_type(name, "a whole number");
  return std::optional(number);
}

AwsResult<bool> AwsObject::flag(std::string_view name) const {
  const std::string_view value = find(name);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return wrong_type(name, "true or false");
}

AwsResult<std::vector<AwsObject>> AwsObject::objects(std::string_view name, std::size_t most) const {
  const std::string_view value = find(name);
  std::vector<AwsObject> objects;
  if (value.empty()) return objects;
  if (!is_array(value)) return wrong_type(name, "an array");
  ElementWalk walk(value);
  for (std::string_view element; walk.next(element);) {
    if (objects.size() > most) return objects;
    auto object = is_object(element) ? read(element) : wrong_type(name, "an array of objects");
    if (!object) return object.error();
    objects.push_back(std::move(*object));
  }
  if (!walk.complete()) return serialization_error("the body is no JSON object");
  return objects;
}

}  // namespace tripline::connectors::net
