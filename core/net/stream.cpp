#include "net/stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace ieum::net {
namespace {

class PlainStream final : public Stream {
 public:
  explicit PlainStream(std::unique_ptr<Watch> watch) : watch_(std::move(watch)) {}

  Handshake handshake() override { return Handshake::done; }

  Moved read(char* into, std::size_t size) override {
    const ssize_t got = recv(watch_->fd(), into, size, 0);
    if (got == 0) return {Moved::Kind::end, 0};
    return moved(got);
  }

  Moved write(std::string_view bytes) override {
    const Moved sent = moved(send(watch_->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    bytes_out_ += sent.size;
    return sent;
  }

  void wait(Direction direction, std::shared_ptr<Waiter> waiter) override {
    watch_->wait(direction, std::move(waiter));
  }
  void finish() override { shutdown(watch_->fd(), SHUT_WR); }
  void close() override { watch_->close(); }
  std::uint64_t bytes_out() const override { return bytes_out_; }

  std::string failure() const override { return std::strerror(failure_); }

 private:
  Moved moved(ssize_t count) {
    if (count > 0) return {Moved::Kind::some, static_cast<std::size_t>(count)};
    if (count == 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {Moved::Kind::block, 0};
    failure_ = errno;
    return {Moved::Kind::failed, 0};
  }

  std::unique_ptr<Watch> watch_;
  std::uint64_t bytes_out_ = 0;
  int failure_ = 0;
};

}  // namespace

std::unique_ptr<Stream> plain_stream(std::unique_ptr<Watch> watch) {
  return std::make_unique<PlainStream>(std::move(watch));
}

}  // namespace ieum::net
