// One response of the Responses API in the shape of the event form_response: answers by the question's ref.
#pragma once
#include "ieum/module.hpp"

namespace typeform {

// {response_id, submitted_at, answers: {ref: value}, choices: {ref: [labels]}, answer_details: {ref: answer}, hidden,
// variables: {name: value}, score}. A question without ref goes by its id; the first answer of a ref counts.
// A choice gives its label, or the text of "other"; choices give a list of them; a type that is not known gives what
// stands under its name, else the whole answer.
ieum::json::object shape_response(const ieum::json::value& response);

// The same response as the body of a webhook, for the manifest's projections: {event_type, form_response}.
ieum::json::object webhook_body(std::string_view form, const ieum::json::value& response);

}  // namespace typeform
