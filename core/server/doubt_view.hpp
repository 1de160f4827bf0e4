// Doubt view: what is known of a step whose fate is not: whether bytes left, when, and what the vendor would do with the same request
// once more. Pure.
#pragma once
#include "base/value.hpp"
#include "host/manifest.hpp"
#include "recipe/program.hpp"
#include "store/rows.hpp"

namespace ieum::server {

// {since_ms, code, message, bytes: {sent, at_ms}, look_up, would: {ko, en}, on_doubt}. `operation` and `use` are null where they are gone.
Value doubt_view(const store::StepRow& step, const host::Operation* operation, const recipe::Recipe* recipe,
                 const recipe::Use* use);

}  // namespace ieum::server
