// bench_bare: the yardstick. The hub's main job with the same parts (Beast, SQLite, OpenSSL) and no hub in it:
//   POST -> HMAC checked -> row, durable -> 202; with --call PORT also: JSON parsed, one comparison, one POST of the event
//   over a kept connection, outcome row, durable.
// No duplicates, retries, idempotency keys, recipes, log or recovery: what the hub costs more is what these cost.
// GET / tells {"accepted", "finished"}. One I/O thread, one writer thread, 127.0.0.1.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <deque>
#include <memory>

#include "bench/arguments.hpp"
#include "bench/group_commit.hpp"
#include "bench/signature.hpp"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::beast::error_code;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

// Keep-alive connections to one port; each carries one call at a time, and a new one is opened when none is free.
class Pool {
 public:
  Pool(asio::io_context& io, std::uint16_t port) : io_(io), peer_(asio::ip::address_v4::loopback(), port) {}

  // `answered` gets the body of the answer.
  void post(std::string body, std::function<void(std::string)> answered) {
    std::shared_ptr<Call> call;
    if (!free_.empty()) {
      call = std::move(free_.back());
      free_.pop_back();
    } else {
      call = std::make_shared<Call>(io_);
      call->socket.connect(peer_);
      call->socket.set_option(Tcp::no_delay(true));
    }
    call->answered = std::move(answered);
    call->request = Request(http::verb::post, "/orders", 11);
    call->request.set(http::field::host, "127.0.0.1");
    call->request.set(http::field::content_type, "application/json");
    call->request.body() = std::move(body);
    call->request.prepare_payload();
    http::async_write(call->socket, call->request, [this, call](error_code failed, std::size_t) {
      if (failed) return lost(failed);
      call->answer = {};
      http::async_read(call->socket, call->buffer, call->answer, [this, call](error_code cut, std::size_t) {
        if (cut) return lost(cut);
        const auto done = std::move(call->answered);
        auto text = std::move(call->answer.body());
        free_.push_back(call);
        done(std::move(text));
      });
    });
  }

 private:
  struct Call {
    explicit Call(asio::io_context& io) : socket(io) {}
    Tcp::socket socket;
    boost::beast::flat_buffer buffer;
    Request request;
    Response answer;
    std::function<void(std::string)> answered;
  };

  static void lost(error_code why) {
    std::fprintf(stderr, "bench_bare: the call was lost: %s\n", why.message().c_str());
  }

  asio::io_context& io_;
  Tcp::endpoint peer_;
  std::vector<std::shared_ptr<Call>> free_;
};

struct Bare {
  explicit Bare(const ieum::bench::Arguments& arguments)
      : signer(arguments.text("secret")),
        sign_header(arguments.text("sign")),
        store(io, arguments.text("db")),
        calls(arguments.port("call") == 0 ? 0 : static_cast<int>(arguments.number("calls"))),
        pool(io, arguments.port("call")) {}

  static constexpr int kCallsMax = 256;  // from the call to its outcome's commit; the rest wait

  void accepted_one(std::string body, sqlite3_int64 event) {
    ++accepted;
    if (calls == 0) return;
    waiting.emplace_back(std::move(body), event);
    run_waiting();
  }

  void run_waiting() {
    while (under_way < kCallsMax && !waiting.empty()) {
      auto [body, event] = std::move(waiting.front());
      waiting.pop_front();
      boost::system::error_code broken;
      const auto order = boost::json::parse(body, broken);
      if (broken || order.at("total").as_int64() < 50'000) {
        ++finished;
        continue;
      }
      ++under_way;
      call(boost::json::serialize(order), event, calls);
    }
  }

  // Each outcome is on disk before the next call.
  void call(std::string order, sqlite3_int64 event, int left) {
    std::string text = order;
    pool.post(std::move(text), [this, event, left, order = std::move(order)](std::string answer) mutable {
      store.put({std::move(answer), event,
                 [this, event, left, order = std::move(order)](const std::string&, sqlite3_int64) mutable {
                   if (left > 1) return call(std::move(order), event, left - 1);
                   ++finished;
                   --under_way;
                   run_waiting();
                 }});
    });
  }

  asio::io_context io{1};
  ieum::bench::Signer signer;
  std::string sign_header;
  ieum::bench::GroupCommit store;
  int calls;  // of each webhook, one after the other
  Pool pool;
  std::deque<std::pair<std::string, sqlite3_int64>> waiting;
  int under_way = 0;
  long long accepted = 0, finished = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Bare& bare, Tcp::socket socket) : bare_(bare), socket_(std::move(socket)) {
    socket_.set_option(Tcp::no_delay(true));
  }

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (!failed) self->judge();
    });
  }

 private:
  void judge() {
    if (request_.method() == http::verb::get) {
      return answer(http::status::ok, "{\"accepted\":" + std::to_string(bare_.accepted) +
                                          ",\"finished\":" + std::to_string(bare_.finished) + "}");
    }
    if (!bare_.sign_header.empty() && request_[bare_.sign_header] != bare_.signer.sign(request_.body())) {
      return answer(http::status::unauthorized, R"({"error":"the signature does not fit"})");
    }
    bare_.store.put({std::move(request_.body()), 0, [self = shared_from_this()](std::string body, sqlite3_int64 event) {
                       self->answer(http::status::accepted, R"({"accepted":true})");
                       self->bare_.accepted_one(std::move(body), event);
                     }});
  }

  void answer(http::status status, std::string body) {
    response_ = Response(status, 11);
    response_.keep_alive(request_.keep_alive());
    response_.set(http::field::content_type, "application/json");
    response_.body() = std::move(body);
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (!failed && self->response_.keep_alive()) self->read();
    });
  }

  Bare& bare_;
  Tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  Request request_;
  Response response_;
};

void accept_next(Bare& bare, Tcp::acceptor& door) {
  door.async_accept([&bare, &door](error_code failed, Tcp::socket socket) {
    if (failed) return;
    std::make_shared<Session>(bare, std::move(socket))->read();
    accept_next(bare, door);
  });
}

}  // namespace

int main(int count, char** words) {
  const ieum::bench::Arguments arguments(count, words,
                                         {{"port", "19800"},
                                          {"db", "bare.db"},  // must not exist
                                          {"sign", ""},       // the header that holds the signature; none: unchecked
                                          {"secret", "bench"},
                                          {"call", "0"},  // the port that gets the calls; 0: none
                                          {"calls", "1"}});
  Bare bare(arguments);
  Tcp::acceptor door(bare.io, {asio::ip::address_v4::loopback(), arguments.port("port")});
  accept_next(bare, door);
  asio::signal_set signals(bare.io, SIGTERM, SIGINT);
  signals.async_wait([&](error_code, int) { bare.io.stop(); });
  bare.io.run();
  return 0;
}
