#pragma once

#include "engine/bearer.h"
#include "engine/origin.h"
#include "engine/packing.h"

namespace tripline::engine {

inline constexpr std::uint8_t kOriginRowVersion = 1;

// Who acts, as stores keep it. Bytes that were damaged show by in.ok() afterwards.

void pack(const ChainActor& actor, Packer& out);
ChainActor unpack_chain_actor(Unpacker& in);

void pack(const Bearer& bearer, Packer& out);
Bearer unpack_bearer(Unpacker& in);

void pack(const Origin& origin, Packer& out);
Origin unpack_origin(Unpacker& in);

/// Anything that is none is kNobody.
Behind unpack_behind(Unpacker& in);

}  // namespace tripline::engine
