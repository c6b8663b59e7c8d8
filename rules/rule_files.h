#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// The rule files among and below `paths`, each once: folders are walked for .yml and .yaml, in order of name, without
/// hidden files and folders; a file that is named itself may have any name. *.test.yml is left out: they test rules.
/// A folder that cannot be read is an error among the diagnostics. kIo: a path does not exist.
engine::Result<std::vector<std::string>> find_rule_files(const std::vector<std::string>& paths,
                                                         Diagnostics& diagnostics);

/// The rule tests among and below `paths`, and those beside the rule files that `paths` names, each once, in order of
/// path. Says nothing of a folder that cannot be read, which find_rule_files() does. kIo: a path does not exist.
engine::Result<std::vector<std::string>> find_test_files(const std::vector<std::string>& paths);

/// Whether a file is a rule test by its name: `*.test.yml` or `*.test.yaml`.
bool is_test_file(std::string_view path);

/// A file's text, or only as much as shows that it is longer than `most` bytes. kIo: it cannot be read; the message
/// says why, without the path.
engine::Result<std::string> read_text(const std::string& path, std::size_t most);

}  // namespace tripline::rules
