// The same for sinks that write lines: what the kit asks of sinks that send by HTTP, as far as it means something
// there.

#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "alerts/sender.h"
#include "tests/support/messages.h"
#include "tests/support/pipe.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

using Kind = Verdict::Kind;

/// Where lines go.
class Place {
 public:
  virtual ~Place() = default;
  virtual Given settings() const = 0;
  virtual void give(Carriers& carriers) = 0;
  virtual void break_down() = 0;
  virtual void mend() = 0;
  /// All that has come, once nothing writes any more.
  virtual std::string taken() = 0;
};

class FilePlace : public Place {
 public:
  Given settings() const override { return {{"path", path_.string()}}; }
  void give(Carriers&) override {}
  void break_down() override { std::filesystem::rename(folder_.path(), away()); }
  void mend() override { std::filesystem::rename(away(), folder_.path()); }
  std::string taken() override { return tests::read_file(path_); }

 private:
  std::string away() const { return folder_.path().string() + ".away"; }
  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "out.ndjson";
};

/// Standard output, whose reader stops.
class PipePlace : public Place {
 public:
  PipePlace() { mend(); }
  ~PipePlace() override { taken(); }
  Given settings() const override { return {{"timeout", "100ms"}}; }
  void give(Carriers& carriers) override { carriers.standard_output = &*stream_; }
  void break_down() override {
    stop();
    pipe_.emplace();
    stream_.emplace(pipe_->writer());
    pipe_->fill();
  }
  void mend() override {
    if (!pipe_) {
      pipe_.emplace();
      stream_.emplace(pipe_->writer());
    }
    reader_ = std::thread([this] { got_ += tests::read_to_end(pipe_->reader()); });
  }
  std::string taken() override {
    stop();
    return got_.substr(std::min(got_.find('{'), got_.size()));  // behind what filled the pipe
  }

 private:
  void stop() {
    stream_.reset();
    if (pipe_) pipe_->close_writer();
    if (reader_.joinable()) reader_.join();
    pipe_.reset();
  }

  std::optional<tests::Pipe> pipe_;
  std::optional<LineStream> stream_;
  std::thread reader_;
  std::string got_;
};

struct LineKind {
  std::string_view name;
  std::unique_ptr<Place> (*place)();
};
const LineKind kLineKinds[] = {
    {"file", []() -> std::unique_ptr<Place> { return std::make_unique<FilePlace>(); }},
    {"stdout", []() -> std::unique_ptr<Place> { return std::make_unique<PipePlace>(); }},
};

class LineKit : public testing::TestWithParam<LineKind> {
 protected:
  /// Of a place that is as it is now.
  std::shared_ptr<Sender> sender() {
    Carriers carriers;
    place_->give(carriers);
    return tests::make_sender(GetParam().name, place_->settings(), carriers);
  }

  Sent send(const std::vector<Message>& messages) { return tests::send_and_wait(*sender(), messages); }
  std::vector<std::string> lines() { return tests::lines_of(place_->taken()); }

  std::unique_ptr<Place> place_ = GetParam().place();
  const Message message_ = tests::message_of(tests::full_signal());
};

TEST_P(LineKit, DeliversWhenTheReceiverAccepts) {
  const Sent sent = send({message_});
  ASSERT_EQ(sent.verdicts.size(), 1u);
  EXPECT_EQ(sent.verdicts[0].kind, Kind::kDelivered) << sent.verdicts[0].why;
  EXPECT_EQ(lines().size(), 1u);
}

TEST_P(LineKit, DeliversMoreThanOneRequestHolds) {
  const Sent sent = send(std::vector<Message>(230, message_));
  ASSERT_EQ(sent.verdicts.size(), 230u);
  for (const Verdict& verdict : sent.verdicts) EXPECT_EQ(verdict.kind, Kind::kDelivered) << verdict.why;
  const auto all = lines();
  EXPECT_EQ(all.size(), 230u);
  for (const std::string& line : all) EXPECT_EQ(line, all.front());
}

