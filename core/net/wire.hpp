// Wire: the listener's HTTP/1.1 framing over bytes. Private to net, pure, no I/O. It has its own strict reader since Beast's
// is laxer than we want at the public door and measured 1.6 times slower; vendors' answers are AnswerReader's.
// Where a message could be read in two ways it is refused and not repaired (RFC 9112, sections 2.2, 5, 6 and 7;
// RFC 9110, section 5.6): what one reader skips, another takes for a request.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/http.hpp"

namespace ieum::net {

struct WireError {
  int status = 400;
  std::string_view what;
};

struct HeadCaps {
  std::size_t first_line_bytes;
  std::size_t field_bytes;  // all header lines with their line ends
  std::size_t fields;
};

// Finds the end of a head as its bytes arrive, with the caps applied before anything is kept. One line before the head may
// be empty (RFC 9112, 2.2).
class HeadScan {
 public:
  enum class State { more, whole, bad };
  explicit HeadScan(HeadCaps caps) : caps_(caps) {}
  // bytes: from the message's first byte, each time with at least what was there before.
  State feed(std::string_view bytes);
  [[nodiscard]] std::size_t size() const { return line_start_; }  // when whole: with the empty line
  [[nodiscard]] std::string_view text(std::string_view bytes) const {
    return bytes.substr(start_, line_start_ - start_);
  }
  [[nodiscard]] const WireError& error() const { return error_; }

 private:
  State bad(int status, std::string_view what);
  HeadCaps caps_;
  std::size_t start_ = 0;         // of the first line
  std::size_t fields_start_ = 0;  // 0 until the first line has ended
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  std::size_t fields_ = 0;
  WireError error_;
};

enum class Framing { none, length, chunked };

struct RequestHead {
  HttpRequest http;  // without body
  Framing framing = Framing::none;
  std::uint64_t length = 0;
  bool http10 = false;
  bool keep_alive = true;
  bool continue_wanted = false;
};

// text: what HeadScan::text gave. 400 framing and grammar, 415 an encoded body, 417 an unknown expectation, 505 another version.
std::optional<WireError> read_request_head(std::string_view text, RequestHead& out);

// Takes a body as its bytes arrive. The cap is applied before bytes are kept.
class BodyReader {
 public:
  enum class State { more, whole, bad, too_large };
  BodyReader() = default;
  BodyReader(Framing framing, std::uint64_t length, std::size_t body_max);
  State feed(std::string_view bytes, std::size_t& used);
  [[nodiscard]] std::string take() { return std::move(body_); }

 private:
  enum class Part {
    size,
    extension,
    size_end,
    data,
    data_return,
    data_end,
    trailer_start,
    trailer,
    trailer_end,
    last_end
  };
  State feed_chunked(std::string_view bytes, std::size_t& used);

  Framing framing_ = Framing::none;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  std::size_t body_max_ = 0;
  Part part_ = Part::size;
  int digits_ = 0;
  std::size_t overhead_ = 0;  // extensions and trailers
  std::string body_;
};

bool is_token(std::string_view text);        // RFC 9110, 5.6.2
bool is_field_value(std::string_view text);  // no control byte but a tab

// Status line, the response's own fields, framing fields, empty line. Content-Length, Transfer-Encoding and Connection of the
// response are left out: they are the connection's. length: nothing for a chunked or endless body.
struct Answering {
  bool http10 = false;
  bool keep_alive = true;
  bool chunked = false;
  std::optional<std::size_t> length;
};
void append_response_head(std::string& out, const HttpResponse& response, const Answering& how);
void append_chunk(std::string& out, std::string_view data);  // an empty one would end the body: nothing is written

}  // namespace ieum::net
