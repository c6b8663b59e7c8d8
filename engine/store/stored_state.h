#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/store.h"
#include "engine/store/reader.h"

namespace tripline::engine::store {

// What Store promises of the members of these names, from the file.

using VisitState = std::function<Result<void>(const StateRow&)>;
using VisitJournal = std::function<Result<void>(std::uint64_t, std::string_view)>;

Result<void> each_stored_state(const Reader& reader, const VisitState& visit);
Result<void> each_stored_state(const Reader& reader, Space space, std::string_view from, std::string_view to,
                               const VisitState& visit);
Result<void> each_stored_journal(const Reader& reader, const VisitJournal& visit);
Result<std::optional<std::string>> find_stored_journal(const Reader& reader, std::uint64_t number);

/// What another process has stored, to look at while that one writes: State::load() takes it up, and it cannot be
/// written. It tells of no signals. Threads: one. Errors are kStore.
class StoredState : public Store {
 public:
  static Result<std::unique_ptr<StoredState>> open(const std::string& path);

  Result<void> commit(Commit) override { return fail(ErrorCode::kStore, "it was opened to be read only"); }
  bool seen(const EventKey&) const override { return false; }
  Result<const Signal*> find(const std::string&) const override { return nullptr; }
  Result<void> each_signal(const std::function<void(const Signal&)>&) const override { return {}; }

  bool durable() const override { return true; }
  Result<void> each_state(const VisitState& visit) const override { return each_stored_state(reader_, visit); }
  Result<void> each_state_between(Space space, std::string_view from, std::string_view to,
                                  const VisitState& visit) const override {
    return each_stored_state(reader_, space, from, to, visit);
  }
  Result<void> each_journal(const VisitJournal& visit) const override { return each_stored_journal(reader_, visit); }
  Result<std::optional<std::string>> find_journal(std::uint64_t number) const override {
    return find_stored_journal(reader_, number);
  }

 private:
  explicit StoredState(Reader reader) : reader_(std::move(reader)) {}

  Reader reader_;
};

}  // namespace tripline::engine::store
