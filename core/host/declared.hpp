// Declared: the requests, answers and polls that a manifest writes down instead of code. Read with the manifest, every
// expression compiled then; what is here cannot fail to parse later. A plain value. For this room only.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/connector.hpp"
#include "host/value_template.hpp"

namespace ieum::host {

struct DeclaredRequest {
  std::string method = "GET";
  std::optional<expr::Template> url;   // whole address; one of the two
  std::optional<expr::Template> path;  // behind `base`
  std::vector<std::pair<std::string, TemplateNode>> query, headers;
  enum class Body { none, json, form, text } body = Body::none;
  TemplateNode content;
  std::optional<std::string> auth;  // scheme; left out, the manifest's default
  bool omit_empty = false;
  std::vector<SecretHole> fill;
};

// First match wins. Without `kind` of its own a duplicate counts as done.
struct ErrorRule {
  std::vector<int> statuses;  // 4 means 4xx; empty: any
  std::optional<expr::Expression> when;
  bool duplicate_ok = false;
  FailKind kind = FailKind::permanent;
  std::optional<expr::Template> code, message;
  Millis wait_for = 0;
};

using Outputs = std::vector<std::pair<std::string, expr::Expression>>;

struct DeclaredResponse {
  std::optional<expr::Expression> success;  // besides a status of 2xx
  enum class Format { json, text, none } format = Format::json;
  Outputs output;
};

// What the vendor would take and drop, or take for something else: refused before anything is sent.
struct Refusal {
  expr::Expression when;  // over inputs, config and now; one that fails is not true
  std::string code;
  expr::Template message;
};

// One request and what its answer means.
struct Exchange {
  std::string name;  // of a step
  std::optional<expr::Expression> when;
  DeclaredRequest request;
  DeclaredResponse response;
  std::vector<ErrorRule> errors;
};

struct DeclaredOperation {
  std::vector<Refusal> refusals;         // the first that holds counts
  std::vector<Exchange> steps;           // one unless it says `steps`; at most five
  Outputs output;                        // with `steps`: over what they gave
  std::optional<expr::Expression> more;  // the next page; lists in the output are joined
};

struct DeclaredCursor {
  enum class Kind { time, id, token } kind = Kind::time;
  std::optional<expr::Expression> at;    // time, id: where an item stands
  std::optional<expr::Expression> next;  // token: where to go on
  Millis overlap_for = 0;                // time: how far each poll looks back behind the newest it saw
};

struct DeclaredItems {
  expr::Expression items;
  std::optional<expr::Expression> key, data;
  std::optional<expr::Template> event;
};

struct DeclaredPoll {
  Exchange exchange;
  DeclaredItems items;
  std::string event;  // when the items do not say
  DeclaredCursor cursor;
  std::optional<expr::Expression> more;
};

struct Declared {
  std::optional<expr::Template> base;
  std::vector<ErrorRule> errors;  // after those of the operation
  std::map<std::string, DeclaredOperation, std::less<>> operations;
  std::map<std::string, DeclaredPoll, std::less<>> polls;
  std::optional<DeclaredItems> deliveries;  // of the webhook
};

}  // namespace ieum::host
