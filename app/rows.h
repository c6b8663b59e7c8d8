#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/console.h"
#include "app/table.h"

namespace tripline::app {

/// How results are written. Of people: a table. Of machines: one JSON object a line, one JSON array, or RFC 4180.
enum class Format { kTable, kNdjson, kJson, kCsv };

struct FormatRow {
  std::string_view name;
  Format format;
};
inline constexpr FormatRow kFormats[] = {
    {"table", Format::kTable}, {"ndjson", Format::kNdjson}, {"json", Format::kJson}, {"csv", Format::kCsv}};

/// A format by its name; without one, a table on a terminal and NDJSON elsewhere. Requires a known name or none.
Format choose_format(const std::string& name, const Console& console);

/// A column of uniform rows. `name` heads CSV; in JSON its dots nest, so names with a common beginning stand together.
struct Column {
  std::string name;
  std::string heading;  // of the table; empty: not in the table
  bool is_number = false;
  Room room = {};  // in the table of a terminal
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Cell {
  using Value = std::variant<std::monostate, std::string, std::uint64_t, double, bool, std::vector<std::string>, Pairs>;
  Value value;  // std::monostate: nothing; null in JSON, empty elsewhere
  Style style = Style::kPlain;

  std::string text() const;  // lists are joined by ", ", pairs shown as name=text
};

/// Where a command puts rows; one implementation a format.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual void row(const std::vector<Cell>& cells) = 0;
  /// After the last row.
  virtual void finish() = 0;
};

/// Borrows the console, which outlives it.
std::unique_ptr<RowWriter> make_row_writer(Format format, std::vector<Column> columns, Console& console);

/// One cell of RFC 4180. A cell that a spreadsheet would take for a formula gets a leading `'`; control characters but
/// tab and line feed are escaped as in printable(). Source: OWASP, "CSV Injection".
std::string csv_cell(std::string_view text);
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace tripline::app
