// Stream: a connected socket, plain or TLS, that never blocks: an operation is done, or would block and is tried again when
// the stream is ready. Private to net; io thread only.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "net/loop.hpp"

namespace ieum::net {

struct Moved {
  enum class Kind {
    some,    // size bytes, more than none
    block,   // nothing now: wait
    end,     // read: the peer will send no more
    failed,  // the connection is gone; for TLS also an end without notice
  };
  Kind kind = Kind::block;
  std::size_t size = 0;
};

class Stream {
 public:
  enum class Handshake { done, read_first, write_first, failed };
  virtual ~Stream() = default;
  virtual Handshake handshake() = 0;  // plain: done
  virtual Moved read(char* into, std::size_t size) = 0;
  virtual Moved write(std::string_view bytes) = 0;
  virtual void wait(Direction direction, std::shared_ptr<Waiter> waiter) = 0;
  virtual void finish() = 0;  // sends the end; reading goes on
  virtual void close() = 0;
  // Bytes handed to the kernel so far: when a request moved none, it was not sent.
  [[nodiscard]] virtual std::uint64_t bytes_out() const = 0;
  [[nodiscard]] virtual std::string failure() const = 0;  // why the handshake or the last operation failed
};

std::unique_ptr<Stream> plain_stream(std::unique_ptr<Watch> watch);

// Certificates and rules of one side. TLS 1.2 is the least; the OpenSSL default security level holds.
class TlsContext;
Result<std::shared_ptr<TlsContext>> make_server_tls(const std::string& cert_file,
                                                    const std::string& key_file);       // "tls_file"
Result<std::shared_ptr<TlsContext>> make_client_tls(const std::string& extra_ca_file);  // "ca_file"
std::unique_ptr<Stream> tls_server_stream(std::unique_ptr<Watch> watch, const TlsContext& context);
// host: the name or the address that the certificate must be for; sent as SNI when it is a name.
std::unique_ptr<Stream> tls_client_stream(std::unique_ptr<Watch> watch, const TlsContext& context,
                                          const std::string& host);

}  // namespace ieum::net
