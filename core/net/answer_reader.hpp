// AnswerReader: a vendor's HTTP/1.1 answer as its bytes arrive, read by Beast's parser. Pure, no I/O. Interim answers (1xx)
// are passed over, trailers are dropped. Caps are applied before bytes are kept. The result does not depend on where the
// bytes were cut. Beast is given a head only when it is whole, and what Beast lets pass though it could be read in two ways
// is refused here. Reads one answer; begin() makes it ready for the next.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/http.hpp"

namespace ieum::net {

class AnswerReader {
 public:
  enum class State { more, whole, bad, too_large };
  AnswerReader();
  ~AnswerReader();
  // `method` is the request's: an answer to HEAD has no body.
  void begin(std::string_view method, std::size_t body_bytes_max);
  // Takes what it can use of bytes, each time what follows the bytes taken before; `used` says how many that were. After
  // more, at most limits::kResponseHeaderBytes are left. Not to be called again after another state.
  State feed(std::string_view bytes, std::size_t& used);
  // The peer will send no more: whole or bad.
  State end();
  [[nodiscard]] std::string_view error() const { return error_; }  // bad, too_large: what is wrong, for a person
  // Once, when whole.
  HttpResponse take();
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }  // when whole

 private:
  struct Parser;
  void expect_head();
  State feed_head(std::string_view unread, std::size_t& used);
  State take_head();
  State feed_body(std::string_view unread, std::size_t& used);
  State bad(std::string what);
  State too_large(std::string what);

  std::unique_ptr<Parser> parser_;
  HttpResponse answer_;  // without body
  bool head_method_ = false;
  bool keep_alive_ = false;
  bool in_body_ = false;
  bool body_begun_ = false;
  std::size_t scanned_ = 0;  // of an unread head
  std::size_t body_bytes_max_ = 0;
  std::string error_;
};

}  // namespace ieum::net
