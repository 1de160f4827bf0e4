// A file that is not as it was written: the write-ahead log cut or changed anywhere leads back to a commit; a changed bit or a lost
// page of the file itself is noticed before anything is made of it.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "base/random.hpp"
#include "store/damage.hpp"
#include "store/fixture.hpp"
#include "store/sqlite.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace counts = ieum::test::counts;

namespace {

constexpr Id kMany = 60;
constexpr std::size_t kPage = 4096, kLogHead = 32, kFrame = kPage + 24;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put_bytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// A run of one step for each id; each stage is a commit of its own.
std::vector<Write> stage_of(Id id, int stage) {
  if (stage == 0) return {accept(id, "key-" + std::to_string(id))};
  if (stage == 1) return {SettleEvent{id, EventState::fresh, EventState::routed, ""}, start(id), open_step(id, id)};
  return {close_step(id), move(id, 1, RunState::finished)};
}
constexpr int kStages = 3;

void live(Store& store, Id first, Id last) {
  for (Id id = first; id <= last; ++id) {
    for (int stage = 0; stage < kStages; ++stage)
      BOOST_REQUIRE((store.submit_and_wait(Queue::work, {stage_of(id, stage)}).kind == UnitOutcome::Kind::committed));
  }
}

// How many of the commits are there; fails when they are not the first ones, each wholly.
int commits_of(Reader& reader, Id last) {
  int commits = 0;
  bool over = false;
  for (Id id = 1; id <= last; ++id) {
    const auto event = got(reader.event(id));
    const auto run = got(reader.run(id));
    const auto steps = got(reader.steps(id));
    const int stages = !event ? 0 : !run ? 1 : run->state == RunState::finished ? 3 : 2;
    BOOST_TEST((stages == 0 || !over), "event " << id << " is there, and one before it is not");
    BOOST_TEST((!event || (event->event.state == EventState::routed) == run.has_value()));
    BOOST_TEST(steps.size() == (run ? 1u : 0u));
    if (run) BOOST_TEST((steps[0].state == StepState::done) == (stages == 3));
    commits += stages;
    over = stages < kStages;
  }
  return commits;
}

// The file and its log as a crash leaves them, with what is only in the log.
struct Crashed {
  Crashed() {
    Folder folder;
    const auto store = open_or_fail(options(folder.file(), Mode::inline_file));
    live(*store, 1, kRuns);
    file = bytes_of(folder.file());
    log = bytes_of(folder.file("hub.db-wal"));
  }
  static constexpr Id kRuns = 6;
  std::string file, log;
};

// Opens what is there: how many commits.
int take_up(const std::string& file, const std::string& log, Id runs) {
  Folder folder;
  put_bytes(folder.file(), file);
  put_bytes(folder.file("hub.db-wal"), log);
  int commits = 0;
  {
    const auto store = open_or_fail(options(folder.file(), Mode::inline_file));
    commits = commits_of(*store->reader(), runs);
    live(*store, 100, 101);  // and it goes on
    store->close();
  }
  BOOST_TEST(faults_of(folder.file()) == "");
  return commits;
}

// A store that was closed: all is in the file.
std::string closed_file() {
  Folder folder;
  const auto store = open_or_fail(options(folder.file(), Mode::inline_file));
  live(*store, 1, kMany);
  store->close();
  return bytes_of(folder.file());
}

// Half of them lose a page, to zeros or to chance; the others a bit.
std::string damaged(std::string file, std::uint64_t seed) {
  SeededRandom random(seed);
  const std::size_t at = random.next() % file.size(), page = at / kPage * kPage;
  switch (seed % 4) {
    case 0: file.replace(page, kPage, kPage, '\0'); break;
    case 1: file.replace(page, kPage, random.bytes(kPage)); break;
    default: file[at] = static_cast<char>(file[at] ^ (1 << (random.next() % 8)));
  }
  return file;
}

// What a hub's start and its work are decided by, as a text; where it cannot be read, why.
std::string states_of(const std::string& file) {
  Folder folder;
  put_bytes(folder.file(), file);
  const auto database = got(Database::open(folder.file(), "", Database::Role::reader));
  std::string text;
  for (const char* sql : {"SELECT id, state, due_ms, recipe, trigger_event FROM run WHERE id <= 60 ORDER BY id",
                          "SELECT id, state, 0, 0, 0 FROM event WHERE id <= 60 ORDER BY id"}) {
    auto rows = database->prepare(sql);
    while (rows && rows->step() == SQLITE_ROW) {
      Columns columns = rows->columns();
      for (int i = 0; i < 5; ++i) text += std::to_string(columns.optional_integer().value_or(0)) + " ";
    }
  }
  return text;
}

struct Met {
  std::string refused;  // why it did not start
  int broken = 0;       // how often it was told that the store cannot go on
};

// Starts on what is there, reads all of it, and goes on writing.
Met live_on(const Folder& folder) {
  Met met;
  StoreOptions made = options(folder.file(), Mode::inline_file);
  made.on_broken = [&](const Error& error) {
    ++met.broken;
    BOOST_TEST(error.mend.find("ieum restore FILE --data ") != std::string::npos, error.text());
  };
  NullLog log;
  const auto store = open_store(made, log);
  if (store.has_error()) {
    met.refused = store.error().text();
    BOOST_TEST(store.error().mend.find("ieum restore FILE --data ") != std::string::npos, met.refused);
    return met;
  }
  const auto reader = (*store)->reader();
  for (Id id = 1; id <= kMany; ++id) {
    static_cast<void>(reader->event(id));
    static_cast<void>(reader->run(id));
    static_cast<void>(reader->steps(id));
  }
  for (Id id = 1'001; id <= 1'004; ++id)
    for (int stage = 0; stage < kStages; ++stage) (*store)->submit_and_wait(Queue::work, {stage_of(id, stage)});
  return met;
}

void refuses_to_start(const Folder& folder) {
  if (check_file(folder.file(), "").has_value()) return;  // in a page that is of no more use
  const std::string file = bytes_of(folder.file());
  NullLog log;
  const auto store = open_store(options(folder.file(), Mode::thread), log);
  BOOST_REQUIRE(store.has_error());
  BOOST_TEST((store.error().code == "store_damaged" || store.error().code == "store_unreadable"), store.error().text());
  BOOST_TEST(store.error().mend.find("ieum restore FILE --data ") != std::string::npos);
  BOOST_TEST((bytes_of(folder.file()) == file));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_damage)

BOOST_AUTO_TEST_CASE(STO_08_a_log_cut_at_any_frame_leads_back_to_a_commit) {
  const Crashed crashed;
  const std::size_t frames = (crashed.log.size() - kLogHead) / kFrame;
  BOOST_REQUIRE(frames > 20u);
  SeededRandom random(1);
  int before = 0;
  for (std::size_t frame = 0; frame <= frames; ++frame) {
    const std::size_t at = kLogHead + frame * kFrame;
    // At the boundary, and somewhere in the frame that follows.
    for (const std::size_t cut : {at, std::min(crashed.log.size(), at + 1 + random.next() % (kFrame - 1))}) {
      BOOST_TEST_CONTEXT("cut at byte " << cut << ", frame " << frame) {
        const int commits = take_up(crashed.file, crashed.log.substr(0, cut), Crashed::kRuns);
        BOOST_TEST(commits >= before);
        before = commits;
      }
    }
  }
  BOOST_TEST(before == static_cast<int>(Crashed::kRuns) * kStages);
}

BOOST_AUTO_TEST_CASE(STO_08_a_changed_bit_in_the_log_leads_back_to_a_commit) {
  const Crashed crashed;
  for (int seed = 1; seed <= counts::kDamageSeeds.now(); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      SeededRandom random(static_cast<std::uint64_t>(seed));
      const std::size_t at = random.next() % crashed.log.size();
      std::string log = crashed.log;
      log[at] = static_cast<char>(log[at] ^ (1 << (random.next() % 8)));
      const int commits = take_up(crashed.file, log, Crashed::kRuns);
      BOOST_TEST(commits <= static_cast<int>(Crashed::kRuns) * kStages);
    }
  }
}

