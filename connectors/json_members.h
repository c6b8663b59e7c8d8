#pragma once

#include <string_view>

namespace tripline::connectors {

/// One member of a JSON object as it stands in the text.
struct Member {
  std::string_view key;    // between its quotes, escapes and all
  std::string_view value;  // with its quotes or brackets, without the space around it
};

/// Walks over the members of an object, one level, without parsing them: strings and nested values are skipped over.
/// Made for objects that the splitter found balanced; whatever else it is given, it stays inside and ends.
class MemberWalk {
 public:
  explicit MemberWalk(std::string_view object) : rest_(object) {}

  /// False: there is no further member, or the text is no JSON from here on.
  bool next(Member& member);

  /// Once next() was false: the object ended as it should, and nothing follows it.
  bool complete() const;

 private:
  std::string_view rest_;
  bool begun_ = false;
};

/// The same for the elements of an array.
class ElementWalk {
 public:
  explicit ElementWalk(std::string_view array) : rest_(array) {}

  bool next(std::string_view& element);
  bool complete() const;

 private:
  std::string_view rest_;
  bool begun_ = false;
};

/// The value of the first member of that name; empty: there is none.
std::string_view find_member(std::string_view object, std::string_view key);

bool is_string(std::string_view value);
bool is_object(std::string_view value);
bool is_array(std::string_view value);

/// What stands between a string value's quotes, escapes and all.
std::string_view inner(std::string_view string);

/// Takes the escapes off `inner`, into `to`, which has inner.size() bytes; returns the end of what was written.
/// Half a surrogate pair becomes U+FFFD, an escape that JSON does not know what stands behind its backslash.
char* unescape(std::string_view inner, char* to);

}  // namespace tripline::connectors
