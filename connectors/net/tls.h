#pragma once

#include <memory>
#include <string>

#include "engine/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace tripline::connectors::net {

/// Files in PEM.
struct TlsFiles {
  std::string certificate;  // the server's own, then those between it and the root
  std::string key;          // not encrypted
  std::string client_ca{};  // if set: a client must show a certificate that one of these signed
};

/// What new connections of a listener begin with. Those that have one keep it.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// Reads the files: TLS 1.2 with ephemeral keys and authenticated ciphers, TLS 1.3, `http/1.1` by ALPN. kIo names the
/// file that cannot be read, or that does not fit; nothing of a key is ever told.
engine::Result<TlsContext> load_tls(const TlsFiles& files);

}  // namespace tripline::connectors::net