// Damage that is met ends the hub once, with a note; the next start looks at every page, refuses before it writes, and says what to do.
// What SQLite does not see (it keeps no sums of its pages: a changed bit within a text is a text) has changed no state.
BOOST_AUTO_TEST_CASE(STO_08_a_lost_page_or_a_changed_bit_is_noticed_or_changes_no_state) {
  const std::string whole = closed_file();
  const std::string before = states_of(whole);
  int noticed = 0;
  for (int seed = 1; seed <= counts::kDamageSeeds.now(); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Folder folder;
      put_bytes(folder.file(), damaged(whole, static_cast<std::uint64_t>(seed)));
      const Met met = live_on(folder);
      if (!met.refused.empty() || met.broken > 0) {
        ++noticed;
        BOOST_TEST(met.broken <= 1);
        refuses_to_start(folder);
      } else if (faults_of(folder.file()).empty()) {
        BOOST_TEST(states_of(bytes_of(folder.file())) == before);
      } else {
        ++noticed;  // by whoever looks: a backup, or the check at a start
        BOOST_TEST(check_file(folder.file(), "").has_error());
      }
    }
  }
  BOOST_TEST(noticed > counts::kDamageSeeds.now() / 3);
}

BOOST_AUTO_TEST_CASE(STO_08_a_note_of_damage_without_its_file_stops_nobody_who_begins_anew) {
  Folder folder;
  note_damage(folder.file(), "of a file that was moved away");
  open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(!std::filesystem::exists(folder.file() + ".damaged"));
}

