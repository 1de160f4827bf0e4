// TypeformForms: what Typeform knows in the sandbox: forms, their responses and webhooks. Private to sandbox; one thread.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

struct FormWebhook {
  std::string id, tag, url, secret;
  bool enabled = false;
  bool verify_ssl = true;
  bool response = true;  // event_types
  bool partial = false;
  Millis created = 0, updated = 0;
};

struct TypeformForm {
  std::string id, title;
  Value fields;                                 // as the API shows them
  std::deque<Value> responses;                  // as the API shows them, oldest first
  std::map<std::string, FormWebhook> webhooks;  // by tag
};

class TypeformForms {
 public:
  TypeformForms();
  // Any id of letters, digits, _ and - is a form once it is asked for; "missing" is none. Null when there is none.
  TypeformForm* find(const std::string& id);
  TypeformForm& create(const std::string& title, const Value& fields);
  [[nodiscard]] const std::map<std::string, TypeformForm>& all() const { return forms_; }

  // Adds a response: {answers, hidden, token, submitted_at} of `given` over a sample. Returns it.
  Value respond(TypeformForm& form, const Value& given, Millis now);
  // The page that the query asks for: {total_items, page_count, items}.
  static Value page(const TypeformForm& form, const Incoming& in);

 private:
  std::map<std::string, TypeformForm> forms_;
  std::int64_t made_ = 0;
};

// The webhook as the API shows it: never with its secret.
Value shown_webhook(const FormWebhook& webhook, const std::string& form);
// The body of a delivery of this response. partial: it was not submitted.
Value told_response(const TypeformForm& form, const Value& response, const std::string& event, bool partial);

}  // namespace ieum::sandbox
