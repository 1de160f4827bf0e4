#include "net/client_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace ieum::net {
namespace {

constexpr Millis kAttemptForMs = 3'000;  // one address of several, before the next is tried
constexpr std::size_t kRoom = 16 * 1024;

std::optional<Millis> read_keep_alive(const Headers& headers) {
  const auto value = headers.get("keep-alive");
  if (!value) return std::nullopt;
  const std::size_t at = value->find("timeout=");
  if (at == std::string_view::npos) return std::nullopt;
  std::uint32_t seconds = 0;
  const char* begin = value->data() + at + 8;
  if (std::from_chars(begin, value->data() + value->size(), seconds).ec != std::errc()) return std::nullopt;
  return seconds == 0 ? 0 : (static_cast<Millis>(seconds) - 1) * kSecond;
}

}  // namespace

ClientConnection::ClientConnection(ConnectionPool& pool, std::shared_ptr<Origin> origin)
    : pool_(pool), origin_(std::move(origin)) {}

std::string ClientConnection::place() const { return call_->url.origin(); }

void ClientConnection::start(std::shared_ptr<Call> call) {
  call_ = std::move(call);
  call_->connection = weak_from_this();
  if (const auto literal = parse_address(call_->url.host)) return resolved(std::vector<Address>{*literal});
  pool_.resolver().resolve(call_->url.host, [weak = weak_from_this()](Result<std::vector<Address>> addresses) {
    if (const auto self = weak.lock()) self->resolved(std::move(addresses));
  });
}

void ClientConnection::resolved(Result<std::vector<Address>> addresses) {
  if (stage_ != Stage::resolving) return;
  if (addresses.has_error()) return fail(CallFailure::Sent::nothing, std::move(addresses).error().at(place()));
  // One forbidden answer refuses the name: it may be there to be tried second.
  for (const Address& address : *addresses) {
    if (auto refusal = pool_.refusal(*call_, {address, call_->url.port}))
      return fail(CallFailure::Sent::nothing, *std::move(refusal));
  }
  addresses_ = std::move(*addresses);
  connect_failure_ = "the name has no address";
  stage_ = Stage::connecting;
  connect_next();
}

void ClientConnection::connect_next() {
  if (attempt_timer_ != 0) pool_.io().cancel(std::exchange(attempt_timer_, 0));
  if (connecting_) connecting_->close();
  connecting_.reset();
  while (next_address_ < addresses_.size()) {
    const Endpoint to{addresses_[next_address_++], call_->url.port};
    const int fd = begin_connect(to);
    if (fd < 0) {
      connect_failure_ = std::strerror(errno);
      continue;
    }
    connecting_ = pool_.io().impl().watch(fd);
    connecting_->wait(Direction::write, shared_from_this());
    if (next_address_ < addresses_.size()) {
      attempt_timer_ = pool_.io().after(kAttemptForMs, [weak = weak_from_this(), attempt = next_address_] {
        const auto self = weak.lock();
        if (!self || self->stage_ != Stage::connecting || self->next_address_ != attempt) return;
        self->attempt_timer_ = 0;
        self->connect_failure_ = "no answer";
        self->connect_next();
      });
    }
    return;
  }
  fail(CallFailure::Sent::nothing, Error("connect_failed", "no connection to " + place() + ": " + connect_failure_,
                                         "check that the server is up and the address is right", place()));
}

void ClientConnection::connected() {
  if (const int failure = connect_error(connecting_->fd()); failure != 0) {
    connect_failure_ = std::strerror(failure);
    return connect_next();
  }
  const auto peer = peer_of(connecting_->fd());
  if (!peer) return;  // told for an attempt that was given up; the new one is still under way
  if (attempt_timer_ != 0) pool_.io().cancel(std::exchange(attempt_timer_, 0));
  const Endpoint wanted{addresses_[next_address_ - 1], call_->url.port};
  if (*peer != wanted || pool_.refusal(*call_, *peer))
    return fail(CallFailure::Sent::nothing,
                Error("egress_refused", "the connection ended at another address than was checked", {}, place()));
  stream_ = call_->url.scheme == "https" ? tls_client_stream(std::move(connecting_), pool_.tls(), call_->url.host)
                                         : plain_stream(std::move(connecting_));
  stage_ = Stage::handshake;
  shake_hands();
}

void ClientConnection::shake_hands() {
  switch (stream_->handshake()) {
    case Stream::Handshake::done: return send_call();
    case Stream::Handshake::read_first: return stream_->wait(Direction::read, shared_from_this());
    case Stream::Handshake::write_first: return stream_->wait(Direction::write, shared_from_this());
    case Stream::Handshake::failed: break;
  }
  fail(CallFailure::Sent::nothing, Error("tls_failed", "no TLS connection to " + place() + ": " + stream_->failure(),
                                         "the server's certificate must be valid, for this host name, and from a known "
                                         "CA; an own CA can be added in the hub's configuration",
                                         place()));
}

bool ClientConnection::reuse(std::shared_ptr<Call> call) {
  char byte = 0;
  if (stage_ != Stage::resting || stream_->read(&byte, 1).kind != Moved::Kind::block) {
    close();
    return false;
  }
  call_ = std::move(call);
  call_->connection = weak_from_this();
  reused_ = true;
  send_call();
  return true;
}

