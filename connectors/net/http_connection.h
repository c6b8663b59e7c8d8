#pragma once

#include <atomic>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "connectors/net/connection_table.h"
#include "connectors/net/http_counters.h"
#include "connectors/net/http_limits.h"
#include "connectors/net/http_message.h"
#include "connectors/net/tls.h"

namespace tripline::connectors::net {

/// What all connections of a server share. It outlives them.
struct ConnectionShare {
  const HttpLimits& limits;
  const HttpService& service;
  HttpCounters& counters;
  ConnectionTable& table;
  const std::atomic<bool>& draining;
};

/// Serves one connection, that was let in as `id`, until it ends; then it leaves the table. The socket's executor runs
/// one thing at a time (a strand). Without `tls` it is plain.
void serve_connection(boost::asio::ip::tcp::socket socket, const TlsContext& tls, ConnectionTable::Id id,
                      std::string peer, const ConnectionShare& share);

}  // namespace tripline::connectors::net
