#include "app/json_lines.h"

#include "app/json_line.h"

namespace tripline::app {

void JsonLines::value(std::string_view json) {
  if (one_array_) console_.out(values_++ == 0 ? "[\n" : ",\n");
  console_.out(json_line(json));
  if (!one_array_) console_.out("\n");
}

void JsonLines::finish() {
  if (one_array_) console_.out(values_ == 0 ? "[]\n" : "\n]\n");
}

}  // namespace tripline::app
