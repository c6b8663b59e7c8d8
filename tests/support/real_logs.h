#pragma once

#include <functional>
#include <string>

#include "engine/event.h"

namespace tripline::tests {

/// Where the public logs lie that stand beside the repository: $TRIPLINE_SHARED/data/cloudtrail, with a slash behind.
std::string real_logs_folder();
bool have_real_logs();

/// For GTEST_SKIP.
std::string no_real_logs();

/// Calls `visit` with each event in the files of `path` below that folder, in order of delivery. The table may not grow
/// meanwhile.
void each_real_event(const std::string& path, const engine::FieldTable& fields,
                     const std::function<void(engine::Event&)>& visit);

}  // namespace tripline::tests
