#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/http_message.h"
#include "connectors/net/request_ids.h"
#include "connectors/net/way_access.h"
#include "connectors/net/way_offer.h"

namespace tripline::connectors::net {

/// Data Firehose's delivery to an HTTP endpoint. A body is one delivery, and 200 says that everything of it is durable;
/// records that cannot be read are set aside and acknowledged with the rest, as no status would make Firehose mend
/// them. Source: Data Firehose Developer Guide, "HTTP endpoint delivery request and response specifications" and
/// "Retry". Threads: any. Whoever settles deliveries ends before it does.
class FirehoseDelivery {
 public:
  /// A body may have 64 MiB before it is compressed. 413 loses the batch, so that no body is answered with it.
  static constexpr std::size_t kMaxBody = std::size_t{72} << 20;

  FirehoseDelivery(WayContext context, RequestIds::Options ids) : context_(std::move(context)), ids_(ids) {}

  Admission admit(const HttpHead& head, const WayAccess& access);
  void handle(HttpRequest request, const WayAccess& access, Reply reply);

 private:
  struct Refusal {
    int status;
    WayOutcome outcome;
    std::string why;
  };
  std::optional<Refusal> check(const HttpHead& head, const WaySource* source) const;
  HttpResponse refuse(const HttpHead& head, const WaySource* source, const Refusal& refusal, std::size_t bytes);

  WayContext context_;
  RequestIds ids_;
};

}  // namespace tripline::connectors::net
