#pragma once

#include "engine/match.h"
#include "engine/packing.h"
#include "engine/signal.h"

namespace tripline::engine {

// Signals and evidence as bytes. Stores keep them: docs/store.md has the version.

void pack_evidence(const Evidence& evidence, Packer& out);
Evidence unpack_evidence(Unpacker& in);

/// Requires records that are fit to be shown. All but the signal's rules, which unpack() leaves to the caller, as it
/// does the meaning of `index`.
void pack(const Signal& signal, Packer& out);
/// `with_records`: false for what an older version wrote, which kept none.
Signal unpack(Unpacker& in, bool with_records = true);

}  // namespace tripline::engine
