#include "alerts/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "alerts/url.h"

namespace tripline::alerts {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr Unit kDurations[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit kSizes[] = {{"B", 1},     {"KiB", 1024},     {"MiB", 1024 * 1024},  {"GiB", 1024 * 1024 * 1024},
                           {"kB", 1000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"", 1}};
constexpr Unit kPlain[] = {{"", 1}};

std::optional<std::uint64_t> measured(std::string_view text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& row : units) {
    if (row.name == unit && number <= UINT64_MAX / row.factor) return number * row.factor;
  }
  return std::nullopt;
}

bool has_word(std::string_view words, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

/// What was expected; empty: the value is that.
std::string fault_of(const Setting& setting, std::string_view value) {
  switch (setting.type) {
    case SettingType::kUrl:
      return fault_of_url(value);
    case SettingType::kFlag:
      return value == "true" || value == "false" ? "" : "is true or false";
    case SettingType::kNumber:
      return measured(value, kPlain) ? "" : "is a whole number";
    case SettingType::kDuration:
      return measured(value, kDurations) ? "" : "is a whole number and a unit: ms, s, m, h or d";
    case SettingType::kBytes:
      return measured(value, kSizes) ? "" : "is a whole number and a unit: B, KiB, MiB, GiB, kB, MB or GB";
    case SettingType::kWord:
      return has_word(setting.words, value) ? "" : "is one of: " + std::string(setting.words);
    default:
      return value.empty() ? "is not empty" : "";
  }
}

/// The table's row, and what stands behind `headers.`.
const Setting* find(std::span<const Setting* const> table, std::string_view key) {
  for (const Setting* setting : table) {
    const bool map = setting->type == SettingType::kTextMap;
    if (!map && setting->key == key) return setting;
    if (map && key.size() > setting->key.size() + 1 && key.starts_with(setting->key) && key[setting->key.size()] == '.')
      return setting;
  }
  return nullptr;
}

std::string names_of(std::span<const Setting* const> table) {
  std::string names;
  for (const Setting* setting : table) names.append(names.empty() ? "" : ", ").append(setting->key);
  return names;
}

}  // namespace

Settings Settings::read(std::span<const Setting* const> table, const Given& given, std::vector<SettingFault>& faults) {
  Settings settings;
  for (const auto& [key, value] : given) {
    const Setting* setting = find(table, key);
    if (setting == nullptr) {
      faults.push_back({key, "is no setting of this sink; there are: " + names_of(table)});
      continue;
    }
    if (std::string fault = fault_of(*setting, value); !fault.empty()) {
      faults.push_back({key, std::move(fault)});
      continue;
    }
    auto& values = settings.values_[key];
    if (!values.empty() && setting->type != SettingType::kTexts) {
      faults.push_back({key, "is given twice"});
      continue;
    }
    values.push_back(value);
    if (!setting->secret) continue;
    settings.secrets_.push_back(value);
    // What a receiver sees of a secret URL, and may repeat.
    if (const auto url = parse_url(value); url && setting->type == SettingType::kUrl && url->target.size() > 1) {
      settings.secrets_.push_back(url->target);
    }
  }
  for (const Setting* setting : table) {
    if (settings.has(setting->key)) continue;
    if (!setting->fallback.empty()) settings.values_[std::string(setting->key)] = {std::string(setting->fallback)};
    if (setting->required && std::none_of(faults.begin(), faults.end(),
                                          [&](const SettingFault& fault) { return fault.key == setting->key; })) {
      faults.push_back({std::string(setting->key), "is needed"});
    }
  }
  // A secret of a few letters would redact words of the language.
  std::erase_if(settings.secrets_, [](const std::string& secret) { return secret.size() < 4; });
  std::sort(settings.secrets_.begin(), settings.secrets_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return settings;
}

const std::string& Settings::text(std::string_view key) const {
  static const std::string none;
  const auto at = values_.find(key);
  return at == values_.end() ? none : at->second.front();
}

const std::vector<std::string>& Settings::texts(std::string_view key) const {
  static const std::vector<std::string> none;
  const auto at = values_.find(key);
  return at == values_.end() ? none : at->second;
}

std::vector<std::pair<std::string, std::string>> Settings::entries(std::string_view key) const {
  std::vector<std::pair<std::string, std::string>> all;
  const std::string prefix = std::string(key) + ".";
  for (auto at = values_.lower_bound(prefix); at != values_.end() && at->first.starts_with(prefix); ++at) {
    all.emplace_back(at->first.substr(prefix.size()), at->second.front());
  }
  return all;
}

std::uint64_t Settings::number(std::string_view key) const { return measured(text(key), kSizes).value_or(0); }

std::chrono::milliseconds Settings::duration(std::string_view key) const {
  return std::chrono::milliseconds(measured(text(key), kDurations).value_or(0));
}

std::string redacted(std::string text, std::span<const std::string> secrets) {
  constexpr std::string_view kShown = "(secret)";
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kShown.size())) {
      text.replace(at, secret.size(), kShown);
    }
  }
  return text;
}

}  // namespace tripline::alerts
