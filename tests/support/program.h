#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::tests {

/// What a run of the program under test (TRIPLINE_BIN) left behind.
struct Run {
  int code = -1;  // exit code; 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;
};

/// Runs it without a shell. `input`: its standard input. `environment`: NAME=value, added to ours.
Run run_program(const std::vector<std::string>& words, std::string_view input = "",
                const std::vector<std::string>& environment = {});

/// The lines of a text, without their line feeds.
std::vector<std::string> lines_of(std::string_view text);

/// A folder of its own for one test; gone at its end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Writes a file, its folders too; its whole path.
  std::string write(const std::string& name, std::string_view text) const;

 private:
  std::string path_;
};

/// `text` as one gzip member.
std::string gzipped(std::string_view text);

}  // namespace tripline::tests
