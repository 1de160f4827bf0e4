// The connector `sheets` against the stand-in of Google, step by step and without sockets: whatever people do to a sheet
// between two polls, a new row is told exactly once, an old one never again, and a restart changes nothing.
#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "host/connector.hpp"
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

using Rows = std::vector<std::vector<std::string>>;

const host::Connector& sheets() {
  static const std::unique_ptr<host::Registry> registry = [] {
    NullLog log;
    host::LoadOptions options;
    options.directory = std::string(IEUM_BUILD_DIR) + "/connectors";
    options.check_ownership = false;
    auto loaded = host::load_connectors(options, log);
    BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded.has_error() ? loaded.error().text() : ""));
    return std::move(*loaded);
  }();
  return *registry->find("sheets");
}

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 2654435761u + 1) {}
  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % count;
  }

 private:
  std::uint64_t state_;
};

// A sheet, the people who edit it, and the hub's side of the poll: a cursor that is committed with what it told.
struct Watched : Visitor {
  std::string key_column;
  bool backfill = false;
  Value cursor;
  std::vector<std::string> header{"이름", "번호", "메모"};
  Rows rows;
  std::set<std::string> keys;
  std::size_t rounds = 0;

  void put() {
    List all;
    all.emplace_back(as_list(header));
    for (const auto& row : rows) all.emplace_back(as_list(row));
    const Reply done =
        control("/_sandbox/sheets", write_json(Map{{"spreadsheet", "s1"}, {"sheet", "주문"}, {"rows", all}}));
    BOOST_REQUIRE_MESSAGE(done.response.status == 200, done.response.body);
  }
  static Value as_list(const std::vector<std::string>& cells) {
    List list;
    for (const auto& cell : cells) list.emplace_back(cell);
    return list;
  }

  host::Effect carry_out(host::Call call) {
    host::Effect effect = sheets().step(call);
    for (int turns = 0; std::holds_alternative<host::HttpEffect>(effect); ++turns) {
      BOOST_REQUIRE(turns < 10);
      const auto& http = std::get<host::HttpEffect>(effect);
      const auto url = parse_url(http.request.target);
      Headers headers = http.request.headers;
      headers.add("Authorization", "Bearer ya29.sandbox");
      const Reply answer = reply(http.request.method, url->target, headers, http.request.body);
      call.phase = host::Phase::resume;
      call.state = http.state;
      call.outcome = Map{{"status", answer.response.status}, {"headers", Map()}};
      call.body = answer.response.body;
      effect = sheets().step(call);
    }
    return effect;
  }

  host::Call call(host::Phase phase, std::string operation, Value inputs) {
    host::Call out;
    out.phase = phase;
    out.operation = std::move(operation);
    out.inputs = std::move(inputs);
    out.connection = Map{{"base_url", "http://127.0.0.1:1"},
                         {"drive_url", "http://127.0.0.1:1"},
                         {"key_column", key_column},
                         {"backfill", backfill}};
    out.now_ms = clock.now();
    out.step_key = std::string(32, 'a');
    return out;
  }

