#include "engine/signal_codec.h"

#include <cstring>
#include <type_traits>

namespace tripline::engine {
namespace {

class Writer {
 public:
  template <class T>
  void number(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    T value{};
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::size_t>();
    std::string value(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return value;
  }

 private:
  std::string_view bytes_;
};

constexpr std::string Evidence::*kTexts[] = {
    &Evidence::event_id, &Evidence::event_name, &Evidence::event_source, &Evidence::account,
    &Evidence::region,   &Evidence::actor,      &Evidence::address,      &Evidence::outcome,
    &Evidence::origin,   &Evidence::chain,      &Evidence::path,
};
static_assert(sizeof(Evidence) == sizeof kTexts / sizeof *kTexts * sizeof(std::string) + sizeof(std::uint64_t) +
                                      sizeof(Evidence::shown),
              "a new member of Evidence is to be packed too");

constexpr std::vector<std::string> Signal::*kScopes[] = {&Signal::accounts, &Signal::regions, &Signal::addresses};

}  // namespace

std::string pack(const Signal& signal) {
  Writer out;
  out.text(signal.id);
  out.number(signal.of_correlation);
  out.number(signal.index);
  out.number(signal.group.size());
  for (const auto& value : signal.group) out.text(value);
  out.number(signal.period_start);
  out.number(signal.first);
  out.number(signal.last);
  out.number(signal.triggers);
  out.number(signal.peak);
  out.number(signal.partial);
  out.number(signal.closed);
  out.text(signal.continues);
  for (const auto part : kScopes) {
    out.number((signal.*part).size());
    for (const auto& value : signal.*part) out.text(value);
  }
  out.number(signal.evidence.size());
  for (const auto& evidence : signal.evidence) {
    for (const auto part : kTexts) out.text((*evidence).*part);
    out.number(evidence->index);
    out.number(evidence->shown.size());
    for (const auto& [field, value] : evidence->shown) {
      out.text(field);
      out.text(value);
    }
  }
  return out.take();
}

Signal unpack(std::string_view bytes, std::shared_ptr<const RuleSet> rules) {
  Reader in(bytes);
  Signal signal;
  signal.rules = std::move(rules);
  signal.id = in.text();
  signal.of_correlation = in.number<bool>();
  signal.index = in.number<std::uint32_t>();
  for (auto count = in.number<std::size_t>(); count > 0; --count) signal.group.push_back(in.text());
  signal.period_start = in.number<EventTime>();
  signal.first = in.number<EventTime>();
  signal.last = in.number<EventTime>();
  signal.triggers = in.number<std::uint64_t>();
  signal.peak = in.number<double>();
  signal.partial = in.number<bool>();
  signal.closed = in.number<bool>();
  signal.continues = in.text();
  for (const auto part : kScopes) {
    for (auto count = in.number<std::size_t>(); count > 0; --count) (signal.*part).push_back(in.text());
  }
  for (auto count = in.number<std::size_t>(); count > 0; --count) {
    auto evidence = std::make_shared<Evidence>();
    for (const auto part : kTexts) (*evidence).*part = in.text();
    evidence->index = in.number<std::uint32_t>();
    for (auto fields = in.number<std::size_t>(); fields > 0; --fields) {
      std::string field = in.text();
      evidence->shown.emplace_back(std::move(field), in.text());
    }
    signal.evidence.push_back(std::move(evidence));
  }
  return signal;
}

}  // namespace tripline::engine
