// Fuzz target: any bytes as a vendor's answer. What is read does not depend on where the bytes were cut, headers are clean, caps hold.
#include "base/limits.hpp"
#include "fuzz/support.hpp"
#include "net/answer_reader.hpp"
#include "net/wire.hpp"

using namespace ieum;
using namespace ieum::net;

namespace {

constexpr std::size_t kBodyMax = 256;

std::string told(AnswerReader& reader, std::string_view method, std::string_view bytes, std::size_t piece) {
  using State = AnswerReader::State;
  reader.begin(method, kBodyMax);
  State state = State::more;
  std::size_t taken = 0, given = 0;
  while (state == State::more && given < bytes.size()) {
    given = piece < bytes.size() - given ? given + piece : bytes.size();
    const std::string unread(bytes.substr(taken, given - taken));  // its own memory: reading past it is found
    std::size_t used = 0;
    state = reader.feed(unread, used);
    fuzz::expect(used <= unread.size(), "no more is used than was given");
    fuzz::expect(state != State::more || unread.size() - used <= limits::kResponseHeaderBytes, "little is left unread");
    taken += used;
  }
  const bool ended = state == State::more;
  if (ended) state = reader.end();
  if (state != State::whole) return "refused: " + std::string(reader.error());
  std::string text = (reader.keep_alive() ? "kept " : "closed ") + std::string(ended ? "at its end " : "");
  const HttpResponse answer = reader.take();
  fuzz::expect(answer.status >= 200 && answer.status <= 999, "an interim answer is none");
  fuzz::expect(answer.body.size() <= kBodyMax, "no body is larger than its cap");
  text += std::to_string(answer.status);
  for (const auto& [name, value] : answer.headers.fields()) {
    fuzz::expect(!name.empty() && is_field_value(name) && is_field_value(value), "a header holds no control byte");
    text += "|" + name + "=" + value;
  }
  return text + "|" + answer.body + "|" + std::string(bytes.substr(taken));
}

}  // namespace

// The first byte says how large the pieces are, and whether a HEAD was sent.
IEUM_FUZZ_TARGET(answer, input) {
  if (input.empty()) return;
  const auto first = static_cast<unsigned char>(input.front());
  const std::string_view method = first >= 0x80 ? "HEAD" : "GET";
  input.remove_prefix(1);
  AnswerReader reader;
  const std::string whole = told(reader, method, input, std::string::npos);
  // What is unread is copied for each piece: small pieces of a large input would take most of the time.
  fuzz::expect(told(reader, method, input, 1 + first % 64 + input.size() / 64) == whole, "a cut changes nothing");
  if (input.size() <= 256) fuzz::expect(told(reader, method, input, 1) == whole, "single bytes change nothing");
}
