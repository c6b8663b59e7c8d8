#pragma once

#include <string>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Works out the old rule collections: the keys of an `action: global` document stand in every later detection (over
/// its own, maps merged key by key) until `action: reset`; an `action: repeat` document is the one before it with its
/// own keys over that. The result has no action documents left. What is written out stays within the limits. Source:
/// pySigma's SigmaCollection, which reads them so; the specification has dropped them in version 2.
std::vector<YamlDocument> work_out_collections(std::vector<YamlDocument> documents, const std::string& path,
                                               const YamlLimits& limits, Diagnostics& diagnostics);

}  // namespace tripline::rules