TEST_P(LineKit, TriesAgainWhenTheReceiverFails) {
  place_->break_down();
  const Sent sent = send({message_});
  ASSERT_EQ(sent.verdicts.size(), 1u);
  EXPECT_EQ(sent.verdicts[0].kind, Kind::kRetry);
  EXPECT_TRUE(sent.verdicts[0].of_sink);
  EXPECT_NE(sent.verdicts[0].why, "");
  place_->mend();
  EXPECT_EQ(send({message_}).verdicts.at(0).kind, Kind::kDelivered);
  EXPECT_EQ(lines().size(), 1u);
}

TEST_P(LineKit, SendsTheSameKeyAtEveryAttempt) {
  send({message_});
  send({message_});
  const auto all = lines();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_NE(all[0].find("\"" + message_.key + "\""), std::string::npos) << all[0];
  EXPECT_EQ(all[0], all[1]);
}

TEST_P(LineKit, SendsWhateverIsInASignal) {
  const auto messages = tests::odd_messages();
  for (const Verdict& verdict : send(messages).verdicts) EXPECT_EQ(verdict.kind, Kind::kDelivered) << verdict.why;
  const auto all = lines();
  EXPECT_EQ(all.size(), messages.size()) << "a line each";
  for (const std::string& line : all) EXPECT_TRUE(tests::is_json(line)) << line;
}

INSTANTIATE_TEST_SUITE_P(All, LineKit, testing::ValuesIn(kLineKinds),
                         [](const auto& row) { return std::string(row.param.name); });

/// Of the kit's cases, those that are nothing to sinks that write lines, and why.
const std::map<std::string_view, std::string_view> kOfHttpAlone = {
    {"GivesUpAMessageThatIsRefused", "a file or a pipe takes any line, or none"},
    {"GivesUpOfManyOnlyTheOneThatIsRefused", "a file or a pipe takes any line, or none"},
    {"SaysWhenTheReceiverWouldTakeNoOtherEither", "whatever is wrong with it may pass: a disk that is full, a reader"},
    {"WaitsAsLongAsTheReceiverWants", "nobody answers"},
    {"TriesAgainWhenTheAnswerDoesNotEnd", "nobody answers; a reader that has stopped is LineKit's receiver that fails"},
    {"ReadsNoMoreThanItsCapOfAnAnswer", "nobody answers"},
    {"SendsNothingOverTlsThatItCannotTrust", "there is no TLS"},
    {"ShowsNoSecretThatTheReceiverRepeats", "nobody answers, and there are no secrets"},
    {"GoesNowhereItMayNot", "there is no address"},
    {"DoesNotFollowRedirects", "nobody answers"},
};

std::set<std::string> cases_of(const std::string& suite_name) {
  std::set<std::string> cases;
  const auto& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    if (suite.name() != suite_name) continue;
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const std::string name = suite.GetTestInfo(j)->name();
      cases.insert(name.substr(0, name.find('/')));
    }
  }
  return cases;
}

TEST(LineKitItself, HasEveryCaseOfTheKitOrAReasonWhyNot) {
  std::set<std::string> covered = cases_of("All/LineKit");
  for (const auto& [name, why] : kOfHttpAlone) {
    EXPECT_TRUE(covered.insert(std::string(name)).second) << name << " is a case, so it needs no reason";
    EXPECT_NE(why, "");
  }
  EXPECT_EQ(covered, cases_of("All/SinkKit"));
}

TEST(LineKitItself, TriesEveryKindThatWritesLines) {
  std::set<std::string_view> tried, all;
  for (const LineKind& kind : kLineKinds) tried.insert(kind.name);
  for (const SinkKind* kind : sink_kinds()) {
    if (kind->carrier == Carrier::kFile || kind->carrier == Carrier::kStdout) all.insert(kind->name);
  }
  EXPECT_EQ(tried, all);
}

}  // namespace
}  // namespace tripline::alerts
