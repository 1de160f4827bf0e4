// TLS streams over OpenSSL: contexts, handshake with verification, reads and writes. The only OpenSSL of net.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "net/egress.hpp"
#include "net/stream.hpp"

namespace ieum::net {

class TlsContext {
 public:
  explicit TlsContext(SSL_CTX* context) : context_(context) {}
  ~TlsContext() { SSL_CTX_free(context_); }
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  [[nodiscard]] SSL_CTX* get() const { return context_; }

 private:
  SSL_CTX* context_;
};

namespace {

// Takes OpenSSL's queue of errors; the first is the cause.
std::string take_errors() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown cause";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
}

int no_password(char*, int, int, void*) { return 0; }

void set_common(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
}

class TlsStream final : public Stream {
 public:
  TlsStream(std::unique_ptr<Watch> watch, const TlsContext& context)
      : watch_(std::move(watch)), ssl_(SSL_new(context.get())) {
    IEUM_ASSERT(ssl_ != nullptr && SSL_set_fd(ssl_, watch_->fd()) == 1);
  }
  ~TlsStream() override { SSL_free(ssl_); }
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  void serve() { SSL_set_accept_state(ssl_); }

  void verify_as(const std::string& host) {
    SSL_set_connect_state(ssl_);
    if (parse_address(host)) {
      IEUM_ASSERT(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str()) == 1);
    } else {
      SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      IEUM_ASSERT(SSL_set1_host(ssl_, host.c_str()) == 1);
      SSL_set_tlsext_host_name(ssl_, host.c_str());
    }
  }

  Handshake handshake() override {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_);
    if (result == 1) {
      open_ = true;
      return Handshake::done;
    }
    switch (SSL_get_error(ssl_, result)) {
      case SSL_ERROR_WANT_READ: return Handshake::read_first;
      case SSL_ERROR_WANT_WRITE: return Handshake::write_first;
      default: break;
    }
    const long verdict = SSL_get_verify_result(ssl_);
    if (verdict != X509_V_OK) {
      failure_ = std::string("the certificate was not accepted: ") + X509_verify_cert_error_string(verdict);
      ERR_clear_error();
    } else if (ERR_peek_error() != 0) {
      failure_ = take_errors();
    } else {
      failure_ = "the connection closed during the handshake";
    }
    return Handshake::failed;
  }

  Moved read(char* into, std::size_t size) override {
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_, into, size, &got);
    read_needs_ = Direction::read;
    return moved(result, got, read_needs_);
  }

  Moved write(std::string_view bytes) override {
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent);
    write_needs_ = Direction::write;
    return moved(result, sent, write_needs_);
  }

  void wait(Direction direction, std::shared_ptr<Waiter> waiter) override {
    if (!open_) {  // handshake: exactly what it asked for
      watch_->wait(direction, std::move(waiter));
      return;
    }
    const Direction needs = direction == Direction::read ? read_needs_ : write_needs_;
    const bool buffered = direction == Direction::read && SSL_pending(ssl_) > 0;
    // Bytes that OpenSSL holds already never make the socket readable; a socket is nearly always writable.
    if (buffered || needs != direction) waiter = std::make_shared<Redirect>(direction, std::move(waiter));
    watch_->wait(buffered ? Direction::write : needs, std::move(waiter));
  }

  void finish() override {
    if (open_) {
      ERR_clear_error();
      SSL_shutdown(ssl_);
    }
    shutdown(watch_->fd(), SHUT_WR);
  }

  void close() override {
    if (open_ && !broken_) {
      ERR_clear_error();
      SSL_shutdown(ssl_);
    }
    open_ = false;
    watch_->close();
  }

  std::uint64_t bytes_out() const override { return BIO_number_written(SSL_get_wbio(ssl_)); }

  std::string failure() const override { return failure_; }

 private:
  // Tells the waiter the direction that it asked for.
  class Redirect final : public Waiter {
   public:
    Redirect(Direction asked, std::shared_ptr<Waiter> waiter) : asked_(asked), waiter_(std::move(waiter)) {}
    void on_ready(Direction) override { waiter_->on_ready(asked_); }

   private:
    Direction asked_;
    std::shared_ptr<Waiter> waiter_;
  };

  Moved moved(int result, std::size_t size, Direction& needs) {
    if (result == 1) return {Moved::Kind::some, size};
    const int system = errno;
    switch (SSL_get_error(ssl_, result)) {
      case SSL_ERROR_WANT_READ: needs = Direction::read; return {Moved::Kind::block, 0};
      case SSL_ERROR_WANT_WRITE: needs = Direction::write; return {Moved::Kind::block, 0};
      case SSL_ERROR_ZERO_RETURN: return {Moved::Kind::end, 0};
      case SSL_ERROR_SYSCALL: failure_ = system != 0 ? std::strerror(system) : "the connection closed"; break;
      default: failure_ = take_errors(); break;
    }
    broken_ = true;
    return {Moved::Kind::failed, 0};
  }

  std::unique_ptr<Watch> watch_;
  SSL* ssl_;
  bool open_ = false;
  bool broken_ = false;
  Direction read_needs_ = Direction::read;
  Direction write_needs_ = Direction::write;
  std::string failure_;
};

}  // namespace

Result<std::shared_ptr<TlsContext>> make_server_tls(const std::string& cert_file, const std::string& key_file) {
  ERR_clear_error();
  auto context = std::make_shared<TlsContext>(SSL_CTX_new(TLS_server_method()));
  set_common(context->get());
  SSL_CTX_set_options(context->get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_default_passwd_cb(context->get(), no_password);
  if (SSL_CTX_use_certificate_chain_file(context->get(), cert_file.c_str()) != 1)
    return Error("tls_file", "the TLS certificate cannot be used: " + take_errors(),
                 "give a PEM file with the certificate and its chain to --tls-cert", cert_file);
  if (SSL_CTX_use_PrivateKey_file(context->get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error("tls_file", "the TLS key cannot be used: " + take_errors(),
                 "give the PEM file of this certificate's key, without a passphrase, to --tls-key", key_file);
  if (SSL_CTX_check_private_key(context->get()) != 1)
    return Error("tls_file", "the TLS key is not the certificate's: " + take_errors(),
                 "give the key that the certificate was made for to --tls-key", key_file);
  return context;
}

Result<std::shared_ptr<TlsContext>> make_client_tls(const std::string& extra_ca_file) {
  ERR_clear_error();
  auto context = std::make_shared<TlsContext>(SSL_CTX_new(TLS_client_method()));
  set_common(context->get());
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context->get());
  if (!extra_ca_file.empty() && SSL_CTX_load_verify_locations(context->get(), extra_ca_file.c_str(), nullptr) != 1)
    return Error("ca_file", "the extra CA certificates cannot be read: " + take_errors(),
                 "give a PEM file with certificates", extra_ca_file);
  return context;
}

std::unique_ptr<Stream> tls_server_stream(std::unique_ptr<Watch> watch, const TlsContext& context) {
  auto stream = std::make_unique<TlsStream>(std::move(watch), context);
  stream->serve();
  return stream;
}

std::unique_ptr<Stream> tls_client_stream(std::unique_ptr<Watch> watch, const TlsContext& context,
                                          const std::string& host) {
  auto stream = std::make_unique<TlsStream>(std::move(watch), context);
  stream->verify_as(host);
  return stream;
}

}  // namespace ieum::net
