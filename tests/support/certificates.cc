#include "tests/support/certificates.h"

#include <atomic>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tripline::tests {
namespace {

template <auto free_it>
struct Free {
  template <class T>
  void operator()(T* thing) const {
    free_it(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<&EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Free<&X509_free>>;
using Memory = std::unique_ptr<BIO, Free<&BIO_free>>;

Memory memory_of(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

void check(bool done) {
  if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

}  // namespace

Certificate make_certificate(const std::string& name, const Certificate* issuer) {
  static std::atomic<long> serial{1};
  const Key key(EVP_EC_gen("P-256"));
  const X509Pointer certificate(X509_new());
  check(key && certificate);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  Key signer;
  X509Pointer above;
  if (issuer != nullptr) {
    above.reset(PEM_read_bio_X509(memory_of(issuer->certificate).get(), nullptr, nullptr, nullptr));
    signer.reset(PEM_read_bio_PrivateKey(memory_of(issuer->key).get(), nullptr, nullptr, nullptr));
    check(above && signer);
  }
  X509_set_issuer_name(certificate.get(), above ? X509_get_subject_name(above.get()) : subject);
  X509_EXTENSION* const constraint =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, above ? "critical,CA:FALSE" : "critical,CA:TRUE");
  X509_add_ext(certificate.get(), constraint, -1);
  X509_EXTENSION_free(constraint);
  check(X509_sign(certificate.get(), signer ? signer.get() : key.get(), EVP_sha256()) > 0);

  const Memory certificate_text(BIO_new(BIO_s_mem()));
  const Memory key_text(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  check(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace tripline::tests
