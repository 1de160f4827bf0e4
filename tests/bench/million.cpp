// The console over a large store: fills a store with finished runs, or asks a running hub for its run list and for searches and
// tells how long the answers took.
//   bench_million --store DATA/hub.db --runs 1000000 [--first 1767225600000 --over 2419200000]
//     the first ended at that time, the others after it, spread over so many milliseconds
//   bench_million --store DATA/hub.db --runs 1000000 --due 1767225600000 --over 2419200000
//     the same with runs that stand at the wait of waits.yaml, due from that time on
//   bench_million --ask http://127.0.0.1:8081 --token FILE --rounds 200
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "bench/arguments.hpp"
#include "store/store.hpp"

using namespace ieum;

namespace {

constexpr std::int64_t kUnit = 500;

const char* const kNames[] = {"김민지", "이서준", "박도윤", "최하은", "정지우", "강시우", "조수아", "윤예준"};
const char* const kGoods[] = {"겨울 코트", "울 니트", "면 셔츠", "가죽 장갑", "운동화", "머플러", "백팩", "우산"};
const char* const kTexts[] = {"장바구니가 기다려요", "주문이 접수되었어요", "배송이 시작되었어요",
                              "후기를 남겨 주세요"};

// One run with its event, its step and what it is found by.
void add_run(store::Store& store, std::int64_t number, Millis at, store::Unit& unit) {
  const bool failed = number % 200 == 7;
  const std::string order = std::to_string(100'000 + number);
  const std::string name = kNames[number % 8];
  const std::string goods = kGoods[number / 8 % 8];
  const std::string text = kTexts[number / 64 % 4];
  const std::string email = "m" + std::to_string(number % 50'000) + "@example.com";
  const Id event = store.next_id(store::IdSpace::event);
  const Id run = store.next_id(store::IdSpace::run);
  const Id step = store.next_id(store::IdSpace::step);
  const std::string body = R"({"order":)" + order + R"(,"name":")" + name + R"(","goods":")" + goods + R"("})";
  unit.writes.emplace_back(store::AcceptEvent{
      {event, 1, "orders/create", at, store::EventState::routed, ""}, {"POST", "/hooks/shop", "{}", body}, ""});
  store::RunRow row;
  row.id = run;
  row.recipe = 1;
  row.version = 1;
  row.state = failed ? store::RunState::failed : store::RunState::finished;
  row.at_step = "send";
  row.trigger_event = event;
  row.started_ms = at;
  row.ended_ms = at + 40;
  row.reason = failed ? "vendor_refused: 400" : "";
  unit.writes.emplace_back(store::StartRun{row, false});
  store::StepRow sent;
  sent.id = step;
  sent.run = run;
  sent.step = "send";
  sent.state = failed ? store::StepState::failed : store::StepState::done;
  sent.key = hex_encode(std::string("key") + order);
  sent.connection = 2;
  sent.operation = "http.request";
  sent.inputs = R"({"text":")" + name + "님, " + text + R"("})";
  sent.output = "{}";
  sent.exchange = "[]";
  sent.opened_ms = at;
  sent.closed_ms = at + 40;
  unit.writes.emplace_back(store::OpenStep{sent});
  unit.writes.emplace_back(
      store::IndexRun{{run,
                       email + "\n" + order + "\n" + name + "\n" + goods + "\n" + name + "님, " + text + "\n",
                       {{"order", order}, {"email", email}},
                       false}});
}

// One run with its event that waits until `due` at the recipe that was applied first.
void add_waiting(store::Store& store, std::int64_t number, Millis due, store::Unit& unit) {
  const Millis at = due - 30 * kDay;
  const Id event = store.next_id(store::IdSpace::event);
  const std::string order = std::to_string(100'000 + number), name = kNames[number % 8];
  const std::string goods = kGoods[number / 8 % 8];
  const std::string body =
      R"({"type":"order.paid","delivery":)" + order + R"(,"name":")" + name + R"(","goods":")" + goods + R"("})";
  unit.writes.emplace_back(store::AcceptEvent{
      {event, 1, "order.paid", at, store::EventState::routed, ""}, {"POST", "/hooks/shop", "{}", body}, ""});
  store::RunRow row;
  row.id = store.next_id(store::IdSpace::run);
  row.recipe = 1;
  row.version = 1;
  row.state = store::RunState::waiting;
  row.at_step = "pause";
  row.trigger_event = event;
  row.started_ms = at;
  row.due_ms = due;
  unit.writes.emplace_back(store::StartRun{row, false});
  unit.writes.emplace_back(store::IndexRun{{row.id, order + "\n" + name + "\n" + goods + "\n", {}, false}});
}

int fill(const std::string& path, std::int64_t runs, bool wait, Millis first, Millis over) {
  NullLog log;
  store::StoreOptions options;
  options.path = path;
  auto opened = store::open_store(std::move(options), log);
  if (opened.has_error()) return std::fprintf(stderr, "%s\n", opened.error().text().c_str()), 1;
  auto& store = **opened;
  Id last = 0;
  for (std::int64_t number = 0; number < runs;) {
    store::Unit unit;
    for (std::int64_t i = 0; i < kUnit && number < runs; ++i, ++number) {
      const Millis at = first + over * number / runs;
      wait ? add_waiting(store, number, at, unit) : add_run(store, number, at, unit);
    }
    const auto outcome = store.submit_and_wait(store::Queue::work, std::move(unit));
    if (outcome.kind != store::UnitOutcome::Kind::committed) return std::fprintf(stderr, "a unit was refused\n"), 1;
    if (number % 50'000 == 0) std::fprintf(stderr, "\r%lld runs", static_cast<long long>(number));
  }
  const auto newest = store.reader()->newest_run();
  if (newest.has_value()) last = *newest;
  store.submit_and_wait(store::Queue::work, store::Unit{{store::PutMeta{"search.cursor", std::to_string(last)}}});
  store.close();
  std::fprintf(stderr, "\n");
  return 0;
}

double milliseconds(httplib::Client& client, const std::string& path, bool& good) {
  const auto begun = std::chrono::steady_clock::now();
  const auto answer = client.Get(path);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
  good = good && answer && answer->status == 200;
  return took.count();
}

int ask(const std::string& address, const std::string& token_file, int rounds, std::int64_t runs) {
  std::ifstream in(token_file);
  std::string token{std::istreambuf_iterator<char>(in), {}};
  while (!token.empty() && (token.back() == '\n' || token.back() == ' ')) token.pop_back();
  httplib::Client client(address);
  client.set_keep_alive(true);
  client.set_read_timeout(60);
  client.set_bearer_token_auth(token);
  struct Question {
    const char* name;
    std::string (*path)(std::int64_t number);
  };
  const auto api = [](const std::string& rest) { return "/api/v1/runs?limit=50" + rest; };
  static const auto of = api;
  const Question questions[] = {
      {"run list, newest", [](std::int64_t) { return of(""); }},
      {"run list, a page deep inside", [](std::int64_t n) { return of("&before=" + std::to_string(n + 1)); }},
      {"run list, failed", [](std::int64_t n) { return of("&state=failed&before=" + std::to_string(n + 1)); }},
      {"search order:N", [](std::int64_t n) { return of("&q=order:" + std::to_string(100'000 + n)); }},
      {"search a number", [](std::int64_t n) { return of("&q=" + std::to_string(100'000 + n)); }},
      {"search 민지", [](std::int64_t) { return of("&q=" + percent_encode("민지")); }},
      {"search 장바구니가 민지", [](std::int64_t) { return of("&q=" + percent_encode("장바구니가 민지")); }},
      {"search one syllable", [](std::int64_t) { return of("&q=" + percent_encode("코")); }},
      {"search what is not there", [](std::int64_t) { return of("&q=" + percent_encode("없는말")); }},
      {"search two common words that never meet", [](std::int64_t) { return of("&q=" + percent_encode("민지 서준")); }},
      {"search email and state",
       [](std::int64_t n) {
         return of("&q=" + percent_encode("email:m" + std::to_string(n % 50'000) + "@example.com state:failed"));
       }},
  };
  bool good = true;
  std::printf("| question | p50 ms | p95 ms | max ms |\n|---|---|---|---|\n");
  for (const auto& question : questions) {
    std::vector<double> took;
    std::int64_t number = 7;
    for (int i = 0; i < rounds; ++i) {
      number = (number * 48'271 + 11) % std::max<std::int64_t>(runs, 1);
      took.push_back(milliseconds(client, question.path(number), good));
    }
    std::sort(took.begin(), took.end());
    std::printf("| %s | %.1f | %.1f | %.1f |\n", question.name, took[took.size() / 2], took[took.size() * 95 / 100],
                took.back());
    std::fflush(stdout);
  }
  if (!good) std::fprintf(stderr, "an answer was not 200\n");
  return good ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  const bench::Arguments arguments(count, words,
                                   {{"store", ""},
                                    {"runs", "1000000"},
                                    {"ask", ""},
                                    {"token", ""},
                                    {"rounds", "200"},
                                    {"first", "1767225600000"},
                                    {"due", "0"},
                                    {"over", "20000000"}});
  const auto runs = static_cast<std::int64_t>(arguments.number("runs"));
  const bool waits = arguments.number("due") != 0;
  if (!arguments.text("store").empty())
    return fill(arguments.text("store"), runs, waits, static_cast<Millis>(arguments.number(waits ? "due" : "first")),
                static_cast<Millis>(arguments.number("over")));
  return ask(arguments.text("ask"), arguments.text("token"), static_cast<int>(arguments.number("rounds")), runs);
}
