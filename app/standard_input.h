#pragma once

#include <cstdint>

#include "engine/result.h"

namespace tripline::app {

/// Makes the process' standard input one that can be read again: what cannot be rewound (a pipe, a terminal) is read to
/// its end into a file without a name in $TMPDIR, else /tmp, which takes its place. Where it begins, for
/// rewind_standard_input(). kIo: it cannot be read, or the file cannot be written.
engine::Result<std::int64_t> hold_standard_input();

void rewind_standard_input(std::int64_t begin);

}  // namespace tripline::app
