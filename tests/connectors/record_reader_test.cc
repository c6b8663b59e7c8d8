#include "connectors/record_reader.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"

namespace tripline::connectors {
namespace {

using engine::ErrorCode;
using tests::Delivery;
using tests::gzip;
using tests::read_body;
using tests::ReadOptions;
using tests::record;

const std::string kA = record("A");
const std::string kB = record("B");

std::string log_file(const std::vector<std::string>& records) {
  std::string text = R"({"Records":[)";
  for (const auto& one : records) text += (text.size() > 12 ? "," : "") + one;
  return text + "]}";
}

struct Aside {
  ErrorCode code;
  std::uint64_t offset;
  std::uint64_t bytes;
  bool operator==(const Aside&) const = default;
};

void PrintTo(const Aside& aside, std::ostream* out) {
  *out << engine::row_of(aside.code).label << " at " << aside.offset << " of " << aside.bytes;
}

std::vector<Aside> asides(const Delivery& delivery) {
  std::vector<Aside> result;
  for (const auto& one : delivery.set_aside) result.push_back({one.code, one.offset, one.bytes});
  return result;
}

TEST(RecordReader, FindsNothingWrongWhereThereIsNothing) {
  for (const std::string& body :
       std::vector<std::string>{"", "\n", " \n\n", "[]", R"({"Records":[]})", gzip(""), gzip("[]"), "\xef\xbb\xbf",
                                "{\"Records\":[]}\n{\"Records\":[]}"}) {
    SCOPED_TRACE(body);
    const Delivery delivery = read_body(body);
    EXPECT_TRUE(delivery.records.empty());
    EXPECT_TRUE(delivery.set_aside.empty());
    EXPECT_TRUE(delivery.error.empty());
  }
}

TEST(RecordReader, SetsABrokenPieceAsideOnceAndReadsTheRest) {
  const std::string line = kA + "\n";
  const std::uint64_t at = line.size();
  const std::string unclosed = kB.substr(0, kB.size() - 1);
  const std::string unquoted = std::string(kB).erase(kB.find("ana") + 3, 1);
  const std::string pretty =
      "{\n  \"eventVersion\": \"1.08,\n  \"resources\": [\n    {\n      \"ARN\": \"a\"\n    }\n  ],\n"
      "  \"eventName\": \"B\"\n}\n";
  const std::string deep = R"({"eventVersion":"1.08","x":)" + std::string(70, '[') + std::string(70, ']') + "}";
  const struct {
    std::string_view name;
    std::string body;
    std::vector<std::string> records;
    std::vector<Aside> asides;
  } cases[] = {
      {"a line without its last bracket",
       line + unclosed + "\n" + kB,
       {kA, kB},
       {{ErrorCode::kBadInput, at, unclosed.size() + 1}}},
      {"two such lines",
       line + unclosed + "\n" + unclosed + "\n" + kB,
       {kA, kB},
       {{ErrorCode::kBadInput, at, unclosed.size() + 1},
        {ErrorCode::kBadInput, at + unclosed.size() + 1, unclosed.size() + 1}}},
      {"such a line at the beginning", unclosed + "\n" + kB, {kB}, {{ErrorCode::kBadInput, 0, unclosed.size() + 1}}},
      {"a missing quote in a log file",
       log_file({kA, unquoted, kB}),
       {kA, kB},
       {{ErrorCode::kBadInput, 12 + at, unquoted.size() + 1}}},
      {"pretty-printed", line + pretty + kB, {kA, kB}, {{ErrorCode::kBadInput, at, pretty.size()}}},
      {"text between lines", line + "what?\nwhat \"else\"?\n" + kB, {kA, kB}, {{ErrorCode::kBadInput, at, 19}}},
      {"other objects between lines", line + "{\"a\":1}\n{\"b\":2}\n" + kB, {kA, kB}, {{ErrorCode::kNotALog, at, 15}}},
      {"cut off in an object", line + kB.substr(0, 100), {kA}, {{ErrorCode::kTruncated, at, 100}}},
      {"a log file cut off in an object",
       log_file({kA, kB}).substr(0, 12 + at + 100),
       {kA},
       {{ErrorCode::kTruncated, 12 + at, 100}}},
      {"a log file cut off between objects",
       log_file({kA, kB}).substr(0, 12 + at),
       {kA},
       {{ErrorCode::kTruncated, 12 + at, 0}}},
      {"nesting beyond the limit", line + deep + "\n" + kB, {kA, kB}, {{ErrorCode::kTooDeep, at, deep.size()}}},
      {"balanced, and no JSON: the parser's to refuse",
       line + R"({"eventVersion":"1.08",:})" + "\n" + kB,
       {kA, R"({"eventVersion":"1.08",:})", kB},
       {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    for (const std::size_t step : {std::size_t{1}, std::size_t{100}, std::size_t{4} << 20}) {
      ReadOptions options;
      options.batch_bytes = step;
      const Delivery delivery = read_body(c.body, options);
      EXPECT_EQ(delivery.records, c.records);
      EXPECT_EQ(asides(delivery), c.asides);
      EXPECT_EQ(delivery.inflated_bytes, c.body.size());
    }
  }
}

TEST(RecordReader, SetsADeliveryThatIsNoLogAsideOnce) {
  std::string png = "\x89PNG\r\n\x1a\n";
  std::mt19937 random(9);
  for (int i = 0; i < 100000; ++i) png += static_cast<char>(random());
  std::string page = "<html>\n<script>\nfunction f() {\n  return {\"a\": [1]};\n}\n</script>\n";
  std::string other_log, source, lines;
  for (int i = 0; i < 1000; ++i) {
    other_log += R"({"level":"info","msg":"{\"a\":1}","n":{"m":[{}]}})"
                 "\n";
    source += "static int f(int a[]) {\n  if (a[0]) { puts(\"{\\\"x\\\"\"); }\n}\n";
    lines += "[2026-01-15 10:11:12] \"GET / HTTP/1.1\" {200}\n";
  }
  for (const std::string& body : {png, page, other_log, source, lines, std::string("text"), std::string("{\"a\":1}"),
                                  std::string("[1,2,3]"), std::string("null"), std::string(1000, '\0')}) {
    SCOPED_TRACE(body.substr(0, 50));
    for (const std::size_t step : {std::size_t{1000}, std::size_t{4} << 20}) {
      ReadOptions options;
      options.batch_bytes = step;
      const Delivery delivery = read_body(body, options);
      EXPECT_TRUE(delivery.records.empty());
      ASSERT_EQ(delivery.set_aside.size(), 1u) << delivery.set_aside.front().reason;
      EXPECT_EQ(delivery.set_aside[0].code, ErrorCode::kNotALog);
      EXPECT_GE(delivery.set_aside[0].bytes + 1, body.size() - (body.starts_with('[') ? 1 : 0));
    }
  }
}

TEST(RecordReader, SaysThatUtf16IsUtf16) {
  std::string little = "\xff\xfe";
  for (const char c : kA) little.append(1, c).append(1, '\0');
  for (const std::string& body : {little, little.substr(2), '\0' + little.substr(2)}) {
    const Delivery delivery = read_body(body);
    EXPECT_TRUE(delivery.records.empty());
    EXPECT_EQ(asides(delivery), (std::vector<Aside>{{ErrorCode::kBadInput, 0, body.size()}}));
    EXPECT_EQ(delivery.set_aside[0].reason, "UTF-16 text; convert it to UTF-8 first");
  }
}

TEST(RecordReader, TakesGzipOffAnyNumberOfMembersAndLevels) {
  const std::string large = log_file(std::vector<std::string>(40000, kA));  // too large to be inflated as a whole
  ASSERT_GT(large.size(), std::size_t{8} << 20);
  const struct {
    std::string_view name;
    std::string body;
    std::size_t records;
    std::vector<ErrorCode> asides;
  } cases[] = {
      {"one member", gzip(log_file({kA, kB})), 2, {}},
      {"members", gzip(kA) + gzip(kB + "\n") + gzip(kA), 3, {}},
      {"a member that ends within a record", gzip(kA.substr(0, 50)) + gzip(kA.substr(50)), 1, {}},
      {"lines between members", gzip(kA) + "\n" + gzip(kB) + "\n", 2, {}},
      {"gzip in gzip", gzip(gzip(log_file({kA, kB}))), 2, {}},
      {"members in gzip", gzip(gzip(kA) + gzip(kB)), 2, {}},
      {"large", gzip(large), 40000, {}},
      {"a member cut off before another",
       gzip(large).substr(0, 5000) + gzip(log_file({kA, kB})),
       0,
       {ErrorCode::kBadInput, ErrorCode::kBadInput}},
      {"text behind it", gzip(kA) + "rest", 1, {ErrorCode::kBadInput}},
      {"cut off", gzip(large).substr(0, gzip(large).size() / 2), 0, {ErrorCode::kTruncated}},
      {"cut off in gzip", gzip(gzip(large).substr(0, gzip(large).size() / 2)), 0, {ErrorCode::kTruncated}},
      {"a header alone", std::string("\x1f\x8b\x08\0", 4), 0, {ErrorCode::kTruncated}},
      {"damaged", std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff\xff", 14), 0, {ErrorCode::kBadInput}},
      {"gzip in gzip six times", gzip(gzip(gzip(gzip(gzip(gzip(kA)))))), 0, {ErrorCode::kNotALog}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Delivery delivery = read_body(c.body);
    if (c.records > 0 || c.asides.empty()) {
      EXPECT_EQ(delivery.records.size(), c.records);
    }
    std::vector<ErrorCode> codes;
    for (const auto& one : delivery.set_aside) codes.push_back(one.code);
    EXPECT_EQ(codes, c.asides);
    EXPECT_EQ(delivery.stored_bytes, c.body.size());
  }
  const Delivery cut = read_body(gzip(large).substr(0, gzip(large).size() / 2));
  EXPECT_GT(cut.records.size(), 10000u);
  EXPECT_EQ(cut.records.back(), kA);
}

TEST(RecordReader, StopsAtItsCapsAndKeepsWhatCameBefore) {
  ReadOptions options;
  options.limits.max_inflated_bytes = 1000;
  const Delivery delivery = read_body(gzip(log_file(std::vector<std::string>(1000, kA))), options);
  EXPECT_EQ(delivery.records.size(), (1000 - 12) / (kA.size() + 1));
  ASSERT_EQ(delivery.set_aside.size(), 1u);
  EXPECT_EQ(delivery.set_aside[0].code, ErrorCode::kTooLarge);

  ReadOptions small;
  small.limits.max_record_bytes = 1000;
  const std::string large = R"({"eventVersion":"1.08","x":")" + std::string(100000, 'x') + "\"}";
  for (const std::size_t step : {std::size_t{64}, std::size_t{4} << 20}) {
    small.batch_bytes = step;
    const Delivery rest = read_body(log_file({kA, large, kB}), small);
    EXPECT_EQ(rest.records, (std::vector<std::string>{kA, kB}));
    EXPECT_EQ(asides(rest), (std::vector<Aside>{{ErrorCode::kTooLarge, 12 + kA.size() + 1, large.size()}}));
  }
}

TEST(RecordReader, HoldsNoMoreThanABatchAndARecord) {
  const std::string body = log_file(std::vector<std::string>(50000, kA));
  engine::Envelope envelope;
  envelope.body = gzip(body);
  RecordReader reader(envelope, {}, true, 100000);
  RecordBatch batch;
  std::size_t records = 0;
  std::size_t most = 0;
  while (*reader.next(batch)) {
    records += batch.records.size();
    most = std::max(most, batch.bytes.size());
  }
  EXPECT_EQ(records, 50000u);
  EXPECT_LE(most, 100000 + kA.size() + 500);
}

TEST(RecordReader, HoldsNoMoreThanABatchOfWhatIsUnwrapped) {
  std::string body;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += kA + "\n";
  for (int i = 0; i < 200; ++i) body += R"({"rawData":")" + tests::base64(gzip(many)) + "\"}\n";
  engine::Envelope envelope;
  envelope.body = body;
  RecordReader reader(envelope, {});
  RecordBatch batch;
  std::size_t records = 0;
  std::size_t most = 0;
  while (*reader.next(batch)) {
    records += batch.records.size();
    most = std::max(most, batch.unwrapped.used());
  }
  EXPECT_EQ(records, 200000u);
  EXPECT_LE(most, RecordReader::kBatchBytes + 2 * many.size());
}

TEST(RecordReader, WarnsOnceWhenThePathNamesAnotherAccountOrRegion) {
  const std::string other_region = std::string(kA).replace(kA.find("eu-west-1"), 9, "eu-west-2");
  const std::string global = std::string(kA).replace(kA.find("eu-west-1"), 9, "us-east-1");
  const std::string other_account = std::string(kA).replace(kA.find("123456789012"), 12, "210987654321");
  const std::string no_account = R"({"eventVersion":"1.08","awsRegion":"eu-west-1"})";
  const struct {
    std::string_view name;
    std::string body;
    std::size_t warnings;
  } cases[] = {
      {"all is well", log_file({kA, kB}), 0},
      {"no account in the record", log_file({no_account}), 0},
      {"a global service's record", log_file({global}), 0},
      {"another region", log_file({kA, other_region, other_region}), 1},
      {"another account", log_file({other_account, other_account}), 1},
      {"both", log_file({other_account, other_region}), 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ReadOptions options;
    options.path = "x/123456789012_CloudTrail_eu-west-1_20260115T1015Z_AbCdEfGhIjKlMnOp.json.gz";
    EXPECT_EQ(read_body(c.body, options).warnings.size(), c.warnings);
    options.path = "x/events.json";
    EXPECT_EQ(read_body(c.body, options).warnings.size(), 0u);
  }
}

TEST(RecordReader, RepeatsNoStrangeTextInWarnings) {
  ReadOptions options;
  options.path = "123456789012_CloudTrail_eu-west-1_20260115T1015Z_AbCdEfGhIjKlMnOp.json.gz";
  const auto plain = read_body(R"({"eventVersion":"1.08","awsRegion":"eu-west-2"})", options);
  EXPECT_EQ(plain.warnings, std::vector<std::string>{
                                "the path says eu-west-1, but `awsRegion` of the record at byte 0 says eu-west-2"});
  const auto strange = read_body("{\"eventVersion\":\"1.08\",\"awsRegion\":\"\x1b[2J\"}", options);
  EXPECT_EQ(
      strange.warnings,
      std::vector<std::string>{"the path says eu-west-1, but `awsRegion` of the record at byte 0 says something else"});
}

TEST(RecordReader, SaysWhyAFileCannotBeRead) {
  ReadOptions options;
  options.path = "/nowhere/events.json";
  EXPECT_EQ(tests::read_file(options).error, "cannot open: No such file or directory");
  options.path = "/";
  EXPECT_EQ(tests::read_file(options).error, "cannot read: Is a directory");
}

/// Any of the above, several one behind the other, perhaps damaged, perhaps compressed.
std::string random_body(std::mt19937& random) {
  const std::vector<std::string> parts = {
      kA,
      kB,
      "\n",
      log_file({kA, kB}),
      "[" + kA + "]",
      R"({"message":)" + tests::json_string(kA) + "}",
      R"({"rawData":")" + tests::base64(gzip(kB)) + "\"}",
      "text\n",
      "{\"a\":1}",
      "{\"x\":[",
      "\xef\xbb\xbf",
      R"({"Type":"Notification","TopicArn":"t","Message":)" + tests::json_string(kB) + "}",
      std::string(300, ' ')};
  std::string text;
  for (std::size_t n = random() % 12; n > 0; --n) text += parts[random() % parts.size()] + (random() % 2 ? "\n" : "");
  for (std::size_t n = random() % 3; n > 0 && !text.empty(); --n) {
    text[random() % text.size()] = "{}[]\",:\\\n x"[random() % 11];
  }
  if (random() % 3 == 0) text = gzip(text.substr(0, text.size() / 2)) + gzip(text.substr(text.size() / 2));
  if (random() % 5 == 0) text.resize(text.size() - random() % (text.size() + 1));
  return text;
}

TEST(RecordReader, FindsTheSameWhateverTheBatchesSize) {
  std::mt19937 random(11);
  for (int round = 0; round < 1500; ++round) {
    const std::string body = random_body(random);
    ReadOptions options;
    options.limits.max_record_bytes = random() % 4 == 0 ? 400 : 1 << 20;
    options.cloudtrail = random() % 5 != 0;
    const Delivery whole = read_body(body, options);
    for (const std::size_t batch : {std::size_t{1}, 1 + random() % 200, 1 + random() % 2000}) {
      options.batch_bytes = batch;
      const Delivery parts = read_body(body, options);
      ASSERT_EQ(parts.records, whole.records) << "in batches of " << batch << ":\n" << body;
      ASSERT_EQ(parts.offsets, whole.offsets);
      ASSERT_EQ(asides(parts), asides(whole)) << "in batches of " << batch << ":\n" << body;
      ASSERT_EQ(parts.skipped, whole.skipped);
      ASSERT_EQ(parts.inflated_bytes, whole.inflated_bytes);
      ASSERT_EQ(parts.stored_bytes, whole.stored_bytes);
    }
    ASSERT_TRUE(std::is_sorted(whole.offsets.begin(), whole.offsets.end())) << body;
    ASSERT_TRUE(std::is_sorted(whole.set_aside.begin(), whole.set_aside.end(), [](const auto& a, const auto& b) {
      return a.offset < b.offset;
    })) << body;
  }
}

}  // namespace
}  // namespace tripline::connectors
