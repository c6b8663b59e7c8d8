#include "rules/loader.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <variant>

#include "rules/cpu_time.h"
#include "rules/feed.h"
#include "rules/file_cache.h"
#include "rules/handles.h"
#include "rules/lint.h"
#include "rules/lists.h"
#include "rules/loading.h"
#include "rules/old_aggregation.h"
#include "rules/read_files.h"
#include "rules/rule_files.h"
#include "rules/taxonomy.h"

namespace tripline::rules {
namespace {

using State = RuleState::State;

DocumentKind kind_of(const Document& document) {
  if (std::holds_alternative<FilterRule>(document)) return DocumentKind::kFilter;
  return std::holds_alternative<CorrelationRule>(document) ? DocumentKind::kCorrelation : DocumentKind::kDetection;
}

// --- what is loaded ---

/// Takes a file's documents, and those with errors, in order of line.
void take(FileDocuments file, Loading& loading) {
  auto failed = file.failed.begin();
  const auto take_failed_up_to = [&](int line) {
    for (; failed != file.failed.end() && failed->rule.line <= line; ++failed) {
      loading.states.push_back({std::move(failed->rule), failed->kind, State::kFailed, std::move(failed->why)});
    }
  };
  for (Document& document : file.documents) {
    const engine::Rule& rule = rule_of(document);
    take_failed_up_to(rule.line);
    const bool failed_too = failed != file.failed.begin() && std::prev(failed)->rule.line == rule.line;
    if (!failed_too) loading.states.push_back({rule, kind_of(document), State::kLoaded, ""});
    loading.items.push_back({std::move(document), loading.states.size() - 1});
  }
  take_failed_up_to(std::numeric_limits<int>::max());
  loading.diagnostics.append(std::move(file.diagnostics));
}

void skip_by_status(Loading& loading) {
  if (loading.options.include_deprecated) return;
  for (const auto& item : loading.items) {
    if (!loading.is(item.state, State::kLoaded)) continue;
    if (!loading.overridden.empty() && loading.overridden[item.state].all.enabled == true) continue;
    const std::string& status = rule_of(item.document).status;
    if (status == "deprecated" || status == "unsupported") {
      loading.leave_out(item.state, State::kSkippedStatus, "its status is " + status);
    }
  }
}

void index_rules(Loading& loading) {
  // Rules without an error first: a handle that two claim is theirs.
  for (const bool failed : {false, true}) {
    for (std::size_t i = 0; i < loading.states.size(); ++i) {
      if (loading.is(i, State::kFailed) == failed) loading.index.add(loading.states[i].rule, i);
    }
  }
}

std::optional<engine::Expression> lower_detection(const DetectionRule& rule, const Loading& loading,
                                                  engine::RuleSet& into, Diagnostics& found) {
  auto condition = lower(rule.body, rule.rule.title, loading.lists, loading.options.fields, into, found);
  for (const ConditionText& text : rule.body.conditions) {
    const std::string modern = modern_form(rule, text.text);
    if (!modern.empty()) found.set_hint("old-aggregation", text.at.line, modern);
  }
  return condition;
}

/// Says what else is wrong with a document that has failed already.
void check_failed(const Document& document, Loading& loading) {
  Diagnostics found;
  if (const auto* rule = std::get_if<DetectionRule>(&document)) {
    lower_detection(*rule, loading, loading.others, found);
  } else if (const auto* filter = std::get_if<FilterRule>(&document)) {
    lower(filter->body, filter->rule.title, loading.lists, loading.options.fields, loading.others, found);
  }
  loading.diagnostics.append(std::move(found));
}

engine::FieldId intern(const std::string& field, const LoadOptions& options, engine::RuleSet& into) {
  const auto mapped = options.fields.find(field);
  return into.fields.intern(mapped == options.fields.end() ? field : mapped->second);
}

void compile_detection(const DetectionRule& rule, std::size_t state, Loading& loading) {
  const LoadOptions& options = loading.options;
  const FeedFit fits = fit(options.feed, rule.rule.log_source);
  const bool loads = fits.feeds || options.any_log_source;
  if (!fits.known && !options.any_log_source) {
    loading.diagnostics.add("unfed-log-source", rule.head.log_source_at,
                            "no known source feeds " + describe(rule.rule.log_source), unfed_hint(rule.rule.log_source),
                            rule.rule.title);
  }
  if (loads) warn_of_taxonomy(rule, loading);
  Diagnostics found;
  engine::RuleSet& into = loads ? loading.rules : loading.others;
  auto condition = lower_detection(rule, loading, into, found);
  if (!condition || found.errors() > 0) {
    loading.leave_out(state, State::kFailed, found.first_error());
  } else if (!loads) {
    loading.leave_out(state, State::kOtherLogSource, "its log source is " + describe(rule.rule.log_source));
  } else {
    engine::Detection detection;
    detection.rule = rule.rule;
    detection.condition = std::move(*condition);
    detection.categories = fits.categories;
    detection.opens_signals = rule.rule.level != engine::Level::kInformational && !loading.is_disabled(state);
    for (const std::string& field : rule.rule.fields) detection.shown.push_back(intern(field, options, into));
    detection.title = rule.tripline.title;
    for (engine::TitlePart& part : detection.title) {
      if (!part.field.empty()) part.id = intern(part.field, options, into);
    }
    for (const std::string& field : rule.tripline.group) detection.group.push_back(intern(field, options, into));
    if (const auto period = rule.tripline.spans.find("period"); period != rule.tripline.spans.end()) {
      detection.period = std::chrono::seconds{period->second};
    }
    loading.loaded[state] = static_cast<std::uint32_t>(into.detections.size());
    into.detections.push_back(std::move(detection));
  }
  loading.diagnostics.append(std::move(found));
}

bool compiles(const FilterRule& filter, Loading& loading) {
  Diagnostics found;
  return lower(filter.body, filter.rule.title, loading.lists, loading.options.fields, loading.others, found) &&
         found.errors() == 0;
}

/// Compiles the detections, and decides which rule has an id or name that several have.
void compile_detections(Loading& loading) {
  loading.loaded.resize(loading.states.size());
  Handles handles(loading);
  for (const auto& item : loading.items) {
    if (loading.is(item.state, State::kLoaded)) handles.refuse_duplicate(item);
    if (loading.is(item.state, State::kFailed)) {
      check_failed(item.document, loading);
      continue;
    }
    if (!loading.is(item.state, State::kLoaded)) continue;
    const auto* rule = std::get_if<DetectionRule>(&item.document);
    const auto* filter = std::get_if<FilterRule>(&item.document);
    if (rule) compile_detection(*rule, item.state, loading);
    if (!loading.is(item.state, State::kFailed) && (!filter || compiles(*filter, loading))) handles.take(item);
  }
}

void lint_all(Loading& loading) {
  const LintContext context{loading.rules, loading.options.fields};
  for (const auto& item : loading.items) {
    if (loading.is(item.state, State::kOtherLogSource) || loading.is(item.state, State::kSkippedStatus) ||
        loading.is(item.state, State::kDisabled)) {
      continue;
    }
    if (const auto* rule = std::get_if<DetectionRule>(&item.document)) {
      const auto place = loading.loaded[item.state];
      lint(*rule, place ? &loading.rules.detections[*place] : nullptr, context, loading.diagnostics);
    } else if (const auto* filter = std::get_if<FilterRule>(&item.document)) {
      lint(*filter, context, loading.diagnostics);
    } else {
      lint(std::get<CorrelationRule>(item.document), context, loading.diagnostics);
    }
  }
}

Loaded finish(Loading loading) {
  Loaded loaded;
  for (auto& item : loading.items) {
    if (auto* filter = std::get_if<FilterRule>(&item.document); filter && loading.is(item.state, State::kLoaded)) {
      loaded.filters.push_back(std::move(*filter));
    }
    if (auto* correlation = std::get_if<CorrelationRule>(&item.document);
        correlation && loading.is(item.state, State::kLoaded)) {
      loaded.correlations.push_back(std::move(*correlation));
    }
  }
  loaded.rules = std::make_shared<const engine::RuleSet>(std::move(loading.rules));
  loaded.states = std::move(loading.states);
  loading.diagnostics.sort();
  loaded.diagnostics = std::move(loading.diagnostics);
  return loaded;
}

engine::Result<Loaded> load(const std::vector<std::string>& paths, const LoadOptions& options, FileCache* cache) {
  Diagnostics diagnostics;
  const auto files = find_rule_files(paths, diagnostics);
  if (!files) return files.error();
  Lists lists;
  if (!options.lists_dir.empty()) {
    auto read = read_lists(options.lists_dir, diagnostics);
    if (!read) return read.error();
    lists = std::move(*read);
  }
  Loading loading{.options = options,
                  .lists = lists,
                  .rules = engine::RuleSet(is_cloudtrail(options.feed)),
                  .others = engine::RuleSet(false)};
  loading.diagnostics = std::move(diagnostics);
  Loaded::Timing timing;
  std::size_t not_rules = 0;
  for (ReadFile& file : cache ? cache->read(*files, options) : read_files(*files, options)) {
    not_rules += file.documents.not_rules;
    timing.yaml_seconds += file.documents.yaml_seconds;
    timing.compile_seconds += file.seconds - file.documents.yaml_seconds;
    take(std::move(file.documents), loading);
  }
  const double start = cpu_seconds();
  apply_overrides(loading);
  skip_by_status(loading);
  compile_detections(loading);
  index_rules(loading);
  apply_filters(loading);
  resolve_correlations(loading);
  split_by_account(loading);
  if (options.lint) lint_all(loading);
  Loaded loaded = finish(std::move(loading));
  loaded.files = files->size();
  loaded.not_rules = not_rules;
  loaded.timing = timing;
  loaded.timing.compile_seconds += cpu_seconds() - start;
  return loaded;
}

}  // namespace

std::string hint_for(const Loading& loading, const std::string& reference, std::string otherwise) {
  const std::string_view slip = loading.index.slip_of(reference);
  return slip.empty() ? std::move(otherwise) : "did you mean `" + std::string(slip) + "`?";
}

engine::Result<Loaded> load_rules(const std::vector<std::string>& paths, const LoadOptions& options) {
  return load(paths, options, nullptr);
}

engine::Result<Loaded> load_rules(const std::vector<std::string>& paths, const LoadOptions& options, FileCache& cache) {
  return load(paths, options, &cache);
}

}  // namespace tripline::rules
