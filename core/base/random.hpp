// Random: chance as an argument. Keys, tokens, nonces and jitter ask it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace ieum {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(void* out, std::size_t size) = 0;  // [any-thread]
  std::uint64_t next();                                // 64 uniform bits
  double unit();                                       // [0, 1)
  std::string bytes(std::size_t size);
};

// The operating system's generator (getrandom). The only one used for keys and tokens.
class SystemRandom final : public Random {
 public:
  void fill(void* out, std::size_t size) override;
};

// Reproducible from a seed: tests, trials, the simulator. Not for secrets. One thread.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(void* out, std::size_t size) override;

 private:
  std::uint64_t state_;
};

}  // namespace ieum
