#include "connectors/piece.h"

namespace tripline::connectors {

using engine::ErrorCode;

ErrorCode code_of(Piece::Kind kind) {
  switch (kind) {
    case Piece::Kind::kValue:
      return ErrorCode::kNotALog;
    case Piece::Kind::kTruncated:
      return ErrorCode::kTruncated;
    case Piece::Kind::kTooDeep:
      return ErrorCode::kTooDeep;
    case Piece::Kind::kTooLarge:
      return ErrorCode::kTooLarge;
    case Piece::Kind::kGarbage:
    case Piece::Kind::kBroken:
      break;
  }
  return ErrorCode::kBadInput;
}

}  // namespace tripline::connectors
