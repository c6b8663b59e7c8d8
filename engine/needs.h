#pragma once

#include <string>
#include <vector>

#include "engine/field.h"

namespace tripline::engine {

/// A literal whose presence in a field is necessary: without one of a consumer's literals its answer is known to be no.
struct NeededLiteral {
  enum class Kind {
    kEquals,    // some scalar value's text is `text`
    kContains,  // some value's text holds `text`: a scalar's, or the compact text of a container
    kNumber,    // some value is this number, however it is written; `text` is the shortest way to write it
    kAnyText,   // some value is a text; `text` is empty
  };
  FieldId field;  // kNoField, with kContains: some key or scalar value at any depth
  Kind kind;
  std::string text;  // folded; compared without regard to ASCII letter case, so it over-approximates `cased`

  bool operator==(const NeededLiteral&) const = default;
};

/// What one consumer of records (a detection, the identity, lineage, search, duplicates) must be given: the only way
/// in which fields get extracted and records get past the index, and later the raw-byte filter. Needs may
/// over-approximate, never under-approximate.
struct Needs {
  std::vector<FieldId> fields;          // what it reads, ascending, each once
  std::vector<NeededLiteral> literals;  // a record that holds none of these is none of its business...
  bool every_record = false;            // ...unless it must see every record, because nothing is necessary
};

}  // namespace tripline::engine
