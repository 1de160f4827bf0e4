// Routes: which handler answers which method and path of a door, whom it answers, and what it takes and gives. A Route
// without any of these does not compile.
//
// A path matches whole and as sent: no trailing slash, no folding of case, no dot segments. Only what stands in a {name}
// is percent-decoded; where that gives nothing, a control byte, '/' or bytes that are no UTF-8, the path matches nothing.
// Built once, then read from the io thread.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/listener.hpp"
#include "server/caller.hpp"
#include "server/route_doc.hpp"

namespace ieum::server {

enum class Method { get, post, del, options };  // a get route answers HEAD too
std::string_view method_name(Method method);

// What stood in the {names} of a path, decoded.
class PathValues {
 public:
  static constexpr std::size_t kMax = 2;
  [[nodiscard]] const std::string& at(std::string_view name) const;  // asserts that the pattern has it
  void add(std::string_view name, std::string value);
  [[nodiscard]] std::string text() const;  // "shop/channels"

 private:
  std::array<std::pair<std::string_view, std::string>, kMax> values_;
  std::size_t size_ = 0;
};

struct Route;

// One request on its way to its handler.
struct Exchange {
  net::IncomingRequest request;
  PathValues path;
  std::shared_ptr<net::Responder> responder;
  const Route& route;
  Caller caller = {};
};
using Handler = std::function<void(Exchange)>;  // [io thread]

struct Route {
  // Pattern: "/api/v1/runs/{id}". A last segment "{name...}" takes the rest of the path raw, and does not turn a path that
  // nothing else knows into a wrong method. Asserts on a malformed pattern.
  Route(Method method, std::string pattern, Needs needs, RouteDoc doc, Handler handler);

  Method method;
  std::string pattern;
  Needs needs;
  RouteDoc doc;
  Handler handler;

 private:
  friend class RouteTable;
  struct Segment {
    enum class Kind { literal, value, rest };
    Kind kind;
    std::string text;  // literal text, or the value's name
  };
  std::vector<Segment> segments_;
};

class RouteTable {
 public:
  struct Match {
    enum class Kind { found, not_found, wrong_method };
    Kind kind = Kind::not_found;
    const Route* route = nullptr;
    PathValues path;
    std::string allow;  // wrong_method: what the path takes
  };
  // The first route added wins.
  void add(Route route);
  [[nodiscard]] Match find(std::string_view method, std::string_view target) const;
  [[nodiscard]] const std::vector<std::unique_ptr<const Route>>& routes() const { return routes_; }

 private:
  std::vector<std::unique_ptr<const Route>> routes_;
};

// The path of a target, without its query; and the query without '?'.
std::string_view path_of(std::string_view target);
std::string_view query_of(std::string_view target);

class Server;
struct RouteLine {
  std::string door;  // "public" or "admin"
  std::string method, pattern;
  Needs needs;
  const RouteDoc* doc;  // the server's
};
// Every route of a server that make_server made, in order; for tests and docs.
std::vector<RouteLine> route_table(const Server& server);

}  // namespace ieum::server
