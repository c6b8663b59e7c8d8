#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/aws_error.h"
#include "connectors/net/call_ids.h"
#include "connectors/net/http_message.h"
#include "connectors/net/sigv4_verify.h"
#include "connectors/net/way_access.h"
#include "connectors/net/way_offer.h"

namespace tripline::connectors::net {

/// The APIs of Data Firehose and Kinesis Data Streams, as far as writers need them, so that AWS's own clients and the
/// log shippers built on them can write here with another endpoint. POST / with X-Amz-Target, AWS JSON 1.1, signed by
/// Signature Version 4. A put is answered once everything of it is durable; it is taken or refused as a whole.
/// Source: API references of both services; AWS JSON 1.1 protocol (Smithy).
/// Threads: any. Whoever settles deliveries ends before it does.
class AwsApi {
 public:
  explicit AwsApi(WayContext context);

  Admission admit(const HttpHead& head, const WayAccess& access);
  void handle(HttpRequest request, const WayAccess& access, Reply reply);

 private:
  struct Operation;
  static const Operation kOperations[];

  static const Operation* find(const HttpHead& head);
  std::optional<AwsError> check(const HttpHead& head, const Operation* operation, const WayAccess& access,
                                AwsSignature& signature) const;
  std::optional<AwsError> check_body(HttpRequest& request, const Operation& operation, const WayAccess& access,
                                     const AwsSignature& signature) const;
  HttpResponse refuse(const HttpHead& head, const Operation* operation, const AwsError& error, const WaySource* source,
                      std::size_t bytes);
  void put(const HttpRequest& request, const Operation& operation, const WayAccess& access, Reply reply);
  void query(const HttpRequest& request, const Operation& operation, const WayAccess& access, const Reply& reply);

  WayContext context_;
  CallIds ids_;
  std::atomic<std::uint64_t> numbers_;  // the next record's
};

}  // namespace tripline::connectors::net