void ClientConnection::send_call() {
  stage_ = Stage::exchange;
  out_begin_ = 0;
  bytes_out_before_ = stream_->bytes_out();
  answer_begun_ = false;
  begin_ = end_ = 0;
  answer_.begin(call_->method, call_->response_bytes_max);
  write_some();
}

void ClientConnection::write_some() {
  while (out_begin_ < call_->bytes.size()) {
    const Moved moved = stream_->write(std::string_view(call_->bytes).substr(out_begin_));
    if (moved.kind == Moved::Kind::some) {
      out_begin_ += moved.size;
      continue;
    }
    if (moved.kind == Moved::Kind::block) {
      if (!std::exchange(write_waits_, true)) stream_->wait(Direction::write, shared_from_this());
      break;
    }
    if (sent() == CallFailure::Sent::nothing) return lost();
    break;  // the answer may be here already ("413" before the body was read): reading tells
  }
  wait_read();
}

void ClientConnection::wait_read() {
  if (read_waits_) return;
  read_waits_ = true;
  stream_->wait(Direction::read, shared_from_this());
}

void ClientConnection::on_ready(Direction direction) {
  const auto self = shared_from_this();
  (direction == Direction::read ? read_waits_ : write_waits_) = false;
  switch (stage_) {
    case Stage::connecting: return connected();
    case Stage::handshake: return shake_hands();
    case Stage::exchange:
      if (direction == Direction::read) return read_some();
      return write_some();
    case Stage::resting: {
      char byte = 0;  // a TLS session ticket reads as nothing; an end or bytes that nobody asked for close
      if (stream_->read(&byte, 1).kind != Moved::Kind::block) return close();
      return wait_read();
    }
    case Stage::resolving:
    case Stage::closed: return;
  }
}

void ClientConnection::read_some() {
  if (end_ == buffer_.size() && begin_ > 0) {
    buffer_.erase(0, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size() || buffer_.size() < kRoom) buffer_.resize(std::max(end_ * 2, kRoom));
  const Moved moved = stream_->read(buffer_.data() + end_, buffer_.size() - end_);
  switch (moved.kind) {
    case Moved::Kind::block: return wait_read();
    case Moved::Kind::end:
      if (answer_begun_ && answer_.end() == AnswerReader::State::whole) return complete();
      return lost();
    case Moved::Kind::failed: return lost();
    case Moved::Kind::some: break;
  }
  answer_begun_ = true;
  end_ += moved.size;
  if (take_answer()) wait_read();
}

// True while more is wanted.
bool ClientConnection::take_answer() {
  std::size_t used = 0;
  const auto state = answer_.feed(std::string_view(buffer_).substr(begin_, end_ - begin_), used);
  begin_ += used;
  if (begin_ == end_) begin_ = end_ = 0;
  switch (state) {
    case AnswerReader::State::more: return true;
    case AnswerReader::State::whole: complete(); return false;
    case AnswerReader::State::bad: refuse_answer("bad_answer", answer_.error()); return false;
    case AnswerReader::State::too_large: refuse_answer("answer_too_large", answer_.error()); return false;
  }
  return false;
}

void ClientConnection::complete() {
  const auto call = std::move(call_);
  const bool all_sent = out_begin_ == call->bytes.size();
  HttpResponse answer = answer_.take();
  server_keeps_for_ = read_keep_alive(answer.headers);
  if (answer_.keep_alive() && all_sent && begin_ == end_) {
    stage_ = Stage::resting;
    if (buffer_.size() > kRoom) buffer_ = std::string();
    wait_read();
    pool_.rest(shared_from_this());
  } else {
    close();
  }
  pool_.settle(call, std::move(answer));
}

CallFailure::Sent ClientConnection::sent() const {
  const bool none = !stream_ || stage_ != Stage::exchange || stream_->bytes_out() == bytes_out_before_;
  return none ? CallFailure::Sent::nothing : CallFailure::Sent::maybe;
}

void ClientConnection::lost() {
  const bool repeatable = sent() == CallFailure::Sent::nothing || call_->method == "GET" || call_->method == "HEAD";
  if (reused_ && !answer_begun_ && repeatable && !call_->again) {
    const auto call = std::move(call_);
    call->again = true;
    call->connection.reset();
    close();
    return pool_.try_again(origin_, call);
  }
  fail(sent(), Error("connection_lost",
                     answer_begun_ ? "the connection to " + place() + " ended in the middle of the answer"
                                   : "the connection ended before an answer",
                     {}, place()));
}

void ClientConnection::refuse_answer(std::string code, std::string_view what) {
  fail(CallFailure::Sent::maybe,
       Error(std::move(code), "the answer of " + place() + " was refused: " + std::string(what), {}, place()));
}

void ClientConnection::give_up(Error error) { fail(sent(), std::move(error)); }

void ClientConnection::fail(CallFailure::Sent sent, Error error) {
  const auto call = std::move(call_);
  close();
  pool_.settle(call, CallFailure{sent, std::move(error)});
}

void ClientConnection::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  if (attempt_timer_ != 0) pool_.io().cancel(std::exchange(attempt_timer_, 0));
  if (connecting_) connecting_->close();
  if (stream_) stream_->close();
  pool_.closed(shared_from_this());
}

}  // namespace ieum::net