BOOST_AUTO_TEST_CASE(STO_08_a_note_of_damage_goes_when_the_file_is_sound) {
  Folder folder;
  put_bytes(folder.file(), closed_file());
  note_damage(folder.file(), "seen by mistake");
  open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(!std::filesystem::exists(folder.file() + ".damaged"));
}

// SQLite's own look does not see into it. Who writes into it stops, who asks it is told; without being made anew it would be so after
// each start.
BOOST_AUTO_TEST_CASE(STO_08_a_damaged_search_index_is_made_anew_at_the_next_start) {
  for (const char* damage :
       {"UPDATE search_text_data SET block = x'0000'", "DELETE FROM search_text_data WHERE id = 10",
        "UPDATE search_text_data SET block = x'ffffffffff' WHERE id > 10",
        // Of an empty index, while its rows are there: what is written next stands in their way.
        "UPDATE search_text_data SET block = x'00000000000000' WHERE id = 10",
        "UPDATE search_text_config SET v = 3 WHERE k = 'version'"}) {
    BOOST_TEST_CONTEXT(damage) {
      Folder folder;
      RunFilter filter;
      filter.texts = {"바구니"};
      // The later one first, as those that ended are behind those that began.
      const auto index = [](Store& store, const char* first, const char* second) {
        return store
            .submit_and_wait(Queue::work, {{index_run(2, second, {}, false), index_run(1, first, {}, false),
                                            PutMeta{kSearchCursor, "1"}}})
            .kind;
      };
      {
        const auto store = open_or_fail(options(folder.file(), Mode::thread));
        live(*store, 1, 2);
        BOOST_TEST((index(*store, "장바구니", "바구니 둘") == UnitOutcome::Kind::committed));
      }
      {
        const auto database = *Database::open(folder.file(), "", Database::Role::writer);
        sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        BOOST_REQUIRE(database->exec(damage) == SQLITE_OK);
      }
      BOOST_TEST(check_file(folder.file(), "").has_value());
      std::string stopped, told;
      {
        auto made = options(folder.file(), Mode::thread);
        made.on_broken = [&](const Error& error) { stopped = error.mend; };
        const auto store = open_or_fail(std::move(made));
        if (const auto page = store->reader()->runs(filter); page.has_error()) told = page.error().mend;
        BOOST_TEST(stopped.empty());
        if (index(*store, "주문", "주문 둘") == UnitOutcome::Kind::failed) told = stopped;
      }
      BOOST_TEST(told == "start the hub again: it makes the index anew");
      const auto store = open_or_fail(options(folder.file(), Mode::thread));
      BOOST_TEST(!std::filesystem::exists(folder.file() + ".damaged"));
      const auto reader = store->reader();
      BOOST_TEST(!got(reader->meta(kSearchCursor)).has_value());
      BOOST_TEST(got(reader->event(1)).has_value());
      BOOST_TEST((index(*store, "장바구니", "주문") == UnitOutcome::Kind::committed));
      BOOST_TEST((index(*store, "장바구니", "주문 둘") == UnitOutcome::Kind::committed));
      BOOST_TEST(got(reader->runs(filter)).rows.size() == 1u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
