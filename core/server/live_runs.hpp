// Live runs: the hub's news of runs as server-sent events, for whoever looks on.
//
// News only says which run moved; its row is read on the admin executor, several at a time, and sent as the list shows it.
// With nobody looking it costs one comparison. A stream ends when its client leaves, falls a megabyte behind, or its session
// ends. Streams are kept by mutex; nothing is written to them under it.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/io.hpp"
#include "net/listener.hpp"
#include "runtime/executor.hpp"
#include "runtime/hub.hpp"
#include "store/reader.hpp"

namespace ieum::server {

class LiveRuns : public std::enable_shared_from_this<LiveRuns> {
 public:
  static constexpr std::size_t kStreamsMax = 32;
  static constexpr Millis kBeatFor = 15 * kSecond;  // real time
  static constexpr std::size_t kNewsMax =
      500;  // runs told at once; when more moved, "missed" says that some were left out

  // `reader` gives the reader of the admin executor; called there, while the Api lives.
  LiveRuns(runtime::Hub& hub, net::Io& io, runtime::Executor& admin, std::function<store::Reader&()> reader);

  void start();
  // No news after this returns; open streams end. [any-thread but the engine]
  void end();
  // Answers with a stream, or 503 when there are too many. `allowed` is asked before each write. [any-thread]
  void add(net::Responder& responder, std::function<bool()> allowed);

 private:
  struct Watcher {
    std::shared_ptr<net::ResponseStream> stream;
    std::function<bool()> allowed;
  };
  void heard(const runtime::RunNews& news);  // [engine]
  void tell();                               // [admin]
  void beat();                               // [io thread]
  void send(const std::string& text);
  std::vector<Watcher> take_gone();  // with mutex_ held; what it gives must die without

  runtime::Hub& hub_;
  net::Io& io_;
  runtime::Executor& admin_;
  const std::function<store::Reader&()> reader_;
  std::uint64_t handle_ = 0;
  std::atomic<std::size_t> watching_{0};
  std::mutex mutex_;
  std::vector<Watcher> watchers_;
  std::vector<Id> moved_;
  bool missed_ = false;
  bool beating_ = false;
  bool ended_ = false;
};

}  // namespace ieum::server
