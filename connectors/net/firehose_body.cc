#include "connectors/net/firehose_body.h"

#include "connectors/json_members.h"
#include "connectors/json_space.h"

namespace tripline::connectors::net {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

Result<FirehoseBody> read_firehose_body(std::string_view body) {
  const auto bad = [](std::string why) { return fail(ErrorCode::kBadInput, std::move(why)); };
  std::string_view id, records;
  Member member;
  MemberWalk walk(body);
  while (walk.next(member)) {
    if (member.key == "requestId" && id.empty()) id = member.value;
    if (member.key == "records" && records.empty()) records = member.value;
  }
  if (!walk.complete()) return bad("the body is no JSON object, or it ends in the middle");
  if (!is_string(id)) return bad("the body has no `requestId`, or it is no string");
  if (!is_array(records)) return bad("the body has no `records`, or they are no array");

  FirehoseBody found{.request_id = std::string(inner(id)), .records = records};
  found.request_id.resize(
      static_cast<std::size_t>(unescape(inner(id), found.request_id.data()) - found.request_id.data()));
  records.remove_prefix(1);
  skip_space(records);
  found.empty = records == "]";
  return found;
}

bool are_common_attributes(std::string_view header) {
  constexpr std::size_t kMost = 50;
  Member member;
  MemberWalk walk(header);
  if (!walk.next(member) || member.key != "commonAttributes" || !is_object(member.value)) return false;
  MemberWalk attributes(member.value);
  std::size_t count = 0;
  for (Member attribute; attributes.next(attribute); ++count) {
    if (!is_string(attribute.value)) return false;
  }
  return attributes.complete() && count <= kMost && !walk.next(member) && walk.complete();
}

}  // namespace tripline::connectors::net
