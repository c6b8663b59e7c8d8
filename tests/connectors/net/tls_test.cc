#include "connectors/net/tls.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "connectors/net/http_server.h"
#include "tests/support/certificates.h"
#include "tests/support/http_client.h"
#include "tests/support/http_service.h"
#include "tests/support/places.h"

namespace tripline::connectors::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::get;
using tests::HttpClient;
using tests::make_certificate;
using tests::post;

/// A server over TLS with its files in a folder of its own.
struct Secure {
  explicit Secure(const HttpLimits& limits = {}, bool asks_clients = false) {
    write("here", issuer);
    if (asks_clients) files.client_ca = folder.write("ca.pem", issuer.certificate);
    server.emplace(HttpServer::Options{.listeners = {{.tls = files}}, .limits = limits}, echo.service());
    if (const auto started = server->start(); !started) throw std::runtime_error(started.error().message);
  }

  void write(const std::string& name, const tests::Certificate& signed_by) {
    const auto certificate = make_certificate(name, &signed_by);
    files.certificate = folder.write("server.pem", certificate.certificate + signed_by.certificate);
    files.key = folder.write("server.key", certificate.key);
  }

  HttpClient::Tls trusting() const { return {.ca = folder.write("trusted.pem", issuer.certificate)}; }
  std::uint64_t ends(HttpEnd end) const { return server->counters().of(end); }

  tests::TemporaryFolder folder;
  tests::Certificate issuer = make_certificate("issuer");
  TlsFiles files;
  tests::EchoService echo;
  std::optional<HttpServer> server;
};

TEST(Tls, ServesWithTls13And12AndNothingOlder) {
  Secure secure;
  HttpClient newest(secure.server->port(), secure.trusting());
  EXPECT_EQ(newest.tls_version(), "TLSv1.3");
  EXPECT_EQ(newest.ask(get("/a"))->body, "GET /a ");
  EXPECT_TRUE(secure.echo.handled()[0].head.tls);

  auto tls = secure.trusting();
  tls.max_version = TLS1_2_VERSION;
  HttpClient older(secure.server->port(), tls);
  EXPECT_EQ(older.tls_version(), "TLSv1.2");
  EXPECT_EQ(older.ask(get("/b"))->status, 200);
  tls.ciphers = "AES128-SHA:ECDHE-ECDSA-AES128-SHA";
  EXPECT_THROW(HttpClient(secure.server->port(), tls), std::runtime_error);
  tls.ciphers = "ALL:@SECLEVEL=0";
  tls.max_version = TLS1_1_VERSION;
  EXPECT_THROW(HttpClient(secure.server->port(), tls), std::runtime_error);
}

TEST(Tls, CarriesLargeBodiesAndRequestsThatComeAtOnce) {
  Secure secure;
  HttpClient client(secure.server->port(), secure.trusting());
  const std::string body(900'000, 'b');
  client.send(post("/1", body) + get("/2"));
  EXPECT_EQ(client.answer()->body, "POST /1 " + body);
  EXPECT_EQ(client.answer()->body, "GET /2 ");
  client.send(get("/3", "Connection: close\r\n"));
  EXPECT_EQ(client.answer()->body, "GET /3 ");
  EXPECT_EQ(client.rest(), "");
}

TEST(Tls, AgreesOnHttp11) {
  Secure secure;
  auto tls = secure.trusting();
  tls.protocols = {"h2", "http/1.1"};
  EXPECT_EQ(HttpClient(secure.server->port(), tls).protocol(), "http/1.1");
  tls.protocols = {"h2"};
  EXPECT_EQ(HttpClient(secure.server->port(), tls).protocol(), "");
}

TEST(Tls, TakesNewCertificatesWithoutLosingConnections) {
  Secure secure;
  HttpClient before(secure.server->port(), secure.trusting());
  EXPECT_EQ(before.server_name(), "here");
  secure.write("there", secure.issuer);
  EXPECT_EQ(HttpClient(secure.server->port(), secure.trusting()).server_name(), "here");
  ASSERT_TRUE(secure.server->reload_tls());
  EXPECT_EQ(HttpClient(secure.server->port(), secure.trusting()).server_name(), "there");
  EXPECT_EQ(before.ask(get("/a"))->status, 200);

  secure.folder.write("server.pem", "no certificate");
  const auto failed = secure.server->reload_tls();
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, StartsWith(secure.files.certificate + ": is no certificate in PEM"));
  EXPECT_EQ(HttpClient(secure.server->port(), secure.trusting()).server_name(), "there");
}

