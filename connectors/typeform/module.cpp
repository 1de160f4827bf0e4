// Typeform: forms, their responses, and the webhook that tells of new ones. What the webhook brings is manifest data.
#include "ieum/module.hpp"
#include "ieum/address.hpp"
#include "operations.hpp"

namespace typeform {

namespace {

struct Conversation {
  std::string_view operation;
  ieum::Effect (*begin)(const ieum::Call&);
  ieum::Effect (*resume)(const ieum::Call&);
};

constexpr Conversation kConversations[] = {
    {"forms.list", &list_forms, &listed_forms},
    {"form.get", &get_form, &got_form},
    {"form.create", &create_form, &created_form},
    {"form.update", &update_form, &updated_form},
    {"account.test", &test_account, &tested_account},
    {"responses.list", &list_responses, &listed_responses},
    {"responses.delete", &delete_responses, &deleted_responses},
    {"webhook.ensure", &ensure_webhook, &ensured_webhook},
    {"webhook.remove", &remove_webhook, &removed_webhook},
    {"webhook.get", &get_webhook, &got_webhook},
    {"responses", &poll_responses, &polled_responses},
};

ieum::Effect step(const ieum::Call& call) {
  const std::string operation = call.operation();
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  if (call.phase() != ieum::Phase::webhook)
    for (const Conversation& conversation : kConversations)
      if (conversation.operation == operation)
        return call.phase() == ieum::Phase::resume ? conversation.resume(call) : conversation.begin(call);
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "typeform has no operation '" + operation + "'");
}

}  // namespace

}  // namespace typeform

IEUM_CONNECTOR(typeform::step)
