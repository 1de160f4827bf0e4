#include "net/connection.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"

namespace ieum::net {
namespace {

constexpr std::size_t kFirstRoom = 4 * 1024;  // a webhook and its head mostly fit
constexpr std::size_t kBodyRoom = 32 * 1024;
constexpr std::size_t kDrainBytes = 64 * 1024;
constexpr std::size_t kUnsentMax = 1u << 20;          // of a stream
constexpr std::size_t kPipelinedAnswers = 64 * 1024;  // written together at most
constexpr HeadCaps kRequestCaps{limits::kRequestLineBytes, limits::kHeaderBytes, limits::kHeaderFields};

HttpResponse refusal(int status, std::string_view what) {
  const char* code = status == 408   ? "request_timeout"
                     : status == 413 ? "body_too_large"
                     : status == 414 ? "target_too_long"
                     : status == 415 ? "encoded_body"
                     : status == 417 ? "unknown_expectation"
                     : status == 431 ? "headers_too_large"
                     : status == 500 ? "internal_error"
                     : status == 505 ? "http_version"
                                     : "bad_request";
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body.append(R"({"error":{"code":")").append(code).append(R"(","what":")");
  for (const char c : what) response.body.append(c == '"' ? "\\\"" : std::string(1, c));
  response.body += "\"}}";
  return response;
}

bool is_sendable(const HttpResponse& response) {
  if (response.status < 200 || response.status > 599) return false;
  for (const auto& [name, value] : response.headers.fields()) {
    if (!is_token(name) || !is_field_value(value)) return false;
  }
  return true;
}

bool asks_to_close(const HttpResponse& response) {
  const auto value = response.headers.get("connection");
  return value && equals_ignoring_case(*value, "close");
}

}  // namespace

Connection::Connection(ConnectionOwner& owner, std::uint64_t id, std::unique_ptr<Stream> stream,
                       std::string peer_address)
    : owner_(owner), id_(id), stream_(std::move(stream)), peer_address_(std::move(peer_address)), scan_(kRequestCaps) {}

void Connection::start() {
  set_deadline(owner_.patience().header_for);
  shake_hands();
}

void Connection::set_deadline(Millis from_now) {
  deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(from_now);
}

void Connection::on_ready(Direction direction) {
  (direction == Direction::read ? read_waits_ : write_waits_) = false;
  if (stage_ == Stage::closed) return;
  if (stage_ == Stage::handshake) return shake_hands();
  if (direction == Direction::read) return read_some();
  run();
}

void Connection::shake_hands() {
  const auto step = stream_->handshake();
  if (step == Stream::Handshake::done) {
    stage_ = Stage::head;
    return read_some();
  }
  if (step == Stream::Handshake::failed) return close();
  stream_->wait(step == Stream::Handshake::read_first ? Direction::read : Direction::write, shared_from_this());
}

void Connection::wait_read() {
  if (read_waits_) return;
  read_waits_ = true;
  stream_->wait(Direction::read, shared_from_this());
}

void Connection::consume(std::size_t size) {
  begin_ += size;
  if (begin_ == end_) begin_ = end_ = 0;
}

void Connection::read_some() {
  if (stage_ == Stage::lingering) begin_ = end_ = 0;
  if (end_ == buffer_.size() && begin_ > 0) {
    buffer_.erase(0, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t room = stage_ == Stage::body ? kBodyRoom : kFirstRoom;
  if (end_ == buffer_.size() || buffer_.size() < room) buffer_.resize(std::max(end_ * 2, room));
  const Moved got = stream_->read(buffer_.data() + end_, buffer_.size() - end_);
  switch (got.kind) {
    case Moved::Kind::block: return wait_read();
    case Moved::Kind::end:  // nobody waits for an answer, or the request was cut: either way nothing is left to do
    case Moved::Kind::failed: return close();
    case Moved::Kind::some: break;
  }
  if (stage_ == Stage::lingering) {
    if (got.size >= drain_left_) return close();
    drain_left_ -= got.size;
    return wait_read();
  }
  end_ += got.size;
  request_bytes_ += got.size;
  run();
}

// Goes on as far as the bytes at hand allow. Answers that come at once are written together.
void Connection::run() {
  if (running_) return;
  running_ = true;
  const auto self = shared_from_this();
  bool more = !write_waits_;
  while (more) {
    more = stage_ == Stage::head ? take_head() : stage_ == Stage::body ? take_body() : false;
    if (more && out_.size() - out_begin_ < kPipelinedAnswers) continue;
    if (!flush()) break;
  }
  running_ = false;
  if (write_waits_ || stage_ == Stage::closed || stage_ == Stage::handling) return;
  if (stage_ != Stage::streaming || end_ - begin_ < kFirstRoom) wait_read();
}

bool Connection::take_head() {
  if (begin_ == end_) return false;
  if (!request_begun_) {
    request_begun_ = true;
    request_start_ = std::chrono::steady_clock::now();
    request_bytes_ = end_ - begin_;
    deadline_ = request_start_ + std::chrono::milliseconds(owner_.patience().header_for);
  }
  const auto state = scan_.feed(unread());
  if (state == HeadScan::State::more) return false;
  head_ = {};
  head_only_ = false;
  if (state == HeadScan::State::bad) {
    fail(scan_.error().status, scan_.error().what);
    return true;
  }
  const auto error = read_request_head(scan_.text(unread()), head_);
  consume(scan_.size());
  scan_ = HeadScan(kRequestCaps);
  head_only_ = head_.http.method == "HEAD";
  if (error) {
    fail(error->status, error->what);
    return true;
  }

  RequestHandler::HeadVerdict verdict = owner_.handler().on_head(head_.http, peer_address_);
  body_max_ = verdict.body_bytes_max;
  hold_ = std::move(verdict.hold);
  if (verdict.refuse) {
    // A body that is here already is skipped; one that is still to come would have to be read for nothing.
    const bool here =
        head_.framing == Framing::none || (head_.framing == Framing::length && head_.length <= end_ - begin_);
    if (!here) {
      finish_with(*verdict.refuse, body_max_ + kDrainBytes);
      return true;
    }
    consume(static_cast<std::size_t>(head_.length));
    put_answer(*verdict.refuse);
    after_answer();
    return true;
  }
  if (head_.framing == Framing::length && head_.length > body_max_) {
    finish_with(refusal(413, "the body is larger than is taken here"), body_max_ + kDrainBytes);
    return true;
  }
  if (head_.continue_wanted && head_.framing != Framing::none && begin_ == end_)
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  body_ = BodyReader(head_.framing, head_.length, body_max_);
  stage_ = Stage::body;
  deadline_ = request_start_ + std::chrono::milliseconds(owner_.patience().request_for);
  return true;
}

bool Connection::take_body() {
  std::size_t used = 0;
  const auto state = body_.feed(unread(), used);
  consume(used);
  switch (state) {
    case BodyReader::State::more: return false;
    case BodyReader::State::bad: fail(400, "the chunked body is broken"); return true;
    case BodyReader::State::too_large:
      finish_with(refusal(413, "the body is larger than is taken here"), kDrainBytes);
      return true;
    case BodyReader::State::whole: break;
  }
  head_.http.body = body_.take();
  dispatch();
  return true;
}

void Connection::dispatch() {
  stage_ = Stage::handling;
  ++request_;
  owner_.handler().on_request({std::move(head_.http), peer_address_, std::move(hold_)},
                              owner_.make_responder(id_, request_));
}

void Connection::answer(std::uint64_t request, const HttpResponse& response) {
  if (stage_ != Stage::handling || request != request_) return;
  put_answer(response);
  after_answer();
  run();
}

void Connection::put_answer(const HttpResponse& response) {
  if (!is_sendable(response)) return put_answer(refusal(500, "the answer could not be written as HTTP"));
  if (asks_to_close(response)) head_.keep_alive = false;
  Answering how{head_.http10, head_.keep_alive, false, {}};
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) how.length = response.body.size();
  append_response_head(out_, response, how);
  if (!bodiless && !head_only_) out_ += response.body;
}

void Connection::after_answer() {
  hold_.reset();
  if (!head_.keep_alive) {
    stage_ = Stage::lingering;
    close_after_write_ = true;
    drain_left_ = kDrainBytes;
    return;
  }
  stage_ = Stage::head;
  request_begun_ = false;
  if (begin_ == end_ && buffer_.size() > kFirstRoom) buffer_ = std::string();
  set_deadline(owner_.patience().idle_for);
}

void Connection::finish_with(const HttpResponse& response, std::size_t drain_bytes) {
  head_.keep_alive = false;
  put_answer(response);
  after_answer();
  drain_left_ = drain_bytes;
  run();
}

void Connection::fail(int status, std::string_view what) { finish_with(refusal(status, what), kDrainBytes); }

void Connection::begin_stream(std::uint64_t request, const HttpResponse& head,
                              std::shared_ptr<std::atomic<bool>> gone) {
  if (stage_ != Stage::handling || request != request_) return gone->store(true);
  if (head_only_ || !is_sendable(head)) {
    gone->store(true);
    return answer(request, head);
  }
  if (asks_to_close(head) || head_.http10) head_.keep_alive = false;
  chunked_out_ = !head_.http10;
  append_response_head(out_, head, {head_.http10, head_.keep_alive, chunked_out_, {}});
  stage_ = Stage::streaming;
  gone_ = std::move(gone);
  if (!head.body.empty()) write_stream(request, head.body);
  run();
}

void Connection::write_stream(std::uint64_t request, std::string_view chunk) {
  if (stage_ != Stage::streaming || request != request_) return;
  if (out_.size() - out_begin_ + chunk.size() > kUnsentMax) return close();
  if (chunked_out_)
    append_chunk(out_, chunk);
  else
    out_ += chunk;
  run();
}

void Connection::end_stream(std::uint64_t request) {
  if (stage_ != Stage::streaming || request != request_) return;
  if (chunked_out_) out_ += "0\r\n\r\n";
  gone_->store(true);
  gone_.reset();
  after_answer();
  run();
}

void Connection::abandon(std::uint64_t request) {
  if (stage_ == Stage::handling && request == request_) close();
}

bool Connection::flush() {
  while (out_begin_ < out_.size()) {
    const Moved sent = stream_->write(std::string_view(out_).substr(out_begin_));
    if (sent.kind == Moved::Kind::some) {
      out_begin_ += sent.size;
      continue;
    }
    if (sent.kind != Moved::Kind::block) {
      close();
      return false;
    }
    if (out_begin_ > out_.size() / 2) out_.erase(0, std::exchange(out_begin_, 0));
    write_waits_ = true;
    write_deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(owner_.patience().write_for);
    stream_->wait(Direction::write, shared_from_this());
    return false;
  }
  out_begin_ = 0;
  out_.clear();
  if (out_.capacity() > kUnsentMax / 4) out_.shrink_to_fit();
  if (close_after_write_) linger();
  return true;
}

// Closing with unread bytes would make the peer's system throw the answer away: the end is sent, and what still comes is
// dropped until the peer closes too (RFC 9112, 9.6).
void Connection::linger() {
  close_after_write_ = false;
  stream_->finish();
  set_deadline(owner_.patience().linger_for);
}

void Connection::check_deadline(Instant now) {
  if (stage_ == Stage::closed) return;
  if (write_waits_) {
    if (now >= write_deadline_) close();
    return;
  }
  if (stage_ == Stage::handling || stage_ == Stage::streaming) return;
  const ListenerPatience& patience = owner_.patience();
  bool late = now >= deadline_;
  if (stage_ == Stage::body && now - request_start_ > std::chrono::milliseconds(patience.slow_after)) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - request_start_).count();
    late = late || static_cast<std::int64_t>(request_bytes_) * 1000 < patience.bytes_per_second * elapsed;
  }
  if (!late) return;
  const bool cut = stage_ == Stage::body || (stage_ == Stage::head && request_begun_);
  if (cut) return fail(408, "the request did not come in time");
  close();
}

void Connection::end_soon() {
  const auto self = shared_from_this();
  head_.keep_alive = false;
  switch (stage_) {
    case Stage::handshake:
    case Stage::body: return close();
    case Stage::head:
      if (!write_waits_) return close();
      stage_ = Stage::lingering;
      close_after_write_ = true;
      return;
    case Stage::streaming: return end_stream(request_);
    case Stage::handling:
    case Stage::lingering:
    case Stage::closed: return;
  }
}

void Connection::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  if (gone_) gone_->store(true);
  stream_->close();
  owner_.closed(id_);
}

}  // namespace ieum::net
