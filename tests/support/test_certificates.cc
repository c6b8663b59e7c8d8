#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/support/scripted_server.h"

namespace tripline::tests {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

Key new_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

void extend(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Good for a day; `issuer` null: it signs itself.
Certificate certify(const char* name, const Key& key, const Certificate& issuer, const Key& issuer_key, long serial) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* signer = issuer ? issuer.get() : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  extend(certificate.get(), signer, NID_basic_constraints, issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
  extend(certificate.get(), signer, NID_subject_key_identifier, "hash");
  if (issuer) extend(certificate.get(), signer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  if (X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) == 0) {
    throw std::runtime_error("the test's certificate cannot be signed");
  }
  return certificate;
}

template <class Write>
std::string written(const std::string& path, Write write) {
  FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr || write(file) != 1) throw std::runtime_error(path + " cannot be written");
  std::fclose(file);
  return path;
}

std::string write_certificate(const std::string& path, const Certificate& certificate) {
  return written(path, [&](FILE* file) { return PEM_write_X509(file, certificate.get()); });
}

std::string write_key(const std::string& path, const Key& key) {
  return written(
      path, [&](FILE* file) { return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace

TestCertificates::TestCertificates(const std::string& folder) {
  const Key authority_key = new_key(), server_key = new_key(), client_key = new_key();
  const Certificate authority = certify("Test authority", authority_key, nullptr, authority_key, 1);
  const Certificate server = certify("localhost", server_key, authority, authority_key, 2);
  const Certificate client = certify("Test client", client_key, authority, authority_key, 3);
  ca_file = write_certificate(folder + "/ca.pem", authority);
  server_cert_file = write_certificate(folder + "/server.pem", server);
  server_key_file = write_key(folder + "/server.key", server_key);
  client_cert_file = write_certificate(folder + "/client.pem", client);
  client_key_file = write_key(folder + "/client.key", client_key);
}

}  // namespace tripline::tests
