#include "app/serve/silence_record.h"

#include "engine/digest.h"
#include "engine/json_text.h"

namespace tripline::app {

std::string silence_record(const Silent& one) {
  const std::string since = engine::format_time(one.since), from = engine::format_time(one.from);
  const std::string kind(label_of(one.kind));
  engine::JsonText json;
  json.begin_object()
      .member("eventVersion", "1.11")
      .member("eventTime", from)
      .member("eventSource", "tripline")
      .member("eventName", "SenderSilent")
      .member("eventID", engine::to_hex(engine::digest_128({"silence", kind, one.name, since, from})));
  json.key("userIdentity").begin_object().member("type", "AWSService").member("invokedBy", "tripline").end_object();
  json.key("requestParameters").begin_object();
  json.member("kind", kind).member("name", one.name).member("lastSeen", since).end_object();
  return json.end_object().take();
}

engine::Envelope silence_delivery(const Silent& one) {
  engine::Envelope envelope;
  envelope.path = "silence of " + std::string(label_of(one.kind)) + " " + one.name;
  envelope.source = kOwnSource;
  envelope.body = silence_record(one);
  return envelope;
}

}  // namespace tripline::app
