#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/serve/handling.h"
#include "app/serve/signal_query.h"
#include "engine/accounts.h"
#include "engine/result.h"
#include "engine/signal.h"
#include "engine/store/reader.h"
#include "engine/store/sqlite_store.h"

namespace tripline::app {

/// What the API reads of the store: on a connection of its own, beside the state thread, which it never holds up. What
/// a call sees was committed before it began.
/// Threads: one. Errors are kStore; the next call opens the store anew.
class StoredSignals {
 public:
  /// One call reads so many signals at most, lest a query that asks for few takes the thread for long.
  static constexpr std::size_t kMostRead = 20'000;

  /// `path`: the store's file.
  explicit StoredSignals(std::string path, std::size_t most_read = kMostRead)
      : path_(std::move(path)), most_read_(most_read) {}

  struct Found {
    engine::Signal signal;
    std::vector<Note> notes;  // in order
    std::string json;         // the signal's
  };
  struct Page {
    std::vector<Found> signals;  // the newest first
    /// Where to go on; nothing: there are no more. There may be none on a page that has one, as each page reads so many
    /// signals at most.
    std::optional<engine::store::SignalPlace> next;
  };

  /// `accounts`: names of accounts; may be null.
  engine::Result<Page> find(const SignalQuery& query, const engine::Accounts* accounts);
  /// Nothing: there is no such signal.
  engine::Result<std::optional<Found>> find(const engine::Digest& id, const engine::Accounts* accounts);

  engine::Result<engine::store::Sizes> sizes();
  engine::Result<engine::store::Counts> counts();

 private:
  engine::Result<engine::store::Reader*> reader();
  template <class T>
  engine::Result<T> done(engine::Result<T> outcome);
  engine::Result<Found> found(const engine::store::SignalRow& row, const engine::store::Reader& from) const;

  std::string path_;
  std::size_t most_read_;
  std::optional<engine::store::Reader> reader_;
};

}  // namespace tripline::app
