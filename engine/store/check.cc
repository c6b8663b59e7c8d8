#include "engine/store/reader.h"

namespace tripline::engine::store {
namespace {

struct Invariant {
  const char* broken;  // counts what breaks it
  std::string_view means;
};

// What docs/store.md promises and the schema alone does not keep.
constexpr Invariant kInvariants[] = {
    {"SELECT count(*) <> 1 FROM progress", "times the table progress has not exactly one row"},
    {"SELECT coalesce(max(number) - (SELECT checkpoint FROM progress), 0) - count(*) FROM journal"
     " WHERE number > (SELECT checkpoint FROM progress)",
     "numbers are missing from the journal after the checkpoint"},
    {"SELECT coalesce((SELECT checkpoint FROM progress) - min(number) + 1, 0) - count(*) FROM journal"
     " WHERE number <= (SELECT checkpoint FROM progress)",
     "numbers are missing from what is kept of the journal before the checkpoint"},
    {"SELECT count(*) FROM state_next WHERE (SELECT staging FROM progress) = 0", "staged rows belong to no checkpoint"},
    {"SELECT count(*) FROM progress WHERE staging <> 0 AND staging < checkpoint",
     "checkpoints are staged that are older than the complete one"},
    {"SELECT count(*) FROM signals WHERE length(id) <> 16 OR bytes <> length(value)",
     "signals have an id or a size that is wrong"},
    {"SELECT count(*) FROM transitions WHERE length(signal) <> 16 OR bytes <> length(value)",
     "transitions have an id or a size that is wrong"},
    {"SELECT count(*) FROM outbox WHERE length(signal) <> 16", "deliveries have a signal whose id is wrong"},
    {"SELECT count(*) FROM notes WHERE signal NOT IN (SELECT id FROM signals)", "notes are of no signal"},
};

// Each has a column `value` of blobs that begin with their version.
constexpr std::string_view kTablesOfBlobs[] = {"meta",    "journal",     "state",  "state_next",
                                               "signals", "transitions", "outbox", "routing"};

Result<void> check_pages(const Connection& connection, std::vector<std::string>& findings) {
  auto rows = Statement::prepare(connection, "PRAGMA integrity_check", "check it");
  if (!rows) return rows.error();
  for (;;) {
    auto stepped = rows->step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    const std::string_view finding = rows->text();
    if (finding != "ok") findings.emplace_back(finding);
  }
}

}  // namespace

Result<std::vector<std::string>> Reader::check() const {
  // One moment for all of it, whatever is committed meanwhile.
  auto moment = Transaction::begin(*connection_, Transaction::Kind::kRead, "check it");
  if (!moment) return moment.error();
  std::vector<std::string> findings;
  if (auto checked = check_pages(*connection_, findings); !checked) findings.push_back(checked.error().message);

  const auto count = [&](const std::string& sql, const std::string& means) {
    auto broken = connection_->number(sql, "check it");
    if (!broken) {
      findings.push_back(broken.error().message);
    } else if (*broken != 0) {
      findings.push_back(std::to_string(*broken) + " " + means);
    }
  };
  for (const Invariant& invariant : kInvariants) count(invariant.broken, std::string(invariant.means));
  for (std::string_view name : kTablesOfBlobs) {
    const std::string table(name);
    count("SELECT count(*) FROM " + table + " WHERE length(value) = 0 OR substr(value, 1, 1) = x'00'",
          "blobs in table " + table + " do not begin with a version");
  }
  return findings;
}

}  // namespace tripline::engine::store
