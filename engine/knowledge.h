#pragma once

namespace tripline::engine {

class Accounts;

/// What derived fields are made of beside the record itself. Null where nothing is known. Borrowed and only read, so
/// that all workers share it.
struct Knowledge {
  const Accounts* accounts = nullptr;
};

}  // namespace tripline::engine
