#include "app/config/value.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

#include "engine/text.h"
#include "rules/diagnostic.h"
#include "rules/node_reader.h"

namespace tripline::app {
namespace {

struct UnitRow {
  std::string_view name;
  std::uint64_t factor;
};
constexpr UnitRow kDurationUnits[] = {{"ms", 1},        {"s", 1000},       {"m", 60'000},
                                      {"h", 3'600'000}, {"d", 86'400'000}, {"w", 604'800'000}};
constexpr UnitRow kSizeUnits[] = {{"B", 1},
                                  {"kB", 1000},
                                  {"MB", 1'000'000},
                                  {"GB", 1'000'000'000},
                                  {"TB", 1'000'000'000'000},
                                  {"KiB", 1ULL << 10},
                                  {"MiB", 1ULL << 20},
                                  {"GiB", 1ULL << 30},
                                  {"TiB", 1ULL << 40}};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

ValueFault read_number(const ConfigKey&, std::string_view text, ConfigNode& into) {
  const auto number = whole_number(text);
  if (!number) return {"is no whole number", "write digits alone"};
  into.number = *number;
  return {};
}

ValueFault read_with_unit(std::span<const UnitRow> units, std::string_view text, std::uint64_t& into,
                          std::string_view example) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view unit = text.substr(digits);
  const auto number = whole_number(text.substr(0, digits));
  const std::string otherwise = "write a number and a unit, such as " + std::string(example);
  if (digits == 0) return {"is no number with a unit", otherwise};
  if (unit.empty() && number == 0U) {
    into = 0;
    return {};
  }
  if (unit.empty()) return {"has no unit", otherwise};
  for (const UnitRow& row : units) {
    if (row.name != unit) continue;
    if (!number || *number > std::uint64_t{INT64_MAX} / row.factor) return {"is too large", ""};
    into = *number * row.factor;
    return {};
  }
  std::string names;
  for (const UnitRow& row : units) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return {"has an unknown unit", "units are " + names};
}

ValueFault read_duration(const ConfigKey&, std::string_view text, ConfigNode& into) {
  return read_with_unit(kDurationUnits, text, into.number, "30s or 5m");
}

ValueFault read_bytes(const ConfigKey&, std::string_view text, ConfigNode& into) {
  return read_with_unit(kSizeUnits, text, into.number, "256MiB");
}

ValueFault read_flag(const ConfigKey&, std::string_view text, ConfigNode& into) {
  if (text != "true" && text != "false") return {"is neither true nor false", "write `true` or `false`"};
  into.number = text == "true" ? 1 : 0;
  return {};
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(host.find(':') == std::string::npos ? AF_INET : AF_INET6, host.c_str(), bytes.data()) == 1;
}

ValueFault read_address(const ConfigKey&, std::string_view text, ConfigNode& into) {
  const std::string form = "write host:port, such as 127.0.0.1:8480 or [::1]:8480";
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {"has no port", form};
  std::string_view host = text.substr(0, colon);
  if (host.empty()) return {"has no host", "write 0.0.0.0" + std::string(text) + " for all addresses"};
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  if (!brackets && host.find(':') != std::string_view::npos) {
    return {"is no host and port", "write an IPv6 address in brackets: [::1]:8480"};
  }
  const auto port = whole_number(text.substr(colon + 1));
  if (!port || *port > 65535) return {"has no port from 0 to 65535", form};
  if (host == "localhost") host = "127.0.0.1";
  if (!is_address(std::string(host))) return {"is no IP address and port", form};
  into.number = *port;
  return {};
}

ValueFault read_word(const ConfigKey& key, std::string_view text, ConfigNode&) {
  const auto words = words_of(key.words);
  if (std::find(words.begin(), words.end(), text) != words.end()) return {};
  const std::string_view near = rules::did_you_mean(text, words);
  return {"is not known",
          near.empty() ? "it can be " + rules::enumerate(words, "or") : "did you mean `" + std::string(near) + "`?"};
}

struct ReadRow {
  ConfigType type;
  ValueFault (*read)(const ConfigKey& key, std::string_view text, ConfigNode& into);
};
constexpr ReadRow kReads[] = {
    {ConfigType::kFlag, &read_flag},   {ConfigType::kNumber, &read_number},   {ConfigType::kDuration, &read_duration},
    {ConfigType::kBytes, &read_bytes}, {ConfigType::kAddress, &read_address}, {ConfigType::kWord, &read_word},
};

struct Measured {
  std::uint64_t value;
  std::string (*words)(std::uint64_t);
  std::string_view of;  // what is measured, behind the bound
};
std::string plain(std::uint64_t number) { return std::to_string(number); }

Measured measure(const ConfigKey& key, std::string_view text, const ConfigNode& node) {
  switch (key.type) {
    case ConfigType::kDuration:
      return {node.number, &duration_words, ""};
    case ConfigType::kBytes:
      return {node.number, &size_words, ""};
    case ConfigType::kNumber:
      return {node.number, &plain, ""};
    default:
      return {text.size(), &plain, " bytes"};
  }
}

bool has_range(ConfigType type) {
  return type == ConfigType::kDuration || type == ConfigType::kBytes || type == ConfigType::kNumber ||
         type == ConfigType::kText || type == ConfigType::kTexts;
}

std::string in_largest(std::uint64_t number, std::span<const UnitRow> units) {
  const UnitRow* largest = &units.front();
  for (const UnitRow& row : units) {
    if (number != 0 && number % row.factor == 0 && row.factor > largest->factor) largest = &row;
  }
  return std::to_string(number / largest->factor) + std::string(largest->name);
}

}  // namespace

ValueFault read_value(const ConfigKey& key, std::string_view text, ConfigNode& into) {
  for (const ReadRow& row : kReads) {
    if (row.type != key.type) continue;
    if (auto fault = row.read(key, text, into)) return fault;
  }
  if (has_range(key.type)) {
    const auto [value, words, of] = measure(key, text, into);
    if (value < key.least || value > key.most) {
      const std::string bound = value < key.least ? "at least " + words(key.least) : "at most " + words(key.most);
      if (value < key.least && key.secret) {
        return {"is so short that it can be guessed", "take " + bound + " random ones, as of `openssl rand -hex 32`"};
      }
      if (of.empty()) return {value < key.least ? "is too small" : "is too large", "write " + bound};
      return {value < key.least ? "is too short" : "is too long", "write " + bound + std::string(of)};
    }
  }
  into.texts.emplace_back(text);
  into.present = true;
  return {};
}

std::string duration_words(std::uint64_t milliseconds) {
  return in_largest(milliseconds, std::span(kDurationUnits).first(5));  // 14d reads better than 2w
}

std::string size_words(std::uint64_t bytes) {
  constexpr UnitRow kBinary[] = {{"B", 1}, {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}};
  return in_largest(bytes, kBinary);
}

std::string host_of(std::string_view address) {
  std::string_view host = address.substr(0, address.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return host == "localhost" ? "127.0.0.1" : std::string(host);
}

bool is_loopback(std::string_view host) {
  const std::string text(host);
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace tripline::app
