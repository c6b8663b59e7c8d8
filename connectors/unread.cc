#include "connectors/unread.h"

#include <utility>

namespace tripline::connectors {

using engine::ErrorCode;

namespace {

bool cut_by_limit(Piece::Kind kind) { return kind == Piece::Kind::kTooDeep || kind == Piece::Kind::kTooLarge; }

}  // namespace

std::string Unread::reason(Piece::Kind kind, std::uint64_t pieces) const {
  switch (kind) {
    case Piece::Kind::kValue:
      return pieces == 1
                 ? "a JSON object that is no CloudTrail record, nor anything that carries one"
                 : std::to_string(pieces) + " pieces that are no CloudTrail record, nor anything that carries one";
    case Piece::Kind::kGarbage:
      return "text that is no JSON object";
    case Piece::Kind::kBroken:
      return "an object that is no JSON: its quotes or brackets do not match";
    case Piece::Kind::kTruncated:
      return "the data ends in the middle of an object or array";
    case Piece::Kind::kTooDeep:
      return "an object nested deeper than " + std::to_string(limits_.max_depth);
    case Piece::Kind::kTooLarge:
      return "an object of more than " + std::to_string(limits_.max_record_bytes) + " bytes";
  }
  return {};
}

void Unread::add(const Piece& piece, std::vector<SetAside>& out) {
  if (piece.like_record || cut_by_limit(piece.kind)) flush(out);
  if (stretch_) {
    stretch_->end = piece.end;
    ++pieces_;
  } else {
    stretch_ = piece;
    pieces_ = 1;
  }
  if (cut_by_limit(piece.kind)) flush(out);
}

void Unread::known(std::vector<SetAside>& out) {
  flush(out);
  only_stretch_ = false;
}

void Unread::flush(std::vector<SetAside>& out) {
  if (!stretch_) return;
  out.push_back({code_of(stretch_->kind), stretch_->begin, stretch_->size(), reason(stretch_->kind, pieces_)});
  stretch_.reset();
  only_stretch_ = false;
}

void Unread::finish(std::uint64_t end, const std::optional<engine::Error>& trouble, std::vector<SetAside>& out) {
  if (trouble) {
    Piece rest{Piece::Kind::kTruncated, end, end};
    if (stretch_ && stretch_->kind == Piece::Kind::kTruncated) {
      rest = *stretch_;
      stretch_.reset();
    }
    flush(out);
    out.push_back({trouble->code, rest.begin, rest.size(), trouble->message});
    return;
  }
  const bool one_object =
      stretch_ && pieces_ == 1 && (stretch_->kind == Piece::Kind::kBroken || stretch_->kind == Piece::Kind::kTruncated);
  if (stretch_ && only_stretch_ && !one_object) {
    out.push_back({ErrorCode::kNotALog, stretch_->begin, end - stretch_->begin, "nothing in it is a record"});
    stretch_.reset();
  }
  flush(out);
}

}  // namespace tripline::connectors
