// The examples in README.md and docs/*.md are run as they stand.
//
//   <!-- file: NAME -->   the fenced block that follows is written to the file NAME
//   ```console            `$ COMMAND` lines are run by sh, one after another, and what they print (both streams) must
//   be
//                         the lines that follow; a line `...` stands for any lines, `...` in one for any text
//
// Their links lead to files and headings that there are.
//
// All blocks of one document run in one scratch folder, which shows the repository's deploy, docs and rules; `tripline`
// is the built program.

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

fs::path root() { return std::getenv("TRIPLINE_ROOT"); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Whether `line` is `wanted`, where `...` stands for any text.
bool same_line(std::string_view line, std::string_view wanted) {
  const std::size_t any = wanted.find("...");
  if (any == std::string_view::npos) return line == wanted;
  if (line.substr(0, any) != wanted.substr(0, any)) return false;
  for (std::size_t skip = any; skip <= line.size(); ++skip) {
    if (same_line(line.substr(skip), wanted.substr(any + 3))) return true;
  }
  return false;
}

/// Whether `lines[from...]` are `wanted[at...]`, where `...` stands for any number of lines.
bool same(const std::vector<std::string>& lines, const std::vector<std::string>& wanted, std::size_t from = 0,
          std::size_t at = 0) {
  if (at == wanted.size()) return from == lines.size();
  if (wanted[at] == "...") {
    for (std::size_t skip = from; skip <= lines.size(); ++skip) {
      if (same(lines, wanted, skip, at + 1)) return true;
    }
    return false;
  }
  return from < lines.size() && same_line(lines[from], wanted[at]) && same(lines, wanted, from + 1, at + 1);
}

/// Two minutes at most, which it says; what it leaves in the background goes on.
std::string run(const fs::path& folder, const std::string& command) {
  const fs::path program = fs::path(std::getenv("TRIPLINE_BIN")).parent_path();
  std::ofstream(folder / ".command") << command << "\n";
  const std::string whole =
      "cd '" + folder.string() + "' && PATH='" + program.string() + "':$PATH timeout 120 sh .command 2>&1 </dev/null";
  std::string out;
  FILE* pipe = popen(whole.c_str(), "r");
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 124) out += "(it did not end within two minutes)\n";
  return out;
}

class Document {
 public:
  explicit Document(const fs::path& path)
      : path_(path), folder_(fs::temp_directory_path() / ("tripline_docs_" + path.stem().string())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const char* shown : {"deploy", "docs", "rules"}) fs::create_directory_symlink(root() / shown, folder_ / shown);
  }

  /// How many commands were run.
  int run_examples() {
    std::ifstream in(path_);
    std::string file;
    int number = 0, commands = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.rfind("<!-- file: ", 0) == 0) file = line.substr(11, line.find(" -->") - 11);
      if (line.rfind("```", 0) != 0) continue;
      const bool console = line == "```console";
      const int begin = number;
      std::string block;
      while (std::getline(in, line) && ++number && line != "```") block += line + "\n";
      if (!file.empty()) {
        fs::create_directories((folder_ / file).parent_path());
        std::ofstream(folder_ / file) << block;
        file.clear();
      } else if (console) {
        commands += run_block(block, begin);
      }
    }
    run(folder_, "for left in *.pid; do kill -9 $(cat $left); done");  // where an example failed in the middle
    return commands;
  }

 private:
  int run_block(const std::string& block, int begin) {
    int commands = 0;
    const auto lines = lines_of(block);
    for (std::size_t i = 0; i < lines.size();) {
      std::string command = lines[i].rfind("$ ", 0) == 0 ? lines[i].substr(2) : std::string();
      const int at = begin + static_cast<int>(i) + 1;
      ++i;
      while (!command.empty() && command.back() == '\\' && i < lines.size()) command += "\n" + lines[i++];
      std::vector<std::string> wanted;
      while (i < lines.size() && lines[i].rfind("$ ", 0) != 0) wanted.push_back(lines[i++]);
      const std::string printed = run(folder_, command);
      EXPECT_TRUE(same(lines_of(printed), wanted)) << path_.string() << ":" << at << ": $ " << command << "\nprints\n"
                                                   << printed;
      ++commands;
    }
    return commands;
  }

  fs::path path_;
  fs::path folder_;
};

std::vector<fs::path> documents() {
  std::vector<fs::path> documents = {root() / "README.md"};
  for (const auto& entry : fs::directory_iterator(root() / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  return documents;
}

TEST(Documentation, EveryConsoleExampleIsTrue) {
  int commands = 0;
  for (const auto& path : documents()) {
    SCOPED_TRACE(path.filename().string());
    commands += Document(path).run_examples();
  }
  EXPECT_GT(commands, 0) << "no document has an example";
}

/// Lines outside of fenced blocks.
std::vector<std::string> prose(const fs::path& path) {
  std::vector<std::string> prose;
  std::ifstream in(path);
  bool fenced = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) == 0) {
      fenced = !fenced;
    } else if (!fenced) {
      prose.push_back(line);
    }
  }
  return prose;
}

/// What headings are linked by: small letters, digits, `-` and `_`, with `-` for blanks.
std::set<std::string> anchors_of(const fs::path& path) {
  std::set<std::string> anchors;
  for (const std::string& line : prose(path)) {
    if (line.rfind("#", 0) != 0) continue;
    std::string anchor;
    for (const char c : line.substr(line.find_first_not_of("# "))) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || c == '-' || c == '_') anchor += static_cast<char>(std::tolower(byte));
      if (c == ' ') anchor += '-';
    }
    anchors.insert(anchor);
  }
  return anchors;
}

TEST(Documentation, LinksLeadSomewhere) {
  static const std::regex kLink("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
  int links = 0;
  for (const auto& path : documents()) {
    for (const std::string& line : prose(path)) {
      for (std::sregex_iterator at(line.begin(), line.end(), kLink), end; at != end; ++at) {
        const std::string file = (*at)[1], anchor = (*at)[2];
        if (file.rfind("http", 0) == 0) continue;
        ++links;
        const fs::path target = file.empty() ? path : path.parent_path() / file;
        EXPECT_TRUE(fs::exists(target)) << path.filename() << ": " << at->str();
        if (anchor.empty() || target.extension() != ".md") continue;
        EXPECT_TRUE(anchors_of(target).contains(anchor)) << path.filename() << ": " << at->str();
      }
    }
  }
  EXPECT_GT(links, 50);
}

}  // namespace
