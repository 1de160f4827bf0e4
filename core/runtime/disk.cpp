#include "runtime/disk.hpp"

#include <algorithm>

#include "runtime/retention.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kEvery = kSecond;         // real time
constexpr int kPressEvery = 60;            // looks
constexpr std::int64_t kPressGrown = 100;  // or when it grew by this part of what it is to stay below
constexpr Millis kWrittenEvery = kHour;    // of the hub's time
constexpr const char* kHistory = "disk.history";

Value or_null(const std::optional<std::int64_t>& value) { return value ? Value(*value) : Value(); }
Value or_null(std::int64_t bytes) { return bytes < 0 ? Value() : Value(bytes); }

// What the store may still grow by, before deliveries are refused.
std::int64_t room_bytes(const store::Space& space, const store::Pages& pages, const DiskMarks& marks) {
  return std::max<std::int64_t>(space.free_bytes - marks.full.of(space.total_bytes), 0) + pages.free * pages.page_bytes;
}

}  // namespace

void Disk::start() {
  if (executor_ == nullptr || !context_.parts.space) return;
  executor_->post([self = shared_from_this()] {
    self->look();
    self->arm();
  });
}

void Disk::stop() {
  stopped_ = true;
  if (executor_ != nullptr) executor_->post([self = shared_from_this()] { self->reader_.reset(); });
}

void Disk::arm() {
  if (left_ || stopped_ || !context_.parts.alarm) return;
  context_.parts.alarm(kEvery, [self = shared_from_this()] {
    self->executor_->post([self] {
      self->look();
      self->arm();
    });
  });
}

void Disk::pass() {
  if (executor_ == nullptr || !context_.parts.space || context_.parts.alarm) return;
  executor_->post([self = shared_from_this()] { self->look(); });
}

void Disk::look() {
  if (left_ || stopped_) return;
  if (!reader_) reader_ = context_.parts.store.reader();
  Look look;
  look.space = context_.parts.space();
  if (const auto pages = reader_->pages(); pages.has_value()) look.pages = *pages;
  if (const auto keeping = Retention::keeping(*reader_); keeping.has_value()) look.keep_bytes = keeping->max_bytes;
  if (context_.parts.store.log_is_held()) {
    const std::lock_guard lock(mutex_);
    look.log_held_since = last_.log_held_since.value_or(context_.now());
  }
  remember(look);
  judge(look);
}

void Disk::remember(Look& look) {
  const Millis now = context_.now();
  if (!read_) {
    if (const auto stored = reader_->meta(kHistory); stored.has_value() && *stored) history_.read(**stored);
    read_ = true;
    written_ms_ = now;
  }
  if (look.pages.all == 0) return;
  const DiskSample sample{now, look.pages.used_bytes()};
  history_.add(sample);
  look.forecast = forecast(history_.samples(), sample, room_bytes(look.space, look.pages, context_.parts.disk_marks));
  if (look.space.free_bytes < 0) look.forecast.full_ms.reset();
  if (now - written_ms_ < kWrittenEvery && now >= written_ms_) return;
  written_ms_ = now;
  context_.parts.store.submit(store::Queue::work, store::Unit{{store::PutMeta{kHistory, history_.written()}}},
                              [](const store::UnitOutcome&) {});
}

void Disk::judge(const Look& look) {
  const Room before = room_;
  const Room now = room_of(before, look.space, context_.parts.disk_marks);
  {
    const std::lock_guard lock(mutex_);
    last_ = look;
    if (now == Room::enough)
      since_ms_.reset();
    else if (now != before || !since_ms_)
      since_ms_ = context_.now();
  }
  room_ = now;
  context_.intake_closed = now == Room::full;
  auto& log = context_.parts.log;
  if (now != before) {
    const auto free = std::to_string(look.space.free_bytes), wal = std::to_string(look.space.log_bytes);
    if (now == Room::full)
      log.error("disk: there is no room left; deliveries are refused with 503 until there is, and what runs goes on",
                {{"free_bytes", free}, {"log_bytes", wal}});
    else if (now == Room::low)
      log.warning(before == Room::full ? "disk: deliveries are taken again; there is little room"
                                       : "disk: there is little room left; what may go is dropped at once",
                  {{"free_bytes", free}, {"log_bytes", wal}});
    else
      log.info("disk: there is room again", {{"free_bytes", free}});
    if (before == Room::full) links_.opened();
    until_press_ = 0;
  }
  const std::int64_t used = look.pages.used_bytes();
  const bool too_large = look.keep_bytes > 0 && used > most_used(look.keep_bytes);
  const bool grew = too_large && used > least_used_ + look.keep_bytes / kPressGrown;
  if ((now != Room::enough || too_large) && (--until_press_ < 0 || grew)) {
    until_press_ = kPressEvery;
    least_used_ = used;
    links_.press();
  }
  least_used_ = std::min(least_used_, used);
  links_.looked();
}

Value Disk::view() const {
  Look look;
  std::optional<Millis> since;
  {
    const std::lock_guard lock(mutex_);
    look = last_;
    since = since_ms_;
  }
  // Sizes as they are now, also before the first look.
  if (context_.parts.space) look.space = context_.parts.space();
  const auto& marks = context_.parts.disk_marks;
  const auto& space = look.space;
  const bool known = space.total_bytes >= 0;
  return Map{{"bytes", space.bytes},
             {"free_page_bytes", look.pages.free * look.pages.page_bytes},
             {"wal_bytes", space.log_bytes},
             {"wal_held_since_ms", or_null(look.log_held_since)},
             {"keep_bytes", look.keep_bytes == 0 ? Value() : Value(look.keep_bytes)},
             {"disk_free_bytes", or_null(space.free_bytes)},
             {"disk_bytes", or_null(space.total_bytes)},
             {"low_below_bytes", known ? Value(marks.low.of(space.total_bytes)) : Value()},
             {"full_below_bytes", known ? Value(marks.full.of(space.total_bytes)) : Value()},
             {"room", name_of(room_)},
             {"room_since_ms", or_null(since)},
             {"grows_bytes_per_day", or_null(look.forecast.bytes_per_day)},
             {"full_at_ms", or_null(look.forecast.full_ms)}};
}

}  // namespace ieum::runtime
