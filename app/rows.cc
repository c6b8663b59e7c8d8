#include "app/rows.h"

#include <algorithm>
#include <cstdio>

#include "app/json_line.h"
#include "app/json_lines.h"
#include "app/printable.h"
#include "app/table.h"
#include "engine/json_text.h"

namespace tripline::app {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return text;
}

class TableRows : public RowWriter {
 public:
  TableRows(const std::vector<Column>& columns, Console& console)
      : console_(console), width_(console.width(Stream::kOut)), table_(headings(columns), console, width_) {
    for (const auto& column : columns) is_shown_.push_back(!column.heading.empty());
  }

  void row(const std::vector<Cell>& cells) override {
    std::vector<TableCell> texts;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (is_shown_[i]) texts.push_back({text_of(cells[i]), cells[i].style});
    }
    table_.row(std::move(texts));
  }
  void finish() override {
    table_.finish();
    std::string names;
    for (const auto& heading : table_.left_out()) names += (names.empty() ? "" : ", ") + heading;
    if (!names.empty()) console_.note("left out: " + names + " (--format csv has them)");
  }

 private:
  /// Where room is short, of a list the first, and how many more there are.
  std::string text_of(const Cell& cell) const {
    const auto* list = std::get_if<std::vector<std::string>>(&cell.value);
    if (width_ == 0 || !list || list->size() < 2) return cell.text();
    return list->front() + " +" + std::to_string(list->size() - 1);
  }
  static std::vector<TableColumn> headings(const std::vector<Column>& columns) {
    std::vector<TableColumn> out;
    for (const auto& column : columns) {
      if (!column.heading.empty()) out.push_back({column.heading, column.is_number, column.room});
    }
    return out;
  }
  Console& console_;
  std::size_t width_;  // 0: unlimited
  Table table_;
  std::vector<bool> is_shown_;
};

class CsvRows : public RowWriter {
 public:
  CsvRows(std::vector<Column> columns, Console& console) : console_(console) {
    std::vector<std::string> names;
    for (auto& column : columns) names.push_back(std::move(column.name));
    console_.out(csv_line(names));
  }
  void row(const std::vector<Cell>& cells) override {
    std::vector<std::string> texts;
    for (const auto& cell : cells) texts.push_back(cell.text());
    console_.out(csv_line(texts));
  }
  void finish() override {}

 private:
  Console& console_;
};

void write_value(engine::JsonText& json, const Cell::Value& value) {
  std::visit(Overloaded{
                 [&](std::monostate) { json.raw("null"); },
                 [&](const std::string& text) { json.string(text); },
                 [&](std::uint64_t number) { json.raw(std::to_string(number)); },
                 [&](double number) { json.raw(number_text(number)); },
                 [&](bool truth) { json.raw(truth ? "true" : "false"); },
                 [&](const std::vector<std::string>& list) {
                   json.begin_array();
                   for (const auto& text : list) json.string(text);
                   json.end_array();
                 },
                 [&](const Pairs& pairs) {
                   json.begin_object();
                   for (const auto& [name, text] : pairs) json.member(name, text);
                   json.end_object();
                 },
             },
             value);
}

std::vector<std::string> split_dots(std::string_view name) {
  std::vector<std::string> parts;
  for (std::size_t dot; (dot = name.find('.')) != std::string_view::npos; name.remove_prefix(dot + 1)) {
    parts.emplace_back(name.substr(0, dot));
  }
  parts.emplace_back(name);
  return parts;
}

class JsonRows : public RowWriter {
 public:
  JsonRows(const std::vector<Column>& columns, Console& console, bool one_array) : lines_(console, one_array) {
    for (const auto& column : columns) paths_.push_back(split_dots(column.name));
  }

  void row(const std::vector<Cell>& cells) override {
    engine::JsonText json;
    json.begin_object();
    std::vector<std::string> open;  // keys of the objects that are open
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& path = paths_[i];
      std::size_t shared = 0;
      while (shared < open.size() && shared + 1 < path.size() && open[shared] == path[shared]) ++shared;
      for (; open.size() > shared; open.pop_back()) json.end_object();
      for (; open.size() + 1 < path.size(); open.push_back(path[open.size()])) {
        json.key(path[open.size()]).begin_object();
      }
      json.key(path.back());
      write_value(json, cells[i].value);
    }
    for (; !open.empty(); open.pop_back()) json.end_object();
    json.end_object();
    lines_.value(json_line(json.text()));
  }

  void finish() override { lines_.finish(); }

 private:
  JsonLines lines_;
  std::vector<std::vector<std::string>> paths_;
};

}  // namespace

Format choose_format(const std::string& name, const Console& console) {
  const auto* row =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const auto& f) { return f.name == name; });
  if (row != std::end(kFormats)) return row->format;
  return console.is_terminal(Stream::kOut) ? Format::kTable : Format::kNdjson;
}

std::string Cell::text() const {
  return std::visit(Overloaded{
                        [](std::monostate) { return std::string(); },
                        [](const std::string& text) { return text; },
                        [](std::uint64_t number) { return std::to_string(number); },
                        [](double number) { return number_text(number); },
                        [](bool truth) { return std::string(truth ? "true" : "false"); },
                        [](const std::vector<std::string>& list) {
                          std::string joined;
                          for (const auto& text : list) joined += (joined.empty() ? "" : ", ") + text;
                          return joined;
                        },
                        [](const Pairs& pairs) {
                          std::string joined;
                          for (const auto& [name, text] : pairs) {
                            joined += (joined.empty() ? "" : ", ") + name + "=" + text;
                          }
                          return joined;
                        },
                    },
                    value);
}

std::unique_ptr<RowWriter> make_row_writer(Format format, std::vector<Column> columns, Console& console) {
  switch (format) {
    case Format::kTable:
      return std::make_unique<TableRows>(columns, console);
    case Format::kCsv:
      return std::make_unique<CsvRows>(std::move(columns), console);
    case Format::kNdjson:
      return std::make_unique<JsonRows>(columns, console, false);
    case Format::kJson:
      return std::make_unique<JsonRows>(columns, console, true);
  }
  return nullptr;
}

std::string csv_cell(std::string_view text) {
  constexpr std::string_view kFormula[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
  std::string cell;
  if (std::any_of(std::begin(kFormula), std::end(kFormula), [&](auto start) { return text.starts_with(start); })) {
    cell += '\'';
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\t\n"), text.size());
    cell += printable(text.substr(0, end));
    if (end < text.size()) cell += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (cell.find_first_of(",\"\n\t") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_cell(cells[i]);
  }
  return line += '\n';
}

}  // namespace tripline::app
