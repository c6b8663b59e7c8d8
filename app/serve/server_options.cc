#include "app/serve/server_options.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace tripline::app {

using connectors::net::HttpServer;

connectors::net::WayOptions access_of(const Config& config) {
  connectors::net::WayOptions access;
  access.region = config.sources.aws.region;
  access.account = config.sources.aws.account;
  access.open_without_keys = config.loopback_only();
  for (const auto& key : config.sources.firehose) access.firehose_keys.push_back({key.key, key.name});
  for (const auto& token : config.sources.events) access.event_tokens.push_back({token.token, token.name});
  for (const auto& stream : config.sources.aws.streams) {
    access.streams.push_back({stream.stream, stream.name.empty() ? stream.stream : stream.name});
  }
  for (const auto& key : config.sources.aws.credentials) {
    access.credentials.push_back({key.access_key_id, key.secret_access_key, {}});
  }
  return access;
}

Routes::Tokens tokens_of(const Config& config) {
  return {.read = config.api.read_tokens, .admin = config.api.admin_tokens, .open_without = config.loopback_only()};
}

HttpServer::Options http_options(const Config& config) {
  HttpServer::Options options;
  for (const auto& listen : config.listen) {
    HttpServer::Listener listener{.address = listen.host, .port = listen.port};
    if (listen.tls) {
      listener.tls = connectors::net::TlsFiles{
          .certificate = listen.tls->cert, .key = listen.tls->key, .client_ca = listen.tls->client_ca};
    }
    options.listeners.push_back(std::move(listener));
  }
  auto& limits = options.limits;
  limits.max_head_bytes = config.limits.header_bytes;
  limits.max_connections = config.limits.connections;
  limits.max_connections_per_address = config.limits.connections_per_address;
  limits.head_time = config.limits.header_time;
  limits.idle_time = config.limits.idle_time;
  limits.stall_time = config.limits.body_time;
  limits.request_time = config.limits.answer_time;
  return options;
}

engine::store::SqliteStore::Settings store_settings(const Config& config, const Clock& clock) {
  engine::store::SqliteStore::Settings settings;
  settings.now = [&clock] { return clock.now(); };
  settings.remember = config.store.remember;
  settings.most_remembered = config.store.remember_events;
  settings.keep = config.store.retention;
  settings.keep_bytes = config.store.retention_bytes;
  settings.checkpoint_after = config.store.checkpoint;
  settings.checkpoint_bytes = config.store.checkpoint_bytes;
  return settings;
}

LiveEngine::Options engine_options(const Config& config, const Clock& clock) {
  LiveEngine::Options options;
  options.workers =
      config.workers > 0 ? static_cast<unsigned>(config.workers) : std::max(std::thread::hardware_concurrency(), 1u);
  options.watermark.lateness = config.lateness;
  options.now = [&clock] { return clock.now(); };
  options.state.limits.groups = config.correlations.groups;
  options.state.limits.entries = config.correlations.entries;
  options.dead_letter_folder = config.store.path;
  options.dead_letter_bytes = config.store.dead_letter_bytes;
  return options;
}

alerts::Router::Options routing_of(const Config& config, const Senders& senders) {
  alerts::Router::Options options;
  options.routes = config.routes;
  options.sinks = senders.routed();
  return options;
}

SilenceOptions silence_options(const Config& config) {
  SilenceOptions options;
  options.after = config.silence.after;
  options.forget = config.silence.forget;
  for (const auto& one : config.silence.expect) {
    options.expect.push_back({.kind = one.source.empty() ? LastSeen::Kind::kAccount : LastSeen::Kind::kSource,
                              .name = one.source.empty() ? one.account : one.source,
                              .after = one.after,
                              .signal = one.signal});
  }
  return options;
}

}  // namespace tripline::app
