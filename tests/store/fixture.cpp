#include "store/fixture.hpp"

#include <stdlib.h>
#include <unistd.h>

#include "store/search_grams.hpp"

namespace ieum::store::test {

Folder::Folder() {
  // In memory where there is such a place: what a real disk adds is seen end to end.
  const std::filesystem::path memory = "/dev/shm";
  const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
  std::string name = ((has_memory ? memory : std::filesystem::temp_directory_path()) / "ieum-store-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::ostream& operator<<(std::ostream& out, Mode mode) {
  switch (mode) {
    case Mode::thread: return out << "thread";
    case Mode::inline_file: return out << "inline_file";
    case Mode::memory: return out << "memory";
  }
  return out;
}

StoreOptions options(const std::string& path, Mode mode) {
  StoreOptions options;
  options.path = mode == Mode::memory ? ":memory:" : path;
  options.inline_writer = mode != Mode::thread;
  return options;
}

std::unique_ptr<Store> open_or_fail(StoreOptions options) {
  static NullLog log;
  return got(open_store(std::move(options), log));
}

Opened::Opened(Mode mode) : store(open_or_fail(options(folder.file(), mode))), reader(store->reader()) {}

UnitOutcome Opened::put(std::vector<Write> writes) const {
  return store->submit_and_wait(Queue::work, {std::move(writes)});
}

void Opened::must(std::vector<Write> writes) const {
  const UnitOutcome outcome = put(std::move(writes));
  BOOST_REQUIRE_MESSAGE(outcome.kind == UnitOutcome::Kind::committed,
                        (outcome.error ? outcome.error->text() : "stale or duplicate"));
}

AcceptEvent accept(Id id, const std::string& dedupe_key, Millis at, Id connection) {
  return {{id, connection, "orders/create", at, EventState::fresh, ""},
          {"POST", "/hooks/shop", R"({"x-topic":"orders/create"})", R"({"이름":"김이음"})"},
          dedupe_key};
}

StartRun start(Id id, Id recipe, Id customer, const std::string& key) {
  StartRun write;
  write.run.id = id;
  write.run.recipe = recipe;
  write.run.version = recipe;
  write.run.customer = customer;
  write.run.key = key;
  write.run.lease_epoch = 1;
  write.run.at_step = "0";
  write.run.due_ms = kNoon;
  write.run.trigger_event = 1;
  write.run.started_ms = kNoon;
  return write;
}

MoveRun move(Id run, std::int64_t rev, RunState to, std::optional<Millis> due) {
  MoveRun write;
  write.run = run;
  write.expected_rev = rev;
  write.expected_epoch = 1;
  write.lease_epoch = 1;
  write.state = to;
  write.at_step = "1";
  write.due_ms = due;
  if (is_terminal(to)) write.ended_ms = kNoon + 5;
  return write;
}

OpenStep open_step(Id id, Id run) {
  OpenStep write;
  write.step.id = id;
  write.step.run = run;
  write.step.step = "push";
  write.step.key = "0123456789abcdef0123456789abcdef";
  write.step.connection = 2;
  write.step.operation = "slack.message.post";
  write.step.inputs = R"({"text":"안녕하세요"})";
  write.step.opened_ms = kNoon;
  return write;
}

MoveStep close_step(Id step, StepState to) {
  MoveStep write;
  write.step = step;
  write.to = to;
  write.attempt = 1;
  write.exchange = R"([{"request":{},"answer":{"status":200}}])";
  write.output = R"({"ok":true})";
  write.closed_ms = kNoon + 3;
  return write;
}

AddCustomer add_customer(Id id) { return {{id, 1, kNoon, ""}}; }

IndexRun index_run(Id run, const std::string& text, std::vector<std::pair<std::string, std::string>> fields,
                   bool lives) {
  return {{run, text, std::move(fields), lives, search_grams(text)}};
}

}  // namespace ieum::store::test
