#include <functional>

#include "alerts/signal_json.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/input_options.h"
#include "app/json_line.h"
#include "app/quantity.h"
#include "app/table.h"
#include "engine/store/sqlite_store.h"

namespace tripline::app {
namespace {

using engine::store::Database;
using engine::store::Reader;

struct StoreWords {
  std::string action;
  std::vector<std::string> paths;
};

/// What is in it, and whether it is sound.
engine::Result<int> check(const StoreWords& words, Console& console) {
  const auto reader = Reader::open(words.paths[0]);
  if (!reader) return reader.error();
  const auto faults = reader->check();
  if (!faults) return faults.error();
  for (const std::string& fault : *faults) console.error(words.paths[0] + ": " + fault);
  if (!faults->empty()) return kCannotRun;
  const auto counts = reader->counts();
  if (!counts) return counts.error();
  const auto sizes = reader->sizes();
  if (!sizes) return sizes.error();
  console.line(Stream::kOut, words.paths[0] + ": sound");
  const auto say = [&](const std::string& what) { console.line(Stream::kOut, "  " + what); };
  say(counted(counts->open_signals, "open signal") + ", " + counted(counts->closed_signals, "closed signal") + ", " +
      counted(counts->transitions, "transition"));
  say(counted(counts->state, "row") + " of state, " + counted(sizes->journal_rows, "commit") +
      " after the last checkpoint");
  say(byte_size(sizes->file_bytes) + ", " + byte_size(sizes->free_bytes) + " of it free, " +
      byte_size(sizes->wal_bytes) + " of log beside it");
  return kRan;
}

engine::Result<int> compact(const StoreWords& words, Console& console) {
  auto database = Database::open(words.paths[0]);
  if (!database) return database.error();
  const auto before = database->read().sizes();
  if (const auto done = database->compact(); !done) return done.error();
  const auto after = database->read().sizes();
  if (!before || !after) return before ? after.error() : before.error();
  console.note(words.paths[0] + ": " + byte_size(before->file_bytes) + " before, " + byte_size(after->file_bytes) +
               " now");
  return kRan;
}

/// All signals as NDJSON, while another process may write.
engine::Result<int> export_signals(const StoreWords& words, Console& console) {
  const auto reader = Reader::open(words.paths[0]);
  if (!reader) return reader.error();
  const auto each = [&](const std::function<void(const engine::Signal&)>& visit) {
    return engine::store::each_stored_signal(*reader, visit);
  };
  const auto related = alerts::RelatedSignals::of(each);
  if (!related) return related.error();
  const auto shown = each([&](const engine::Signal& signal) {
    const alerts::Surroundings around{.accounts = nullptr, .logs = {}, .related = related->to(signal)};
    console.line(Stream::kOut, json_line(alerts::signal_json(signal, around)));
  });
  if (!shown) return shown.error();
  return kRan;
}

engine::Result<int> backup(const StoreWords& words, Console& console) {
  const auto reader = Reader::open(words.paths[0]);
  if (!reader) return reader.error();
  if (const auto done = reader->backup(words.paths[1]); !done) return done.error();
  console.note(words.paths[0] + " is copied to " + words.paths[1]);
  return kRan;
}

struct ActionRow {
  std::string_view name;
  std::size_t paths;
  std::string_view wants;
  engine::Result<int> (*run)(const StoreWords& words, Console& console);
};
constexpr ActionRow kActions[] = {
    {"check", 1, "FILE", &check},
    {"compact", 1, "FILE", &compact},
    {"export", 1, "FILE", &export_signals},
    {"backup", 2, "FILE TO", &backup},
};

}  // namespace

int run_store(std::vector<std::string> words, Console& console) {
  StoreWords options;
  Arguments arguments("store check|compact|export|backup FILE [TO]",
                      "Looks after the file of --store, also while it is in use, but for `compact`.");
  arguments.action(action_names(kActions), options.action,
                   "check: is it sound, and what is in it; compact: give space back;");
  arguments.positionals("FILE", options.paths, "export: all signals as NDJSON; backup: copy it to the new file TO");
  arguments.example("store check state.db", "");
  arguments.example("store backup state.db copy.db", "while it is in use");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const ActionRow& action = action_row(kActions, options.action);
  if (action.paths != options.paths.size()) {
    return arguments.refuse(std::string(action.name) + " wants " + std::string(action.wants), console);
  }
  const auto code = action.run(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
