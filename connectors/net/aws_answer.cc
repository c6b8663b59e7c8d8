#include "connectors/net/aws_answer.h"

#include <utility>

#include "engine/json_text.h"

namespace tripline::connectors::net {
namespace {

constexpr std::string_view kJsonType = "application/x-amz-json-1.1";
constexpr std::string_view kCborType = "application/x-amz-cbor-1.1";

/// A text string with its length before it. Source: RFC 8949, 3.1, major type 3.
void add_cbor_text(std::string& to, std::string_view text) {
  const std::size_t size = text.size();
  const auto put = [&to](std::size_t byte) { to += static_cast<char>(byte & 0xff); };
  if (size < 24) {
    put(0x60 | size);
  } else if (size < 0x100) {
    put(0x78);
    put(size);
  } else {
    text = text.substr(0, 0xffff);
    put(0x79);
    put(text.size() >> 8);
    put(text.size());
  }
  to += text;
}

HttpResponse answer_of(int status, std::string body, std::string_view type, std::string_view id) {
  HttpResponse answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.content_type = type;
  answer.headers.emplace_back("x-amzn-requestid", id);
  return answer;
}

}  // namespace

AwsFormat format_of(const HttpHead& head) {
  const std::string* type = head.find("content-type");
  return type && type->starts_with(kCborType) ? AwsFormat::kCbor : AwsFormat::kJson;
}

HttpResponse aws_answer(std::string json, std::string_view id) {
  return answer_of(200, std::move(json), kJsonType, id);
}

HttpResponse aws_refusal(const AwsError& error, std::string_view id, AwsFormat format) {
  if (format == AwsFormat::kCbor) {
    std::string body = "\xa2";  // a map of two
    for (const std::string_view text :
         {std::string_view("__type"), error.code, std::string_view("message"), std::string_view(error.message)}) {
      add_cbor_text(body, text);
    }
    return answer_of(error.status, std::move(body), kCborType, id);
  }
  engine::JsonText json;
  json.begin_object().member("__type", error.code).optional_member("message", error.message).end_object();
  return answer_of(error.status, json.take(), kJsonType, id);
}

}  // namespace tripline::connectors::net
