#include "connectors/net/tls.h"

#include <array>
#include <fstream>
#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tripline::connectors::net {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

/// TLS 1.2: forward secrecy and authenticated encryption alone, as Mozilla's "intermediate" has them. OpenSSL's own
/// ones of TLS 1.3 are all of that kind.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// ALPN's form of the one protocol that is spoken (RFC 7301, 3.1).
constexpr std::string_view kProtocols = "\x08http/1.1";

/// A client that names protocols but not ours is served without one, as it may not care.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const auto* const ours = reinterpret_cast<const unsigned char*>(kProtocols.data());
  if (SSL_select_next_proto(&found, size, ours, static_cast<unsigned int>(kProtocols.size()), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// No console is asked for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return 0; }

engine::Error refuse(const std::string& file, const std::string& what) {
  const auto error = ERR_peek_last_error();
  const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  std::string message = file + ": " + what;
  if (reason != nullptr) message.append(" (").append(reason).append(")");
  ERR_clear_error();
  return fail(ErrorCode::kIo, std::move(message));
}

bool readable(const std::string& file) { return std::ifstream(file).good(); }

}  // namespace

Result<TlsContext> load_tls(const TlsFiles& files) {
  ERR_clear_error();
  const TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (!context) return fail(ErrorCode::kIo, "OpenSSL could not be set up");
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  if (SSL_CTX_set_cipher_list(raw, kCiphers) != 1) return fail(ErrorCode::kIo, "OpenSSL has none of the ciphers");

  for (const auto& file : {files.certificate, files.key}) {
    if (!readable(file)) return fail(ErrorCode::kIo, file + ": cannot be read");
  }
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1) {
    return refuse(files.certificate, "is no certificate in PEM");
  }
  // Which sees to it as well that the two belong together.
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refuse(files.key, "is not the key of the certificate in " + files.certificate + ", in PEM and unencrypted");
  }
  if (!files.client_ca.empty()) {
    if (!readable(files.client_ca)) return fail(ErrorCode::kIo, files.client_ca + ": cannot be read");
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(files.client_ca.c_str());
    if (names == nullptr || SSL_CTX_load_verify_locations(raw, files.client_ca.c_str(), nullptr) != 1) {
      sk_X509_NAME_pop_free(names, X509_NAME_free);
      return refuse(files.client_ca, "holds no certificates in PEM");
    }
    SSL_CTX_set_client_CA_list(raw, names);
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    // Sessions of clients that were verified are resumed by name of this context.
    constexpr std::array<unsigned char, 8> kSessions = {'t', 'r', 'i', 'p', 'l', 'i', 'n', 'e'};
    SSL_CTX_set_session_id_context(raw, kSessions.data(), kSessions.size());
  }
  return context;
}

}  // namespace tripline::connectors::net
