#include "tests/support/deliveries.h"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <libdeflate.h>

#include "connectors/record_reader.h"
#include "connectors/s3_path.h"

namespace tripline::tests {
namespace {

Delivery read(const engine::Envelope& envelope, const ReadOptions& options) {
  Delivery result;
  connectors::RecordBatch batch;
  connectors::RecordReader reader(envelope, options.limits, options.cloudtrail, options.batch_bytes);
  for (;;) {
    const auto more = reader.next(batch);
    if (!more) {
      result.error = more.error().message;
      return result;
    }
    if (!*more) return result;
    ++result.batches;
    for (const auto& one : batch.records) {
      if (one.index != result.records.size()) throw std::logic_error("a record's index is not its place");
      if (one.envelope != &envelope) throw std::logic_error("a record without its envelope");
      const std::string padded(one.json.data(), one.json.size() + engine::kRecordPadding);  // reads the padding
      result.records.push_back(padded.substr(0, one.json.size()));
      result.offsets.push_back(one.offset);
    }
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(result.set_aside, batch.set_aside);
    append(result.skipped, batch.skipped);
    append(result.warnings, batch.warnings);
    result.inflated_bytes += batch.inflated_bytes;
    result.stored_bytes += batch.stored_bytes;
  }
}

engine::Envelope envelope_of(const std::string& path) {
  engine::Envelope envelope;
  envelope.path = path;
  if (const auto s3 = connectors::parse_s3_path(path)) {
    envelope.account = s3->account;
    envelope.region = s3->region;
  }
  return envelope;
}

}  // namespace

Delivery read_body(std::string_view body, const ReadOptions& options) {
  engine::Envelope envelope = envelope_of(options.path);
  envelope.body = std::string(body);
  return read(envelope, options);
}

Delivery read_file(const ReadOptions& options) { return read(envelope_of(options.path), options); }

std::string gzip(std::string_view text) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
  return out + '"';
}

std::string record(std::string_view name) {
  return R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"ana"},)"
         R"("eventTime":"2026-01-15T10:11:12Z","eventSource":"iam.amazonaws.com","eventName":")" +
         std::string(name) + R"(","awsRegion":"eu-west-1","requestParameters":{"policy":"{\"a\":[1,\"}\"]}"},)" +
         R"("responseElements":null,"recipientAccountId":"123456789012"})";
}

}  // namespace tripline::tests
