#include "sandbox/google_channels.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kChannelsMax = 1'000;
constexpr Millis kLifeMax = kDay;
constexpr Millis kLifeUsual = kHour;

std::string uri_of(const std::string& file) {
  return "https://www.googleapis.com/drive/v3/files/" + file + "?alt=json";
}

}  // namespace

Result<Value> GoogleChannels::watch(const std::string& file, const Value& request, Millis now) {
  const std::string id = request.text("id"), address = request.text("address");
  if (id.empty() || id.size() > 64) return Error("bad_channel", "Channel id not specified or too long", "required");
  if (request.text("type") != "web_hook") return Error("bad_channel", "Unknown channel type", "unknownChannelType");
  if (!is_hook_address(address))
    return Error("bad_channel", "WebHook callback must be HTTPS: " + address, "webhookUrlNotHttps");
  const auto same = [&](const Channel& item) { return item.id == id && item.until > now; };
  if (std::any_of(channels_.begin(), channels_.end(), same))
    return Error("bad_channel", "Channel id " + id + " not unique", "channelIdNotUnique");
  if (channels_.size() >= kChannelsMax) return Error("bad_channel", "Too many channels", "rateLimitExceeded");
  Millis until = now + kLifeUsual;
  if (const Value* wanted = request.get("expiration")) {
    const auto asked = wanted->if_int() != nullptr ? std::optional(*wanted->if_int()) : whole_number(text_of(wanted));
    if (asked) until = std::clamp(*asked, now, now + kLifeMax);
  }
  const std::string resource = base64url_encode(sha256("resource " + file)).substr(0, 27);
  channels_.push_back({id, file, resource, address, request.text("token"), until});
  Told sync;
  sync.topic = "sync";
  sync.only = id;
  told_.push_back(std::move(sync));
  Map answer{{"kind", "api#channel"},
             {"id", id},
             {"resourceId", resource},
             {"resourceUri", uri_of(file)},
             {"expiration", std::to_string(until)}};
  if (const Value* token = request.get("token")) answer.set("token", *token);
  return Value(std::move(answer));
}

bool GoogleChannels::stop(const std::string& id, const std::string& resource) {
  return std::erase_if(channels_, [&](const Channel& item) { return item.id == id && item.resource == resource; }) > 0;
}

void GoogleChannels::changed(const std::string& file) {
  for (const Channel& item : channels_) {
    if (item.file != file) continue;
    Told update;
    update.topic = "update";
    update.only = item.id;
    told_.push_back(std::move(update));
  }
}

std::vector<Hook> GoogleChannels::hooks() const {
  std::vector<Hook> list;
  for (const Channel& item : channels_) {
    Hook hook;
    hook.id = item.id;
    hook.url = item.address;
    hook.secret = item.token;
    hook.enabled = item.until > now_;
    hook.more = Map{{"resource_id", item.resource}, {"resource_uri", uri_of(item.file)}, {"expiration", item.until}};
    list.push_back(std::move(hook));
  }
  return list;
}

std::vector<Told> GoogleChannels::told(Millis now) {
  now_ = now;
  std::erase_if(channels_, [&](const Channel& item) { return item.until <= now; });
  return std::exchange(told_, {});
}

}  // namespace ieum::sandbox