  struct Told {
    std::vector<std::vector<std::string>> added, updated;
  };
  // Polls until nothing more is there. A restart in between has only what was committed.
  Told poll(bool crash = false) {
    Told out;
    for (bool more = true; more;) {
      clock.set(clock.now() + 30 * kSecond);
      host::Call asked = call(host::Phase::poll, "rows", Map{{"item", "s1/주문"}});
      asked.state = cursor;
      if (crash) carry_out(asked);  // answered, and the hub died before it committed
      const host::Effect effect = carry_out(asked);
      const auto* events = std::get_if<host::EventsEffect>(&effect);
      BOOST_REQUIRE_MESSAGE(events != nullptr, (events == nullptr ? std::get<host::FailEffect>(effect).message : ""));
      for (const auto& item : events->items) {
        BOOST_TEST_REQUIRE(keys.insert(item.key).second);
        std::vector<std::string> cells;
        for (const auto& name : header) cells.push_back(item.data.get("row")->text(name));
        (item.name == "row.added" ? out.added : out.updated).push_back(std::move(cells));
      }
      BOOST_TEST_REQUIRE(write_json(events->cursor).size() <= 64u * 1024);
      cursor = *parse_json(write_json(events->cursor));  // as the store keeps it
      more = events->more;
      BOOST_REQUIRE(++rounds < 100'000);
    }
    return out;
  }
};

std::multiset<std::vector<std::string>> bag(const Rows& rows) { return {rows.begin(), rows.end()}; }

// What is there now more often than before.
Rows more_of(const Rows& now, const Rows& before) {
  auto left = bag(before);
  Rows out;
  for (const auto& row : now) {
    const auto found = left.find(row);
    if (found == left.end())
      out.push_back(row);
    else
      left.erase(found);
  }
  return out;
}

// One thing that people do. `fresh` numbers new rows. Returns new rows through `added`.
void edit(Watched& sheet, Chance& chance, int& fresh, bool with_edits) {
  Rows& rows = sheet.rows;
  const auto new_row = [&] {
    ++fresh;
    return std::vector<std::string>{"사람" + std::to_string(fresh), "N" + std::to_string(fresh), "m"};
  };
  const auto at = [&] { return static_cast<std::ptrdiff_t>(chance.below(rows.size())); };
  switch (chance.below(with_edits ? 7 : 6)) {
    case 0:
    case 1: rows.push_back(new_row()); break;
    case 2:
      if (!rows.empty()) rows.erase(rows.begin() + at());
      break;
    case 3: std::sort(rows.begin(), rows.end()); break;
    case 4: std::sort(rows.rbegin(), rows.rend()); break;
    case 5:
      if (!rows.empty()) rows.insert(rows.begin() + at(), new_row());
      break;
    case 6:
      if (!rows.empty()) rows[static_cast<std::size_t>(at())][2] = "m" + std::to_string(chance.below(1000));
      break;
    default: break;
  }
  if (chance.below(60) == 0) rows.clear();
}

// Every row that a poll could see is told once as added, by its number; those of the first poll never.
void expect_each_once(const std::string& key_column, std::uint64_t seed) {
  Watched sheet;
  sheet.key_column = key_column;
  Chance chance(seed);
  int fresh = 0;
  for (int i = 0; i < 5; ++i) edit(sheet, chance, fresh, false);
  sheet.put();
  std::set<std::string> known;
  std::map<std::string, int> told;
  for (const auto& row : sheet.rows) known.insert(row[1]);
  BOOST_TEST(sheet.poll().added.empty());
  for (int round = 0; round < 60; ++round) {
    for (std::size_t edits = chance.below(4); edits > 0; --edits) edit(sheet, chance, fresh, true);
    sheet.put();
    const auto heard = sheet.poll(chance.below(3) == 0);
    for (const auto& row : heard.added) ++told[row[1]];
    for (const auto& row : heard.updated) BOOST_TEST_REQUIRE(known.count(row[1]) == 1u);
    for (const auto& row : sheet.rows) {
      if (known.insert(row[1]).second)
        BOOST_TEST_REQUIRE(told[row[1]] == 1, "seed " << seed << ", round " << round << ": " << row[1] << " was told "
                                                      << told[row[1]] << " times");
    }
  }
  for (const auto& [number, times] : told)
    BOOST_TEST(times == 1, "seed " << seed << ": " << number << " was told " << times << " times");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sheets_rows)

BOOST_AUTO_TEST_CASE(with_a_key_column_each_new_row_is_told_once_whatever_people_do) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) expect_each_once("번호", seed);
}

BOOST_AUTO_TEST_CASE(without_a_key_column_rows_are_known_by_their_first_cell_and_contents) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) expect_each_once("", seed);
}

// Rows that say the same are told as often as there are more of them; nothing but their number tells them apart.
BOOST_AUTO_TEST_CASE(equal_rows_are_told_as_often_as_there_are_more_of_them) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Watched sheet;
    Chance chance(seed);
    sheet.put();
    sheet.poll();
    Rows before;
    for (int round = 0; round < 40; ++round) {
      for (std::size_t edits = chance.below(3); edits > 0; --edits) {
        const std::vector<std::string> row{"같음", std::to_string(chance.below(3)), ""};
        const auto at = static_cast<std::ptrdiff_t>(chance.below(sheet.rows.size() + 1));
        if (chance.below(3) == 0 && !sheet.rows.empty())
          sheet.rows.erase(sheet.rows.begin() + at - (at == static_cast<std::ptrdiff_t>(sheet.rows.size()) ? 1 : 0));
        else
          sheet.rows.insert(sheet.rows.begin() + at, row);
        if (chance.below(5) == 0) std::sort(sheet.rows.begin(), sheet.rows.end());
      }
      sheet.put();
      const auto heard = sheet.poll();
      // An edit of an equal row in its place may stand for a deleted and a new one; both are told as one row each.
      BOOST_TEST_REQUIRE(heard.added.size() + heard.updated.size() == more_of(sheet.rows, before).size());
      before = sheet.rows;
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_come_in_parts_and_none_is_lost_between_them) {
  Watched sheet;
  sheet.backfill = true;
  for (int i = 0; i < 1700; ++i) sheet.rows.push_back({"p" + std::to_string(i), std::to_string(i), "m"});
  sheet.put();
  BOOST_TEST(sheet.poll().added == sheet.rows);
  BOOST_TEST(sheet.poll().added.empty());
}

