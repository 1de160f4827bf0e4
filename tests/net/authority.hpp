// A certificate authority made for one test run: keys and certificates as PEM files in a folder that goes with it.
#pragma once
#include <memory>
#include <string>

namespace ieum::net::testing {

struct CertFiles {
  std::string cert;  // path; the certificate alone, or with its chain
  std::string key;
};

class Authority {
 public:
  struct Wish {
    std::string names = "IP:127.0.0.1";  // subjectAltName as OpenSSL writes it
    long valid_from_s = -3600;           // seconds from now
    long valid_to_s = 3600;
    bool self_signed = false;
    bool sha1 = false;         // the signature's digest
    std::string permits = {};  // "permitted;DNS:a.example": below a CA of its own that may vouch for these names alone
  };
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  [[nodiscard]] std::string ca_file() const;
  CertFiles issue(const Wish& wish);
  std::string write(const std::string& name, const std::string& text) const;  // the path

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string folder_;
  int issued_ = 0;
};

}  // namespace ieum::net::testing
