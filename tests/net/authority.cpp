#include "net/authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ieum::net::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void must(bool good) {
  if (!good) throw std::runtime_error("OpenSSL did not make the test certificate");
}

void add_extension(X509* cert, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  must(extension != nullptr);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert make_cert(const std::string& name, EVP_PKEY* key, long serial, long from_s, long to_s, X509_NAME* issuer) {
  Cert cert(X509_new(), X509_free);
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), from_s);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), to_s);
  X509_set_pubkey(cert.get(), key);
  X509_NAME* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(cert.get(), issuer != nullptr ? issuer : subject);
  return cert;
}

void write_cert(const std::string& path, X509* cert, const char* mode = "w") {
  std::FILE* file = std::fopen(path.c_str(), mode);
  must(file != nullptr && PEM_write_X509(file, cert) == 1);
  std::fclose(file);
}

}  // namespace

struct Authority::Keys {
  Key key = make_key();
  Cert cert{nullptr, X509_free};
};

Authority::Authority() : keys_(std::make_unique<Keys>()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "ieum-ca-XXXXXX").string();
  must(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  keys_->cert = make_cert("Test Authority", keys_->key.get(), 1, -7200, 7200, nullptr);
  add_extension(keys_->cert.get(), keys_->cert.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(keys_->cert.get(), keys_->cert.get(), NID_key_usage, "critical,keyCertSign");
  must(X509_sign(keys_->cert.get(), keys_->key.get(), EVP_sha256()) > 0);
  write_cert(ca_file(), keys_->cert.get());
}

Authority::~Authority() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Authority::ca_file() const { return folder_ + "/ca.pem"; }

CertFiles Authority::issue(const Wish& wish) {
  const Key key = make_key();
  const Key middle_key = make_key();
  Cert middle(nullptr, X509_free);
  X509* issuer = wish.self_signed ? nullptr : keys_->cert.get();
  EVP_PKEY* issuer_key = wish.self_signed ? key.get() : keys_->key.get();
  if (!wish.permits.empty()) {
    middle = make_cert("Test Branch", middle_key.get(), 1000 + issued_, -3600, 3600, X509_get_subject_name(issuer));
    add_extension(middle.get(), issuer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(middle.get(), issuer, NID_key_usage, "critical,keyCertSign");
    add_extension(middle.get(), issuer, NID_name_constraints, "critical," + wish.permits);
    must(X509_sign(middle.get(), issuer_key, EVP_sha256()) > 0);
    issuer = middle.get();
    issuer_key = middle_key.get();
  }
  const Cert cert = make_cert("test server", key.get(), 2 + issued_, wish.valid_from_s, wish.valid_to_s,
                              issuer != nullptr ? X509_get_subject_name(issuer) : nullptr);
  add_extension(cert.get(), issuer != nullptr ? issuer : cert.get(), NID_subject_alt_name, wish.names);
  must(X509_sign(cert.get(), issuer_key, wish.sha1 ? EVP_sha1() : EVP_sha256()) > 0);
  const std::string base = folder_ + "/server-" + std::to_string(issued_++);
  const CertFiles files{base + ".pem", base + ".key"};
  write_cert(files.cert, cert.get());
  if (middle) write_cert(files.cert, middle.get(), "a");
  std::FILE* file = std::fopen(files.key.c_str(), "w");
  must(file != nullptr && PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
  return files;
}

std::string Authority::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ + "/" + name) << text;
  return folder_ + "/" + name;
}

}  // namespace ieum::net::testing
