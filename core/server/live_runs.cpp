#include "server/live_runs.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "server/answers.hpp"
#include "server/run_view.hpp"

namespace ieum::server {

LiveRuns::LiveRuns(runtime::Hub& hub, net::Io& io, runtime::Executor& admin, std::function<store::Reader&()> reader)
    : hub_(hub), io_(io), admin_(admin), reader_(std::move(reader)) {}

void LiveRuns::start() {
  handle_ = hub_.subscribe([weak = weak_from_this()](const runtime::RunNews& news) {
    if (const auto self = weak.lock()) self->heard(news);
  });
}

void LiveRuns::end() {
  if (handle_ != 0) hub_.unsubscribe(handle_);
  handle_ = 0;
  std::vector<Watcher> leaving;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    leaving.swap(watchers_);
    watching_ = 0;
  }
  for (const auto& watcher : leaving) watcher.stream->close();
}

std::vector<LiveRuns::Watcher> LiveRuns::take_gone() {
  const auto left = std::stable_partition(watchers_.begin(), watchers_.end(),
                                          [](const Watcher& watcher) { return !watcher.stream->gone(); });
  std::vector<Watcher> gone(std::make_move_iterator(left), std::make_move_iterator(watchers_.end()));
  watchers_.erase(left, watchers_.end());
  watching_ -= gone.size();
  return gone;
}

void LiveRuns::add(net::Responder& responder, std::function<bool()> allowed) {
  bool full = false;
  bool first = false;
  std::vector<Watcher> gone;
  {
    const std::lock_guard lock(mutex_);
    gone = take_gone();
    full = ended_ || watching_ >= kStreamsMax;
    if (!full) {
      ++watching_;
      first = !std::exchange(beating_, true);
    }
  }
  if (full) {
    auto answer = error_answer(503, Error("too_busy", "too many are watching already", "close another console"));
    add_browser_rules(answer);
    return responder.send(std::move(answer));
  }
  HttpResponse head;
  head.headers.add("Content-Type", "text/event-stream");
  add_browser_rules(head);
  head.body = "retry: 2000\n\n";
  Watcher watcher{responder.stream(std::move(head)), std::move(allowed)};
  std::shared_ptr<net::ResponseStream> late;
  {
    const std::lock_guard lock(mutex_);
    if (ended_)
      late = watcher.stream;
    else
      watchers_.push_back(std::move(watcher));
  }
  if (late) late->close();
  if (first)
    io_.after(kBeatFor, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->beat();
    });
}

void LiveRuns::heard(const runtime::RunNews& news) {
  if (watching_ == 0) return;
  {
    const std::lock_guard lock(mutex_);
    if (std::find(moved_.begin(), moved_.end(), news.run) != moved_.end()) return;
    if (moved_.size() >= kNewsMax) {
      missed_ = true;
      return;
    }
    moved_.push_back(news.run);
    if (moved_.size() > 1) return;  // tell() is on its way
  }
  admin_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tell();
  });
}

void LiveRuns::tell() {
  std::vector<Id> moved;
  bool missed = false;
  {
    const std::lock_guard lock(mutex_);
    moved.swap(moved_);
    missed = std::exchange(missed_, false);
    if (ended_) return;
  }
  auto& reader = reader_();
  const auto names = recipe_names(reader);
  std::string text;
  for (const Id id : moved) {
    const auto row = reader.run(id);
    if (row.has_error() || !*row) continue;
    const auto listed = run_listed(**row, names, reader);
    if (listed.has_value()) text += "event: run\ndata: " + write_json(*listed) + "\n\n";
  }
  if (missed) text += "event: missed\ndata: {}\n\n";
  if (!text.empty()) send(text);
}

void LiveRuns::send(const std::string& text) {
  std::vector<Watcher> watchers;
  {
    const std::lock_guard lock(mutex_);
    watchers = watchers_;
  }
  for (const auto& watcher : watchers) {
    if (watcher.stream->gone()) continue;
    if (watcher.allowed())
      watcher.stream->write(text);
    else
      watcher.stream->close();
  }
}

void LiveRuns::beat() {
  send(": still here\n\n");
  std::vector<Watcher> gone;
  {
    const std::lock_guard lock(mutex_);
    gone = take_gone();
    beating_ = watching_ > 0 && !ended_;
    if (!beating_) return;
  }
  io_.after(kBeatFor, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->beat();
  });
}

}  // namespace ieum::server
