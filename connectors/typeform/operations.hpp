// The operations of Typeform's connector: each begins with one function and goes on with another.
#pragma once
#include "ieum/module.hpp"

namespace typeform {

// forms.cpp
ieum::Effect list_forms(const ieum::Call& call);
ieum::Effect listed_forms(const ieum::Call& call);
ieum::Effect get_form(const ieum::Call& call);
ieum::Effect got_form(const ieum::Call& call);
ieum::Effect create_form(const ieum::Call& call);
ieum::Effect created_form(const ieum::Call& call);
ieum::Effect update_form(const ieum::Call& call);
ieum::Effect updated_form(const ieum::Call& call);
ieum::Effect test_account(const ieum::Call& call);
ieum::Effect tested_account(const ieum::Call& call);

// responses.cpp
ieum::Effect list_responses(const ieum::Call& call);
ieum::Effect listed_responses(const ieum::Call& call);
ieum::Effect delete_responses(const ieum::Call& call);
ieum::Effect deleted_responses(const ieum::Call& call);

// poll.cpp
ieum::Effect poll_responses(const ieum::Call& call);
ieum::Effect polled_responses(const ieum::Call& call);

// webhooks.cpp
ieum::Effect ensure_webhook(const ieum::Call& call);
ieum::Effect ensured_webhook(const ieum::Call& call);
ieum::Effect remove_webhook(const ieum::Call& call);
ieum::Effect removed_webhook(const ieum::Call& call);
ieum::Effect get_webhook(const ieum::Call& call);
ieum::Effect got_webhook(const ieum::Call& call);

}  // namespace typeform
