#include "rules/lists.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/utf8.h"
#include "rules/rule_files.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxListBytes = std::size_t{64} << 20;

std::vector<std::string> values_of(std::string_view text) {
  std::vector<std::string> values;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    constexpr std::string_view kWhite = " \t\r";
    const std::size_t first = line.find_first_not_of(kWhite);
    if (first == std::string_view::npos || line[first] == '#') continue;
    line = line.substr(first, line.find_last_not_of(kWhite) + 1 - first);
    values.emplace_back(line);
  }
  return values;
}

}  // namespace

engine::Result<Lists> read_lists(const std::string& folder, Diagnostics& diagnostics) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const bool hidden = at->path().filename().native().starts_with('.');
    if (!hidden && fs::is_regular_file(at->path(), ignored)) files.push_back(at->path());
  }
  if (error) return engine::fail(engine::ErrorCode::kIo, folder + ": the folder of lists: " + error.message());
  std::sort(files.begin(), files.end());
  Lists lists;
  for (const fs::path& file : files) {
    const std::string name = file.filename().string().substr(0, file.filename().string().find('.'));
    const auto text = read_text(file.string(), kMaxListBytes);
    if (!text || text->size() > kMaxListBytes || !engine::is_utf8(*text)) {
      diagnostics.add("unreadable-list", {file.string(), 0, 0}, "the list `" + name + "` cannot be read",
                      "it is a UTF-8 text file of at most 64 MiB with one value a line");
    } else if (!lists.emplace(name, values_of(*text)).second) {
      diagnostics.add("unreadable-list", {file.string(), 0, 0}, "another file of the folder is the list `" + name + "`",
                      "put all its values into one file");
    }
  }
  return lists;
}

}  // namespace tripline::rules
