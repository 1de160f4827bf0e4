// Fuzz target: any bytes as requests on the public door. What is read does not depend on where the bytes were cut, no request has two
// framings, and caps hold while bytes still come.
#include "fuzz/support.hpp"
#include "net/wire_reader.hpp"

using namespace ieum::net;

namespace {
constexpr HeadCaps kCaps{200, 400, 8};
constexpr std::size_t kBodyMax = 256;
}  // namespace

// The first byte says how large the pieces are.
IEUM_FUZZ_TARGET(request, input) {
  if (input.empty()) return;
  const std::size_t piece = 1 + static_cast<unsigned char>(input.front()) % 64;
  input.remove_prefix(1);
  const std::string whole = read_in_pieces(input, std::string::npos, kCaps, kBodyMax);
  ieum::fuzz::expect(read_in_pieces(input, piece, kCaps, kBodyMax) == whole, "a cut changes nothing");
  ieum::fuzz::expect(read_in_pieces(input, 1, kCaps, kBodyMax) == whole, "single bytes change nothing");
}
