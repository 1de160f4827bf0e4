// The only caller of the operating system's generator.
#include <sys/random.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/random.hpp"

namespace ieum {

void SystemRandom::fill(void* out, std::size_t size) {
  auto* at = static_cast<unsigned char*>(out);
  while (size > 0) {
    const ssize_t got = getrandom(at, size, 0);
    if (got < 0) {
      IEUM_ASSERT(errno == EINTR);
      continue;
    }
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace ieum
