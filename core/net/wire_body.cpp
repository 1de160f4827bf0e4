#include <algorithm>

#include "net/wire.hpp"

namespace ieum::net {
namespace {

constexpr std::size_t kOverheadBytesMax = 16 * 1024;  // chunk extensions and trailers of one body

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

BodyReader::BodyReader(Framing framing, std::uint64_t length, std::size_t body_max)
    : framing_(framing), left_(framing == Framing::length ? length : 0), body_max_(body_max) {
  if (framing == Framing::length && length <= body_max) body_.reserve(std::min<std::uint64_t>(length, 64 * 1024));
}

BodyReader::State BodyReader::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  switch (framing_) {
    case Framing::none: return State::whole;
    case Framing::length: {
      if (left_ > body_max_ - body_.size()) return State::too_large;
      used = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body_.append(bytes.substr(0, used));
      left_ -= used;
      return left_ == 0 ? State::whole : State::more;
    }
    case Framing::chunked: return feed_chunked(bytes, used);
  }
  return State::bad;
}

BodyReader::State BodyReader::feed_chunked(std::string_view bytes, std::size_t& used) {
  while (used < bytes.size()) {
    if (part_ == Part::data) {
      const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - used));
      body_.append(bytes.substr(used, part));
      used += part;
      left_ -= part;
      if (left_ == 0) part_ = Part::data_return;
      continue;
    }
    const char c = bytes[used++];
    switch (part_) {
      case Part::size: {
        const int digit = hex_digit(c);
        if (digit >= 0) {
          if (++digits_ > 15) return State::bad;
          left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
          break;
        }
        if (digits_ == 0) return State::bad;
        if (left_ > body_max_ - body_.size()) return State::too_large;
        if (c != '\r' && c != ';') return State::bad;
        part_ = c == '\r' ? Part::size_end : Part::extension;
        break;
      }
      case Part::extension:
        if (c == '\r')
          part_ = Part::size_end;
        else if (is_control(c) || ++overhead_ > kOverheadBytesMax)
          return State::bad;
        break;
      case Part::size_end:
        if (c != '\n') return State::bad;
        part_ = left_ > 0 ? Part::data : Part::trailer_start;
        digits_ = 0;
        break;
      case Part::data: break;
      case Part::data_return:
        if (c != '\r') return State::bad;
        part_ = Part::data_end;
        break;
      case Part::data_end:
        if (c != '\n') return State::bad;
        part_ = Part::size;
        break;
      case Part::trailer_start:
        if (c == '\r')
          part_ = Part::last_end;
        else if (!is_token({&c, 1}) || ++overhead_ > kOverheadBytesMax)
          return State::bad;
        else
          part_ = Part::trailer;
        break;
      case Part::trailer:  // dropped unread: nothing that a trailer says is trusted
        if (c == '\r')
          part_ = Part::trailer_end;
        else if (is_control(c) || ++overhead_ > kOverheadBytesMax)
          return State::bad;
        break;
      case Part::trailer_end:
        if (c != '\n') return State::bad;
        part_ = Part::trailer_start;
        break;
      case Part::last_end: return c == '\n' ? State::whole : State::bad;
    }
  }
  return State::more;
}

}  // namespace ieum::net
