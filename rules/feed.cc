#include "rules/feed.h"

#include <iterator>
#include <string_view>
#include <vector>

#include "engine/text.h"
#include "rules/node_reader.h"

namespace tripline::rules {
namespace {

struct CategoryRow {
  std::string_view name;
  engine::Category bit;
};
/// Source: AWS CloudTrail User Guide, "CloudTrail record contents", eventCategory; written as Sigma writes categories.
constexpr CategoryRow kCategories[] = {
    {"management", engine::kManagement},
    {"data", engine::kData},
    {"insight", engine::kInsight},
    {"network_activity", engine::kNetworkActivity},
};

/// The CloudTrail categories that a rule wants; 0: it does not want CloudTrail.
std::uint8_t cloudtrail_categories(const engine::LogSource& wanted) {
  if (!engine::feeds(engine::kCloudTrail, {"", wanted.product, wanted.service})) return 0;
  if (wanted.category.empty()) return engine::kAnyCategory;
  for (const auto& row : kCategories) {
    if (engine::equals_folded(wanted.category, row.name)) return row.bit;
  }
  return 0;
}

}  // namespace

bool is_cloudtrail(const engine::LogSource& feed) {
  return engine::equals_folded(feed.product, engine::kCloudTrail.product) &&
         engine::equals_folded(feed.service, engine::kCloudTrail.service);
}

FeedFit fit(const engine::LogSource& feed, const engine::LogSource& wanted) {
  FeedFit fit;
  const std::uint8_t categories = cloudtrail_categories(wanted);
  if (categories != 0) fit.categories = categories;
  const bool whole_cloudtrail = is_cloudtrail(feed) && feed.category.empty();
  fit.feeds = whole_cloudtrail ? categories != 0 : engine::feeds(feed, wanted);
  fit.known = fit.feeds || categories != 0;
  return fit;
}

std::string describe(const engine::LogSource& source) {
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : ", ") + std::string(name) + " " + value;
  };
  add("product", source.product);
  add("category", source.category);
  add("service", source.service);
  return text;
}

std::string unfed_hint(const engine::LogSource& wanted) {
  std::vector<std::string_view> categories;
  for (const auto& row : kCategories) categories.push_back(row.name);
  const auto meant = [](const std::string& word, std::span<const std::string_view> known) {
    const std::string_view slip = word.empty() ? std::string_view{} : slip_of(word, known);
    return engine::equals_folded(word, slip) ? std::string_view{} : slip;
  };
  const std::string_view product[] = {engine::kCloudTrail.product};
  const std::string_view service[] = {engine::kCloudTrail.service};
  for (const std::string_view slip :
       {meant(wanted.product, product), meant(wanted.service, service), meant(wanted.category, categories)}) {
    if (!slip.empty()) return "did you mean `" + std::string(slip) + "`?";
  }
  std::string option;
  const auto add = [&option](std::string_view name, const std::string& value) {
    if (!value.empty()) option += (option.empty() ? "" : ",") + std::string(name) + "=" + value;
  };
  add("product", wanted.product);
  add("category", wanted.category);
  add("service", wanted.service);
  return "if the logs are of that kind, say so with --logsource " + option;
}

}  // namespace tripline::rules