BOOST_AUTO_TEST_CASE(a_large_sheet_keeps_its_cursor_small_and_tells_what_is_appended) {
  Watched sheet;
  for (int i = 0; i < 12'000; ++i) sheet.rows.push_back({"p" + std::to_string(i), std::to_string(i), "m"});
  sheet.put();
  BOOST_TEST(sheet.poll().added.empty());
  for (int round = 0; round < 5; ++round) {
    sheet.rows.push_back({"new" + std::to_string(round), "x", "m"});
    if (round == 2) sheet.rows.erase(sheet.rows.begin() + 100);  // above what is remembered
    if (round == 3) sheet.rows[200][2] = "edited";
    sheet.put();
    const auto heard = sheet.poll(true);
    BOOST_TEST(heard.added == Rows({sheet.rows.back()}));
  }
  std::sort(sheet.rows.rbegin(), sheet.rows.rend());
  sheet.put();
  BOOST_TEST(sheet.poll().added.empty());
}

BOOST_AUTO_TEST_CASE(an_unchanged_file_is_not_read_and_a_renamed_sheet_is_the_same_sheet) {
  Watched sheet;
  sheet.rows = {{"a", "1", ""}};
  sheet.put();
  sheet.poll();
  sheet.reply("DELETE", "/_sandbox/calls");
  sheet.poll();
  BOOST_TEST(size_of(sheet.calls()) == 1u);
  BOOST_TEST(at(sheet.calls(), "0.operation") == "files.get");
  sheet.control("/_sandbox/sheets", R"({"spreadsheet":"s1","sheet":"주문","rename":"옛 주문"
})");
  sheet.control("/_sandbox/sheets",
                R"({"spreadsheet":"s1","sheet":"주문","rows":[["이름","번호","메모"],["z","9",""]]})");
  sheet.control("/_sandbox/sheets", R"({"spreadsheet":"s1","sheet":"옛 주문","append":[["b","2",""]]
  })");
  BOOST_TEST(sheet.poll().added == Rows({{"b", "2", ""}}));
}

// The answer of an append is lost: the look-up finds the row, so nothing is appended again.
BOOST_AUTO_TEST_CASE(a_lost_append_is_found_by_its_step_key) {
  Watched sheet;
  sheet.rows = {{"a", "1", ""}};
  sheet.put();
  const Value inputs = Map{{"sheet", "s1/주문"}, {"row", Map{{"이름", "홍길동"}, {"번호", "2"}}}};
  const auto found = [&] {
    const host::Effect effect = sheet.carry_out(sheet.call(host::Phase::begin, "row.look_up", inputs));
    const auto* done = std::get_if<host::DoneEffect>(&effect);
    return done == nullptr ? std::get<host::FailEffect>(effect).code : write_json(done->output);
  };
  BOOST_TEST(found() == "no_id_column");
  sheet.fault(R"({"vendor":"google","kind":"status","status":504,"acts":true,"match":{"operation":"values.append"}})");
  const host::Effect lost = sheet.carry_out(sheet.call(host::Phase::begin, "row.append", inputs));
  BOOST_REQUIRE(std::holds_alternative<host::FailEffect>(lost));
  BOOST_TEST((std::get<host::FailEffect>(lost).kind == host::FailKind::ambiguous));
  BOOST_TEST(found() == R"({"found":true,"output":{"sheet":"주문","row_number":3}})");
  BOOST_TEST(size_of(sheet.messages()) == 1u);
  BOOST_TEST(at(sheet.messages(), "0.key") == std::string(32, 'a'));
}

BOOST_AUTO_TEST_SUITE_END()