TEST(Tls, AsksClientsForACertificateWhenItHasACa) {
  Secure secure({}, true);
  const auto known = make_certificate("client", &secure.issuer);
  const auto stranger = make_certificate("stranger");
  auto tls = secure.trusting();
  tls.certificate = secure.folder.write("client.pem", known.certificate);
  tls.key = secure.folder.write("client.key", known.key);
  EXPECT_EQ(HttpClient(secure.server->port(), tls).ask(get("/"))->status, 200);

  // Under TLS 1.3 the server's verdict comes after the client's side of the handshake.
  tls.certificate = secure.folder.write("stranger.pem", stranger.certificate);
  tls.key = secure.folder.write("stranger.key", stranger.key);
  EXPECT_FALSE(HttpClient(secure.server->port(), tls).ask(get("/")));
  EXPECT_FALSE(HttpClient(secure.server->port(), secure.trusting()).ask(get("/")));
  EXPECT_EQ(secure.ends(HttpEnd::kTlsFailed), 2u);
  EXPECT_EQ(secure.echo.handled().size(), 1u);
}

TEST(Tls, EndsHandshakesThatTakeTooLongOrAreNone) {
  HttpLimits limits;
  limits.tls_time = milliseconds{30};
  Secure secure(limits);
  HttpClient silent(secure.server->port());
  EXPECT_EQ(silent.rest(), "");
  EXPECT_EQ(secure.ends(HttpEnd::kTlsTimeout), 1u);
  HttpClient plain(secure.server->port());
  plain.send(get("/"));
  plain.rest();
  EXPECT_EQ(secure.ends(HttpEnd::kTlsFailed), 1u);
}

TEST(Tls, EndsAnIdleConnectionAndASlowRequestAsAPlainOne) {
  HttpLimits limits;
  limits.idle_time = milliseconds{300};
  limits.head_time = milliseconds{30};
  Secure secure(limits);
  HttpClient idle(secure.server->port(), secure.trusting());
  EXPECT_EQ(idle.rest(), "");
  HttpClient slow(secure.server->port(), secure.trusting());
  EXPECT_EQ(slow.ask("GET /")->status, 408);
}

TEST(Tls, NamesTheFileThatIsWrong) {
  const tests::TemporaryFolder folder;
  const auto one = make_certificate("one");
  const auto other = make_certificate("other");
  const auto certificate = folder.write("one.pem", one.certificate);
  const auto key = folder.write("one.key", one.key);
  const auto other_key = folder.write("other.key", other.key);
  const auto garbage = folder.write("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const struct {
    std::string_view name;
    TlsFiles files;
    std::string error;
  } cases[] = {
      {"no certificate", {"/nowhere/a.pem", key}, "/nowhere/a.pem: cannot be read"},
      {"no key", {certificate, "/nowhere/a.key"}, "/nowhere/a.key: cannot be read"},
      {"garbage", {garbage, key}, garbage + ": is no certificate in PEM"},
      {"a certificate as key", {certificate, certificate}, certificate + ": is not the key of the certificate"},
      {"another's key", {certificate, other_key}, other_key + ": is not the key of the certificate"},
      {"no CA", {certificate, key, "/nowhere/ca.pem"}, "/nowhere/ca.pem: cannot be read"},
      {"garbage as CA", {certificate, key, garbage}, garbage + ": holds no certificates in PEM"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto loaded = load_tls(c.files);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, engine::ErrorCode::kIo);
    EXPECT_THAT(loaded.error().message, StartsWith(c.error));
    HttpServer server({.listeners = {{.tls = c.files}}}, {});
    EXPECT_FALSE(server.start());
  }
  EXPECT_TRUE(load_tls({certificate, key, certificate}));
}

}  // namespace
}  // namespace tripline::connectors::net
