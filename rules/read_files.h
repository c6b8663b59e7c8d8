#pragma once

#include <string>
#include <vector>

#include "rules/document_reader.h"
#include "rules/loader.h"

namespace tripline::rules {

struct ReadFile {
  FileDocuments documents;
  double seconds = 0;  // of processor time
};

/// Reads rule files on all cores that the options allow. One that cannot be read is an error among its diagnostics.
std::vector<ReadFile> read_files(const std::vector<std::string>& paths, const LoadOptions& options);

}  // namespace tripline::rules
