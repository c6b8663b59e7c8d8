#include "benchmarks/firehose_load.h"

#include <stdexcept>

#include "benchmarks/corpus.h"
#include "connectors/record_reader.h"
#include "engine/base64.h"
#include "tests/support/http_client.h"

namespace tripline::benchmarks {
namespace {

/// Of a request's id and of an event's: twelve digits are sixteen characters of base64.
constexpr std::size_t kDigits = 12;
constexpr std::size_t kMostEvents = 10'000;

std::string digits(std::uint64_t number) {
  std::string text = std::to_string(number);
  text.insert(0, kDigits - text.size(), '0');
  return text;
}

}  // namespace

FirehosePost::FirehosePost(const std::vector<std::string>& records, std::string_view time) {
  const std::string id = digits(0);
  std::string before = R"({"eventVersion":"1.08","eventTime":")" + std::string(time) + R"(","eventID":")";
  // An id begins where a quad of base64 does.
  while (before.size() % 3 != 0) before.insert(1, " ");
  std::string body = R"({"requestId":")" + id + R"(","timestamp":1768471872345,"records":[)";
  std::vector<std::size_t> ids;
  for (const std::string& record : records) {
    const std::string data = engine::base64_encode(before + id + "\"," + record.substr(1));
    if (body.size() + data.size() + 16 > kBytes || ids.size() == kMostEvents) break;
    body += ids.empty() ? R"({"data":")" : R"(,{"data":")";
    ids.push_back(body.size() + before.size() / 3 * 4);
    body += data + "\"}";
  }
  body += "]}";
  if (body.size() < kBytes / 10 * 9) throw std::runtime_error("the corpus has less than a delivery of records");
  const std::string name = "X-Amz-Firehose-Request-Id: ";
  request_ = tests::post("/firehose", body, "X-Amz-Firehose-Protocol-Version: 1.0\r\n" + name + id + "\r\n");
  const std::size_t begin = request_.size() - body.size();
  request_ids_ = {request_.find(name) + name.size(), begin + body.find(id)};
  for (const std::size_t at : ids) ids_.push_back(begin + at);
}

void FirehosePost::renew(std::uint64_t number) {
  const std::string id = digits(number);
  for (const std::size_t at : request_ids_) request_.replace(at, kDigits, id);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    request_.replace(ids_[i], kDigits / 3 * 4, engine::base64_encode(digits(number * kMostEvents + i)));
  }
}

std::vector<std::string> corpus_records(std::uint64_t max_bytes) {
  const Corpus corpus(max_bytes);
  std::vector<std::string> records;
  for (const auto& file : corpus.files()) {
    engine::Envelope envelope;
    envelope.path = file.path;
    connectors::RecordReader reader(envelope, {});
    connectors::RecordBatch batch;
    while (reader.next(batch).value()) {
      for (const auto& record : batch.records) records.emplace_back(record.json);
    }
  }
  return records;
}

}  // namespace tripline::benchmarks
