// Search index: makes runs findable, behind them and in slices: whom a run is about, what manifests and recipes mark `search`, and the
// texts of its trigger and steps. A run is indexed when it has begun, and once more when it has ended.
//
// Works on an executor of its own with its own reader; it gives way while the writer is busy, and at most so long. How far it is lies in
// the store with what it wrote: after a crash it goes on there, and looks again at what lived when it was indexed.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "runtime/context.hpp"

namespace ieum::runtime {

class SearchIndex : public std::enable_shared_from_this<SearchIndex> {
 public:
  // Null executor: nothing is indexed.
  SearchIndex(Context& context, Executor* executor) : context_(context), executor_(executor) {}

  // cause: what the former process noted before it ended, or "". An event that it read for the index then is left out of it for good.
  void start(std::string_view cause);  // [engine]
  void heard(const RunNews& news);     // [engine]
  void stop();                         // no more slices are begun; `executor` may still run one [engine]
  void leave() { stopped_ = true; }    // what is still queued does nothing: the hub goes
  // Runs that are not indexed yet. [any-thread]
  [[nodiscard]] Result<std::int64_t> behind(store::Reader& reader) const;
  [[nodiscard]] bool idle() const { return !busy_; }

  // Identities of a person that runs can be found by.
  static std::set<std::string> names(const Live& live, const host::Registry& connectors);

 private:
  void read_left_out(Id noted);
  void wake();
  void slice();
  enum class Next { at_once, after_a_rest, when_heard };
  bool leave_young(std::vector<store::RunRow>& runs) const;
  // again: those of the docs that were indexed before. next: when another slice is due.
  void submit(std::vector<store::SearchDoc> docs, std::vector<Id> again, Id cursor, Next next);
  void failed(const std::vector<Id>& again);  // is tried again in a while
  Result<store::SearchDoc> document(const store::RunRow& run);

  Context& context_;
  Executor* executor_;
  std::unique_ptr<store::Reader> reader_;  // [executor]
  std::atomic<Id> cursor_ = 0;             // runs up to it have been indexed
  std::atomic<Id> read_ = 0;               // up to it they were read to be indexed: what ends now is looked at again
  std::atomic<bool> busy_ = false, heard_more_ = false, stopped_ = false;
  std::mutex mutex_;
  std::set<Id> ended_;     // indexed before, ended since
  int put_off_ = 0;        // slices that gave way to the writer [executor]
  std::set<Id> left_out_;  // events that ended a process when they were read for the index; in the store [executor]
};

// What began a run: the event, or its data as JSON where nothing else of it is asked for; neither when it is gone.
struct TriggerText {
  const host::HubEvent* event = nullptr;
  std::string_view json;
};

// The text and fields of a run.
store::SearchDoc search_document(const store::RunRow& run, const recipe::Recipe* recipe, const host::Manifest* manifest,
                                 const TriggerText& trigger_text, const std::vector<store::IdentityRow>& identities,
                                 const std::string& traits, const std::vector<store::StepRow>& steps,
                                 ZoneSource* zones);

}  // namespace ieum::runtime
