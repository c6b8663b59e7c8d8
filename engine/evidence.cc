#include "engine/evidence.h"

#include "engine/envelope.h"
#include "engine/identity.h"
#include "engine/principal.h"
#include "engine/utf8.h"

namespace tripline::engine {
namespace {

void add_actor(Event& event, Evidence& evidence) {
  const Principal& actor = event.principal();
  evidence.actor = actor.name;
  evidence.actor_principal = actor.principal;
  evidence.actor_kind = actor.kind;
  evidence.actor_type = actor.type;
  evidence.actor_account = actor.account;
  evidence.access_key = actor.access_key;
  const Identity identity = read_identity(event);
  evidence.session_start = identity.created;
  evidence.mfa = identity.mfa;
  evidence.from_console = event.find_text("sessionCredentialFromConsole");
  if (event.find_text("eventSource") != "signin.amazonaws.com") return;
  // The session of a sign-in only begins: the sign-in itself says how it was made.
  evidence.from_console = "true";
  const std::string_view used = event.find_text("additionalEventData.MFAUsed");
  if (!used.empty()) evidence.mfa = used == "Yes" ? "true" : "false";
}

}  // namespace

std::string_view agent_of(const Event& event) { return cut_utf8(event.find_text("userAgent"), Evidence::kMaxAgent); }

Evidence evidence_of(Event& event, std::string_view outcome) {
  const Record& record = event.record();
  Evidence evidence;
  evidence.time = parse_time(event.find_text("eventTime"));
  evidence.event_id = event.find_text("eventID");
  evidence.event_name = event.find_text("eventName");
  evidence.event_source = event.find_text("eventSource");
  evidence.account = event.find_text("recipientAccountId");
  evidence.region = event.find_text("awsRegion");
  evidence.address = event.find_text("sourceIPAddress");
  evidence.user_agent = agent_of(event);
  evidence.outcome = outcome;
  evidence.error_code = event.find_text("errorCode");
  evidence.index = record.index;
  if (record.envelope != nullptr) {
    evidence.delivered = record.envelope->delivered;
    evidence.path = record.envelope->path;
  }
  if (event.fields().with_derived()) {
    evidence.resources = resources_of(event);
    add_actor(event, evidence);
    if (event.has_lineage()) set_origin(event.origin(), evidence);
  }
  return evidence;
}

void set_origin(const Origin& origin, Evidence& evidence) {
  evidence.origin = origin.name;
  evidence.origin_principal = origin.principal;
  evidence.origin_account = origin.account;
  evidence.origin_kind = origin.kind;
  evidence.resolution = name_of(origin.resolution);
  evidence.chain = origin.path;
}

}  // namespace tripline::engine
