// IntakeBudget: how much of what was sent to the hub may wait at once, from the first byte of a body until its delivery is
// routed: bytes that are in memory, and rows, whose bodies may have been left to the store. One connection gets half of what is
// free, so that a flood at one leaves room for the others.
// It counts and refuses; it holds nothing and knows no clock. Nothing of it survives a crash: what was answered is in the
// store by then. [any-thread]
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ieum::runtime {

class IntakeBudget : public std::enable_shared_from_this<IntakeBudget> {
 public:
  struct Limits {
    std::size_t bytes_max = 64u << 20;
    std::size_t rows_max = 100'000;  // some 300 bytes of memory each, once its body was left to the store
  };
  enum class Verdict { taken, connection_full, hub_full };
  // What one delivery takes of it. Gives it back when it ends, also after the hub, with work that was queued and not begun.
  class Share {
   public:
    Share(std::shared_ptr<IntakeBudget> budget, std::string connection, std::size_t bytes);
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    // The body is whole and smaller than it was announced, or it has been left to the store: 0.
    void shrink(std::size_t bytes);

   private:
    const std::shared_ptr<IntakeBudget> budget_;
    std::string connection_;
    std::size_t bytes_;
  };
  struct Asked {
    Verdict verdict = Verdict::taken;
    std::shared_ptr<Share> share;  // null unless taken
  };

  IntakeBudget() = default;
  explicit IntakeBudget(Limits limits) : limits_(limits) {}
  // Of a budget that make_shared made.
  Asked ask(const std::string& connection, std::size_t bytes);

  struct Level {
    std::size_t bytes = 0, rows = 0;
    std::size_t bytes_peak = 0, rows_peak = 0;  // the most there were
    std::int64_t refused = 0;
  };
  [[nodiscard]] Level level() const;

 private:
  struct Used {
    std::size_t bytes = 0, rows = 0;
  };
  void give_back(const std::string& connection, std::size_t bytes, std::size_t rows);

  const Limits limits_ = {};
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Used> used_;
  Level level_;
};

}  // namespace ieum::runtime
