// Reads requests off a stream as a connection does, the bytes given in pieces, and tells all that was read as one text: what was read
// must not depend on where the bytes were cut. Throws where a reader breaks its own promises.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "net/wire.hpp"

namespace ieum::net {

class WireReader {
 public:
  WireReader(HeadCaps caps, std::size_t body_max) : caps_(caps), body_max_(body_max), scan_(caps) {}

  void feed(std::string_view bytes) {
    unread_.append(bytes);
    while (!over_ && step()) {}
  }
  void end() {
    if (!over_) told_ += "|cut";
  }
  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  static void promise(bool kept, const char* what) {
    if (!kept) throw std::logic_error(what);
  }

  bool stop(const std::string& why) {
    told_ += "|" + why;
    over_ = true;
    return false;
  }

  bool step() {
    if (in_body_) {
      std::size_t used = 0;
      const auto state = body_.feed(unread_, used);
      promise(used <= unread_.size(), "no more is used than was given");
      unread_.erase(0, used);
      if (state == BodyReader::State::more) return false;
      if (state != BodyReader::State::whole) return stop(state == BodyReader::State::bad ? "bad body" : "too large");
      const std::string body = body_.take();
      promise(body.size() <= body_max_, "no body is larger than its cap");
      told_ += "|" + body;
      in_body_ = false;
      return true;
    }
    const auto state = scan_.feed(unread_);
    if (state == HeadScan::State::more) {
      promise(unread_.size() <= caps_.first_line_bytes + caps_.field_bytes + 8,
              "no more of a head is kept than its caps");
      return false;
    }
    if (state == HeadScan::State::bad) return stop(std::to_string(scan_.error().status));
    promise(scan_.size() <= unread_.size(), "a head ends within what was given");
    const auto error = take_request();
    unread_.erase(0, scan_.size());
    scan_ = HeadScan(caps_);
    if (error) return stop(std::to_string(error->status) + std::string(error->what));
    in_body_ = true;
    return true;
  }

  std::optional<WireError> take_request() {
    RequestHead head;
    if (auto error = read_request_head(scan_.text(unread_), head)) return error;
    const Headers& headers = head.http.headers;
    promise(headers.count("content-length") + headers.count("transfer-encoding") <= 1, "one framing");
    promise(headers.count("host") <= 1, "one host");
    promise(head.http.target.starts_with('/') || head.http.target == "*", "the target is a path");
    told_ += "|" + head.http.method + " " + head.http.target + (head.keep_alive ? "+" : "-");
    for (const auto& [name, value] : headers.fields()) {
      promise(is_token(name) && is_field_value(value), "a header is a name and a value");
      told_ += "|" + name + "=" + value;
    }
    body_ = BodyReader(head.framing, head.length, body_max_);
    return std::nullopt;
  }

  HeadCaps caps_;
  std::size_t body_max_;
  std::string unread_;
  std::string told_;
  bool in_body_ = false;
  bool over_ = false;
  HeadScan scan_;
  BodyReader body_;
};

inline std::string read_in_pieces(std::string_view bytes, std::size_t piece, HeadCaps caps, std::size_t body_max) {
  WireReader reader(caps, body_max);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    if (piece > bytes.size() - at) break;
  }
  reader.end();
  return reader.told();
}

}  // namespace ieum::net
