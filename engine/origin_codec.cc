#include "engine/origin_codec.h"

#include <string>

namespace tripline::engine {

namespace {

void pack_optional(const std::optional<EventTime>& time, Packer& out) {
  out.number(time.has_value());
  out.number(time.value_or(EventTime{}));
}

std::optional<EventTime> unpack_optional(Unpacker& in) {
  const bool is_there = in.number<std::uint8_t>() != 0;
  const auto time = in.number<EventTime>();
  return is_there ? std::optional(time) : std::nullopt;
}

}  // namespace

void pack(const ChainActor& actor, Packer& out) {
  out.text(actor.principal);
  out.text(actor.name);
  out.text(actor.account);
  out.text(actor.kind);
  out.text(actor.label);
}

ChainActor unpack_chain_actor(Unpacker& in) {
  ChainActor actor;
  for (std::string* text : {&actor.principal, &actor.name, &actor.account, &actor.kind, &actor.label}) {
    *text = in.text();
  }
  return actor;
}

Behind unpack_behind(Unpacker& in) {
  const auto behind = static_cast<Behind>(in.number<std::uint8_t>());
  return behind <= Behind::kImplied ? behind : Behind::kNobody;
}

void pack(const Bearer& bearer, Packer& out) {
  out.number(bearer.behind);
  out.number(bearer.time);
  out.number(bearer.shared);
  out.number(bearer.ids.key);
  out.number(bearer.ids.session_id);
  out.number(bearer.ids.session_arn);
  out.number(bearer.ids.sign_in);
  pack_optional(bearer.ids.created, out);
  pack(bearer.actor, out);
  pack(bearer.other, out);
}

Bearer unpack_bearer(Unpacker& in) {
  Bearer bearer;
  bearer.behind = unpack_behind(in);
  bearer.time = in.number<EventTime>();
  bearer.shared = in.number<std::uint64_t>();
  bearer.ids.key = in.number<std::uint64_t>();
  bearer.ids.session_id = in.number<std::uint64_t>();
  bearer.ids.session_arn = in.number<std::uint64_t>();
  bearer.ids.sign_in = in.number<std::uint64_t>();
  bearer.ids.created = unpack_optional(in);
  bearer.actor = unpack_chain_actor(in);
  bearer.other = unpack_chain_actor(in);
  return bearer;
}

void pack(const Origin& origin, Packer& out) {
  out.text(origin.principal);
  out.text(origin.name);
  out.text(origin.account);
  out.text(origin.kind);
  out.number(origin.resolution);
  out.number(origin.depth);
  out.text(origin.path);
  out.text(origin.path_account);
}

Origin unpack_origin(Unpacker& in) {
  Origin origin;
  origin.principal = in.text();
  origin.name = in.text();
  origin.account = in.text();
  origin.kind = in.text();
  const auto resolution = static_cast<Resolution>(in.number<std::uint8_t>());
  origin.resolution = resolution <= Resolution::kUnresolved ? resolution : Resolution::kUnresolved;
  origin.depth = in.number<std::uint32_t>();
  origin.path = in.text();
  origin.path_account = in.text();
  return origin;
}

}  // namespace tripline::engine
