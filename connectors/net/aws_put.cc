#include "connectors/net/aws_put.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/base64.h"

namespace tripline::connectors::net {
namespace {

/// What records aggregated by the Kinesis Producer Library begin with.
constexpr std::string_view kAggregated = "\xf3\x89\x9a\xc2";

constexpr std::size_t kMostKeyCharacters = 256;

bool is_stream_name(std::string_view name, std::size_t most) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  return !name.empty() && name.size() <= most && std::all_of(name.begin(), name.end(), good);
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// A decimal number below 2^128, without leading zeros.
bool is_hash_key(std::string_view text) {
  constexpr std::string_view kMost = "340282366920938463463374607431768211455";
  const bool digits = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  return text.size() < kMost.size() || (text.size() == kMost.size() && text <= kMost);
}

/// Adds records one after another to a put.
class Collector {
 public:
  explicit Collector(const AwsPutLimits& limits) : limits_(limits) {}

  std::optional<AwsError> add(const AwsObject& record) {
    const std::string_view data = record.find("Data");
    if (data.empty()) return invalid_argument("a record has no Data");
    if (!is_string(data)) return serialization_error("Data has to be a string of base64");
    std::string unescaped;  // some writers escape every slash
    std::string_view encoded = inner(data);
    if (encoded.find('\\') != std::string_view::npos) encoded = unescaped = plain_text(data);
    scratch_.resize(std::max(scratch_.size(), engine::base64_room(encoded.size())));
    const auto size = engine::base64_decode(encoded, scratch_.data());
    if (!size) return serialization_error("Data is no base64");
    if (*size > limits_.max_record_bytes) {
      return invalid_argument("a record has more than " + std::to_string(limits_.max_record_bytes) + " bytes");
    }
    if (std::string_view(scratch_.data(), *size).starts_with(kAggregated)) {
      return invalid_argument(
          "records aggregated by the Kinesis Producer Library are not taken: set AggregationEnabled=false");
    }
    bytes_ += *size;
    if (auto error = limits_.partition_keys ? add_key(record) : std::nullopt) return error;
    if (bytes_ > limits_.max_bytes) {
      return invalid_argument("the records have more than " + std::to_string(limits_.max_bytes) + " bytes together");
    }
    put_.body += put_.records++ == 0 ? R"({"records":[{"data":")" : R"(,{"data":")";
    put_.body.append(encoded).append("\"}");
    return std::nullopt;
  }

  AwsPut finish(std::string stream) {
    put_.stream = std::move(stream);
    put_.body += "]}";
    return std::move(put_);
  }

  void expect(std::size_t body_bytes) { put_.body.reserve(body_bytes); }

 private:
  std::optional<AwsError> add_key(const AwsObject& record) {
    const auto key = record.text("PartitionKey");
    if (!key) return key.error();
    if (!*key || (*key)->empty() || characters(**key) > kMostKeyCharacters) {
      return invalid_argument("PartitionKey has to be 1 to 256 characters");
    }
    const auto hash_key = record.text("ExplicitHashKey");
    if (!hash_key) return hash_key.error();
    if (*hash_key && !is_hash_key(**hash_key)) {
      return invalid_argument("ExplicitHashKey has to be a decimal number below 2^128");
    }
    bytes_ += (*key)->size();
    return std::nullopt;
  }

  const AwsPutLimits& limits_;
  AwsPut put_;
  std::size_t bytes_ = 0;
  std::string scratch_;
};

AwsResult<AwsPut> collect(const AwsObject& request, std::span<const AwsObject> records, std::size_t expected_bytes,
                          const AwsPutLimits& limits) {
  auto stream = stream_of(request, limits);
  if (!stream) return stream.error();
  Collector collector(limits);
  collector.expect(expected_bytes);
  for (const AwsObject& record : records) {
    if (auto error = collector.add(record)) return *std::move(error);
  }
  return collector.finish(std::move(*stream));
}

}  // namespace

AwsResult<std::string> stream_of(const AwsObject& request, const AwsPutLimits& limits) {
  auto name = request.text(limits.stream_member);
  if (!name) return name.error();
  if (!*name) {
    const auto arn = request.text("StreamARN");
    if (!arn) return arn.error();
    const std::size_t slash = *arn ? (*arn)->rfind(":stream/") : std::string::npos;
    if (slash != std::string::npos) *name = (*arn)->substr(slash + 8);
  }
  if (*name && is_stream_name(**name, limits.stream_characters)) return **std::move(name);
  return invalid_argument(std::string(limits.stream_member) + " has to be 1 to " +
                          std::to_string(limits.stream_characters) + " characters of a-z, A-Z, 0-9, _, . and -");
}

AwsResult<AwsPut> read_put_one(const AwsObject& request, const AwsObject& record, const AwsPutLimits& limits) {
  return collect(request, {&record, 1}, record.find("Data").size() + 64, limits);
}

AwsResult<AwsPut> read_put_many(const AwsObject& request, const AwsPutLimits& limits) {
  const auto records = request.objects("Records", limits.max_records);
  if (!records) return records.error();
  if (records->empty() || records->size() > limits.max_records) {
    return invalid_argument("Records has to be an array of 1 to " + std::to_string(limits.max_records));
  }
  return collect(request, *records, request.find("Records").size(), limits);
}

}  // namespace tripline::connectors::net
