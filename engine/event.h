#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "engine/event_key.h"
#include "engine/field.h"
#include "engine/knowledge.h"
#include "engine/log_source.h"
#include "engine/record.h"
#include "engine/result.h"
#include "engine/value.h"

namespace tripline::engine {

struct AccountFacts;
struct Origin;
struct Principal;

/// A parsed record, read field by field, each field at most once. One per worker, reused: read() makes it the view of
/// another record, and nothing obtained from it before outlives that.
///
/// Field semantics: docs/architecture.md, "Fields": a field is the *set of values* its path reaches.
/// Threads: not synchronised; its worker is the only caller. Borrows the table, which outlives it.
class Event {
 public:
  explicit Event(const FieldTable& fields, const Knowledge& knowledge = {});
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  /// Parses `record`, which must stay alive and unmoved until the next read(). kBadInput, kTooDeep: it is no JSON
  /// object; the message says why and where.
  Result<void> read(const Record& record);
  Result<void> read(Record&&) = delete;  // it would view a dying temporary

  /// The values that a field's path reaches; empty: missing. A container is one value among them.
  std::span<Value> values(FieldId field) {
    Slot& slot = slots_[field];
    if (slot.stamp != stamp_) read_values(field, slot);
    return slot.values;
  }

  /// The only string (or scalar's text) of a field, empty when it is missing, null or no scalar.
  std::string_view first_text(FieldId field);

  /// The text that contains, startswith, endswith, re and wildcards see; for a container its canonical compact JSON.
  std::string_view text(Value& value);

  /// Calls `visit(text)` for each key and each scalar value at any depth until it returns true; whether it did.
  bool any_text(const std::function<bool(std::string_view)>& visit);

  /// The text of one scalar by its plain path, without table and fan-out; empty when it is not there or null.
  std::string_view find_text(std::string_view dotted_path) const;

  /// Who acted (engine/principal.h); computed once per record.
  const Principal& principal();

  /// Who started the chain of credentials that the call was made with (engine/lineage.h); computed once per record.
  /// Without a lineage the record alone tells of it.
  const Origin& origin();
  bool has_lineage() const { return knowledge_.lineage != nullptr; }

  /// Whether there is a list of accounts at all; and what it says of the one that the record was made in, null when it
  /// does not name that.
  bool knows_accounts() const { return knowledge_.accounts != nullptr; }
  const AccountFacts* account();

  /// Which event it is.
  EventIdentity identity() const { return {find_text("eventID"), find_text("recipientAccountId")}; }

  Category category();  // CloudTrail's eventCategory; kManagement when the record names none

  const Record& record() const { return record_; }
  simdjson::dom::element root() const { return root_; }
  const FieldTable& fields() const { return fields_; }

  /// The JSON document, plain or URL-encoded, that a string of this record holds; null when it holds none. `text` must
  /// be the record's own.
  const simdjson::dom::element* document_in(std::string_view text);

  /// Keeps a copy of `text` for as long as this record is read.
  std::string_view keep(std::string text);

 private:
  struct Slot {
    std::vector<Value> values;
    std::uint64_t stamp = 0;  // the read() that filled it
  };

  void read_values(FieldId field, Slot& slot);
  void collect(simdjson::dom::element element, const Field& field, std::size_t from, std::vector<Value>& out);
  void add_values(simdjson::dom::element element, std::vector<Value>& out);
  Value scalar(simdjson::dom::element element);

  const FieldTable& fields_;
  const Knowledge knowledge_;
  Record record_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  std::string repaired_;
  std::vector<simdjson::dom::element> roots_;  // by root slot
  std::vector<std::uint64_t> root_stamps_;     // by root slot
  std::vector<Slot> slots_;                    // by field
  std::deque<std::string> kept_;
  /// JSON documents found inside strings, by where the string's text is.
  struct Nested {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    const char* text = nullptr;
    bool valid = false;
  };
  std::vector<std::unique_ptr<Nested>> nested_;  // the first nested_used_ are this record's
  std::size_t nested_used_ = 0;
  std::unique_ptr<Principal> principal_;
  bool principal_known_ = false;
  std::unique_ptr<Origin> origin_;
  bool origin_known_ = false;
  std::uint64_t stamp_ = 0;
};

}  // namespace tripline::engine
