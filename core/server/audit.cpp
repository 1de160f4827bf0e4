#include "server/audit.hpp"

#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::server {
namespace {

constexpr const char* kHead = "audit.head";
constexpr int kPage = 1000;

}  // namespace

Audit::Audit(store::Store& store, Clock& clock, Secret key) : store_(store), clock_(clock), key_(std::move(key)) {
  IEUM_ASSERT(!key_.empty());
}

std::string Audit::seal_of(const store::AuditRow& row, const std::string& before) const {
  const List sealed{before, row.id, row.at_ms, row.who, row.kind, row.what, row.target, row.peer, row.details};
  return hex_encode(hmac_sha256(key_.reveal(), write_json(sealed)));
}

std::string Audit::head_text(const Head& head) const {
  const auto text = std::to_string(head.id) + " " + head.seal;
  return text + " " + hex_encode(hmac_sha256(key_.reveal(), "head " + text));
}

std::optional<Audit::Head> Audit::read_head(const std::string& text) const {
  Head head;
  const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), head.id);
  const auto space = text.find(' ');
  if (failed != std::errc() || space == std::string::npos || stopped != text.data() + space) return std::nullopt;
  head.seal = text.substr(space + 1, text.rfind(' ') - std::min(text.rfind(' '), space + 1));
  if (!constant_time_equal(head_text(head), text)) return std::nullopt;
  return head;
}

Result<std::optional<Audit::Head>> Audit::stored_head(store::Reader& reader) const {
  IEUM_TRY(const auto text, reader.meta(kHead));
  return text ? read_head(*text) : std::optional(Head{});
}

// Where the file says otherwise than the head, new entries follow the one of the higher number: the gap stays to be found.
Status Audit::load() {
  const auto reader = store_.reader();
  IEUM_TRY(const auto head, stored_head(*reader));
  IEUM_TRY(const auto last, reader->audit({"", 0, 1}));
  head_ = head.value_or(Head{});
  if (!last.empty() && last.front().id > head_.id) head_ = {last.front().id, last.front().seal};
  return {};
}

Result<Id> Audit::begin(const Act& act) {
  const std::lock_guard turn(writing_);
  store::AuditRow row;
  row.id = head_.id + 1;
  row.at_ms = clock_.now();
  row.who = act.who;
  row.kind = act.kind;
  row.what = act.what;
  row.target = act.target;
  row.peer = act.peer;
  row.details = act.details;
  row.seal = seal_of(row, head_.seal);
  const Head head{row.id, row.seal};
  const auto outcome = store_.submit_and_wait(
      store::Queue::work, store::Unit{{store::AddAudit{std::move(row)}, store::PutMeta{kHead, head_text(head)}}});
  if (outcome.kind != store::UnitOutcome::Kind::committed)
    return Error("audit_unwritable", "what was asked for cannot be written to the audit log, so it was not done",
                 outcome.error ? outcome.error->text() : "try again");
  head_ = head;
  return head.id;
}

void Audit::end(Id entry, int status) {
  store_.submit(store::Queue::work, store::Unit{{store::EndAudit{entry, status}}}, [](const auto&) {});
}

Result<Audit::Chain> Audit::verify(store::Reader& reader, const std::vector<store::AuditRow>& rows) const {
  Chain chain{true, 0, static_cast<Id>(rows.size())};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const bool follows = i + 1 < rows.size() && rows[i + 1].id == row.id - 1;
    std::string before;
    if (follows) {
      before = rows[i + 1].seal;
    } else if (row.id > 1) {
      IEUM_TRY(const auto earlier, reader.audit_after(row.id - 2, 1));
      if (earlier.empty() || earlier.front().id != row.id - 1) return Chain{false, row.id - 1, chain.entries};
      before = earlier.front().seal;
    }
    if (!constant_time_equal(seal_of(row, before), row.seal)) return Chain{false, row.id, chain.entries};
  }
  return chain;
}

Result<Audit::Chain> Audit::verify_all(store::Reader& reader) {
  Id written = 0;
  {
    const std::lock_guard turn(writing_);
    written = head_.id;
  }
  IEUM_TRY(const auto head, stored_head(reader));  // first: entries that are written meanwhile come after it
  Head last;
  for (;;) {
    IEUM_TRY(const auto rows, reader.audit_after(last.id, kPage));
    for (const auto& row : rows) {
      const bool good = row.id == last.id + 1 && constant_time_equal(seal_of(row, last.seal), row.seal);
      if (!good) return Chain{false, last.id + 1, last.id};
      last = {row.id, row.seal};
      if (head && row.id == head->id && row.seal != head->seal) return Chain{false, row.id, last.id};
    }
    if (rows.size() < kPage) break;
  }
  if (!head || head->id > last.id || written > last.id) return Chain{false, last.id + 1, last.id};
  return Chain{true, 0, last.id};
}

}  // namespace ieum::server
