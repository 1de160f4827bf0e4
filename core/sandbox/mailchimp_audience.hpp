// MailchimpAudience: one audience as Mailchimp keeps it in the sandbox: members by the MD5 of their address, merge fields,
// webhooks. Refusals carry Mailchimp's titles. Private to sandbox; one thread.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

// application/problem+json.
struct Problem {
  int status = 400;
  std::string title, detail;
  std::string field, message;  // one entry of errors[]; "" has none
};
HttpResponse problem_response(const Problem& problem);
// The problem that the header X-Trigger-Error asks for by name ("MemberExists", "Too Many Requests").
Problem triggered_problem(const std::string& name);

struct AudienceMember {
  std::string email, status, language;
  bool vip = false;
  bool left_by_self = false;  // a person's own leaving: only their own sign-up, or pending, brings them back
  Map merge_fields, interests;
  std::vector<std::string> tags;
  List events;
  Millis changed = 0;
};

struct AudienceWebhook {
  std::string id, url, secret;
  Value events, sources;
};

struct AudienceChange {  // what webhooks are told
  std::string type;      // subscribe, unsubscribe, profile, upemail, cleaned
  Map data;
};

class MailchimpAudience {
 public:
  explicit MailchimpAudience(std::string id = {}) : id_(std::move(id)) {}
  [[nodiscard]] const std::string& id() const { return id_; }

  // Every writing call appends what happened to `changes`; `member` is the one that was meant.
  std::optional<Problem> put(const std::string& hash, const Value& body, bool skip_merge, Millis now);
  std::optional<Problem> add(const Value& body, bool skip_merge, Millis now);
  std::optional<Problem> patch(const std::string& hash, const Value& body, bool skip_merge, Millis now);
  std::optional<Problem> archive(const std::string& hash, Millis now);
  std::optional<Problem> forget(const std::string& hash);
  std::optional<Problem> tag(const std::string& hash, const Value& body, Millis now);
  std::optional<Problem> note(const std::string& hash, const Value& body, Millis now);
  std::optional<Problem> add_field(const Value& body);
  std::optional<Problem> hook(const Value& body, AudienceWebhook& made);
  // A person does it: subscribe, unsubscribe, profile, upemail, cleaned. Error "bad_send".
  Status happen(const std::string& type, const Value& data, Millis now);

  [[nodiscard]] const AudienceMember* find(const std::string& hash) const;
  [[nodiscard]] Value shown(const AudienceMember& member) const;
  // Members as the query asks: {members, total_items}.
  [[nodiscard]] Value page(const Incoming& in) const;
  [[nodiscard]] Value fields() const;
  [[nodiscard]] const std::map<std::string, AudienceMember>& members() const { return members_; }
  [[nodiscard]] std::map<std::string, AudienceWebhook>& hooks() { return hooks_; }
  [[nodiscard]] const std::map<std::string, AudienceWebhook>& hooks() const { return hooks_; }
  std::vector<AudienceChange> take_changes() { return std::exchange(changes_, {}); }

 private:
  std::optional<Problem> write(AudienceMember& member, const Value& body, bool skip_merge, Millis now);
  std::optional<Problem> check_fields(const Map& merge_fields) const;
  void tell(const std::string& type, const AudienceMember& member, Map more = {});

  std::string id_;
  std::map<std::string, AudienceMember> members_;  // by hash
  std::set<std::string> forgotten_;                // hashes
  std::vector<Map> fields_{{{"tag", "FNAME"}, {"name", "First Name"}, {"type", "text"}, {"required", false}},
                           {{"tag", "LNAME"}, {"name", "Last Name"}, {"type", "text"}, {"required", false}}};
  std::map<std::string, AudienceWebhook> hooks_;  // by id
  std::vector<AudienceChange> changes_;
  std::int64_t made_ = 0;
};

// The hash of an address; also what a path may hold instead of one, an address itself.
std::string member_hash(const std::string& email);
Value shown_hook(const AudienceWebhook& hook, const std::string& list, bool with_secret);

}  // namespace ieum::sandbox
