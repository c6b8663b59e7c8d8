#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/field_list.h"
#include "app/followed.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/near_names.h"
#include "app/printable.h"
#include "app/quantity.h"
#include "app/read_mints.h"
#include "app/read_records.h"
#include "app/record_json.h"
#include "app/rows.h"
#include "app/timeline_entry.h"
#include "app/timeline_summary.h"
#include "app/timeline_writer.h"
#include "connectors/file_source.h"
#include "engine/shown_text.h"
#include "engine/text.h"

namespace tripline::app {
namespace {

struct TimelineOptions {
  InputOptions input;
  AccountsOption accounts;
  std::string principal;
  std::string involving;
  std::string fields;
  std::string format;
  bool writes = false;
  bool summary = false;
};

struct EntryPart : InputPart {
  std::vector<TimelineEntry> entries;
  std::uint64_t named_so = 0;     // calls in role sessions of that name, by somebody else for all that is known
  std::vector<std::string> near;  // names that the wanted one may be a slip of
};

class Timeline {
 public:
  Timeline(const TimelineOptions& options, Console& console)
      : options_(options),
        console_(console),
        report_(console),
        format_(choose_format(options.format, console)),
        fields_(field_list(options.fields, true, console)),
        involving_(engine::fold(options.involving)),
        query_(options.principal) {
    for (const auto& field : fields_) field_ids_.push_back(table_.intern(field));
  }

  engine::Result<int> run() {
    const auto span = options_.input.span(wall_clock());
    if (!span) return span.error();
    const auto accounts = options_.accounts.load();
    if (!accounts) return accounts.error();
    options_.accounts.warn_of(fields_, console_);
    const ReadOptions reading = options_.input.reading(true, *span);
    const bool shows_progress = !options_.input.quiet;
    const auto picks = [&](engine::Event& event, const engine::Mint& mint) { return asked_for(query_, event, mint); };
    const auto mints = read_mints(options_.input.paths, reading, console_, shows_progress, picks);
    if (!mints) return mints.error();
    const auto source = connectors::FileSource::open(options_.input.paths);
    if (!source) return source.error();

    const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = mints->lineage.get()};
    const Followed followed(query_, *mints->lineage, mints->picked);
    const auto make_process = [&] {
      auto event = std::make_shared<engine::Event>(table_, knowledge);
      auto names = std::make_shared<NearNames>(query_.name());
      return [&, event, names](const engine::Record& record, EntryPart& part) -> engine::Result<Outcome> {
        if (const auto read = event->read(record); !read) return read.error();
        if (!lies_in(reading.span, *event)) return Outcome::kOutOfSpan;
        add(*event, followed, *names, part);
        return Outcome::kTaken;
      };
    };
    const auto consume = [&](const engine::Envelope&, EntryPart part) {
      named_so_ += part.named_so;
      near_.insert(part.near.begin(), part.near.end());
      for (auto& entry : part.entries) {
        if (keys_.insert(entry.key).second) {
          entries_.push_back(std::move(entry));
        } else {
          ++duplicates_;
        }
      }
    };
    const auto totals =
        read_records<EntryPart>(**source, reading, make_process, consume, report_.listener(**source, shows_progress));
    report_.finish();
    if (!totals) return totals.error();
    std::stable_sort(entries_.begin(), entries_.end(), comes_before);
    if (options_.summary) {
      write_timeline_summary(entries_, format_, console_);
    } else {
      write_timeline(entries_, fields_, format_, console_);
    }
    if (!options_.input.quiet) {
      report_.summary(*totals, **source);
      say_what_it_is();
    }
    return options_.input.strict && report_.pieces() > 0 ? kCannotRun : kRan;
  }

 private:
  bool writes_json() const { return format_ == Format::kNdjson || format_ == Format::kJson; }

  void add(engine::Event& event, const Followed& followed, NearNames& names, EntryPart& part) const {
    if (options_.writes && event.find_text("readOnly") == "true") return;
    const auto hop = followed.hop_of(event);
    const bool is_involved = !hop && !involving_.empty() && involves(event, involving_);
    if (!hop && !is_involved) {
      if (query_.is_session_name_of(event)) ++part.named_so;
      if (const auto name = name_to_ask_for(event); names.is_new(name)) part.near.emplace_back(name);
      return;
    }
    TimelineEntry entry = timeline_entry(event);
    entry.hop = hop;
    if (!options_.summary) add_shown(event, entry);
    part.entries.push_back(std::move(entry));
  }

