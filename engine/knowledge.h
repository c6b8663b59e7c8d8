#pragma once

namespace tripline::engine {

class Accounts;
class Lineage;

/// What derived fields are made of beside the record itself. Null where nothing is known. Borrowed and only read, so
/// that all workers share it.
struct Knowledge {
  const Accounts* accounts = nullptr;
  /// The mints that came before the records. Without it the record alone tells of the origin.
  const Lineage* lineage = nullptr;
};

}  // namespace tripline::engine
