#include "app/json_lines.h"

namespace tripline::app {

void JsonLines::value(std::string_view line) {
  if (one_array_) console_.out(values_++ == 0 ? "[\n" : ",\n");
  console_.out(line);
  if (!one_array_) console_.out("\n");
}

void JsonLines::finish() {
  if (one_array_) console_.out(values_ == 0 ? "[]\n" : "\n]\n");
}

}  // namespace tripline::app