  void add_shown(engine::Event& event, TimelineEntry& entry) const {
    if (writes_json()) {
      entry.json = fields_.empty() ? record_with_ours(event, true) : chosen_fields(event, field_ids_);
    } else {
      for (const auto field : field_ids_) entry.chosen.push_back(engine::shown_text(event, field));
    }
  }

  void say_what_it_is() const {
    std::uint64_t denied = 0, others = 0;
    std::set<std::string> principals;
    for (const auto& entry : entries_) {
      if (entry.outcome == "denied") ++denied;
      if (!entry.hop) ++others;
      if (entry.hop == 0U) principals.insert(entry.principal);
    }
    std::string text = counted(entries_.size() - others, "call") + " of " + options_.principal;
    if (denied > 0) text += ", " + grouped(denied) + " denied";
    if (!options_.involving.empty()) text += "; " + counted(others, "call") + " of others with " + options_.involving;
    if (duplicates_ > 0) text += "; " + counted(duplicates_, "event was", "events were") + " delivered twice";
    console_.note(text);
    if (entries_.empty() && named_so_ == 0) say_who_there_is();
    if (principals.size() > 1) {
      console_.note(options_.principal + " is " + counted(principals.size(), "identity", "identities") +
                    " here; an ARN names one of them:");
      for (const auto& principal : principals) console_.note("  " + principal);
    }
    if (named_so_ > 0) {
      console_.note(counted(named_so_, "call is", "calls are") + " left out that came from role sessions named " +
                    options_.principal + ": whoever enters a role chooses that name");
    }
  }

  void say_who_there_is() const {
    constexpr std::size_t kMost = 5;
    std::string names;
    std::size_t shown = 0;
    for (const auto& name : near_) {
      if (++shown > kMost) break;
      names += (shown == 1 ? "" : ", ") + name;
    }
    if (near_.size() > kMost) names += ", ...";
    console_.note(near_.empty() ? "hint: no name among these calls is like it; `tripline search` finds where a word "
                                  "stands in any record"
                                : "hint: names are taken whole; did you mean " + printable(names) + "?");
  }

  const TimelineOptions& options_;
  Console& console_;
  InputReport report_;
  Format format_;
  std::vector<std::string> fields_;
  std::string involving_;  // folded
  PrincipalQuery query_;
  engine::FieldTable table_;
  std::vector<engine::FieldId> field_ids_;
  std::vector<TimelineEntry> entries_;
  std::set<engine::EventKey> keys_;
  std::uint64_t duplicates_ = 0;
  std::uint64_t named_so_ = 0;
  std::set<std::string> near_;
};

}  // namespace

int run_timeline(std::vector<std::string> words, Console& console) {
  TimelineOptions options;
  Arguments arguments("timeline [OPTION]... PRINCIPAL PATH...",
                      "Shows what one identity did, in order of time, through every role it assumed in\n"
                      "every account. The input is read twice: first for issued credentials.");
  arguments.positional("PRINCIPAL", options.principal, "user, role, ARN or access key; @ACCOUNT behind a name");
  arguments.flag("--summary", options.summary, "counts of calls, addresses, keys, accounts, regions");
  arguments.flag("--writes", options.writes, "without calls that only read");
  arguments.text("--involving", "NAME", options.involving, "calls of others with NAME in request or response too");
  arguments.text("--fields", "A,B", options.fields, "show these fields");
  arguments.choice("--format", "FORMAT", {"table", "ndjson", "json", "csv"}, options.format,
                   "table (on a terminal), ndjson (elsewhere), json, csv");
  options.accounts.declare(arguments);
  options.input.declare(arguments);
  arguments.example("timeline alice AWSLogs/", "what a user did");
  arguments.example("timeline AKIAIOSFODNN7EXAMPLE --summary AWSLogs/", "what a key did");
  arguments.example("timeline role/Deploy@111122223333 --writes AWSLogs/", "what it changed");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  if (options.principal.find_first_not_of(' ') == std::string::npos) {
    return arguments.refuse("PRINCIPAL is empty", console);
  }
  if (const auto problem = swapped(options.principal, options.input.paths, "principal")) {
    return arguments.refuse(*problem, console);
  }
  const auto code = Timeline(options, console).run();
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
