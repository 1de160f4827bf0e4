#include "acceptance/translation.hpp"

#include <map>
#include <set>
#include <stdexcept>

#include "base/json.hpp"

namespace ieum::acceptance {

namespace {

[[noreturn]] void unknown(const std::string& what) {
  throw std::runtime_error("the translation does not know " + what);
}

Value part(const Value& of, std::string_view name) {
  const Value* found = of.get(name);
  return found == nullptr ? Value() : *found;
}

List items(const Value& of) { return of.if_list() == nullptr ? List() : *of.if_list(); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

const std::set<std::string> kStandard{"cart_add",      "product_viewed", "page_viewed",  "checkout_started",
                                      "order_created", "form_submitted", "link_clicked", "email_opened"};
const std::set<std::string> kOfShop{"checkout_started", "order_created"};

// What a scenario's property of an event is called here.
std::string field(const std::string& event, const std::string& property, const std::string& root) {
  static const std::map<std::pair<std::string, std::string>, std::string> kOther{
      {{"cart_add", "name"}, "product_name"},        {{"product_viewed", "name"}, "product_name"},
      {{"form_submitted", "form"}, "form_id"},       {{"checkout_started", "item"}, "items[0].title"},
      {{"order_created", "item"}, "items[0].title"}, {{"order_created", "type"}, "body.line_items[0].product_type"},
  };
  if (!kStandard.contains(event)) return root + ".body.properties." + property;
  const auto other = kOther.find({event, property});
  return root + "." + (other == kOther.end() ? property : other->second);
}

std::string literal(const Value& value) {
  if (const auto* text = value.if_string()) return "'" + replaced(*text, "'", "\\'") + "'";
  return write_json(value);
}

bool is_number(const Value& value) { return !value.is_string() && value.if_bool() == nullptr; }

std::string operation(const std::string& word) {
  static const std::map<std::string, std::string> kWords{{"gte", ">="}, {"gt", ">"},  {"lte", "<="},
                                                         {"lt", "<"},   {"eq", "=="}, {"ne", "!="}};
  const auto found = kWords.find(word);
  if (found == kWords.end()) unknown("the comparison " + word);
  return found->second;
}

std::string comparison(const std::string& left, const std::string& how, const Value& right) {
  return (is_number(right) ? "dec(" + left + ")" : left) + " " + how + " " + literal(right);
}

// {"via": "sms", "value": {"gte": 1}} as an expression; what refers to the trigger goes into `match`.
std::string where_of(const std::string& event, const Value& where, Map& match, const std::string& trigger) {
  std::string all;
  if (where.if_map() == nullptr) return all;
  for (const auto& [key, value] : *where.if_map()) {
    const std::string left = field(event, *key.if_string(), "event");
    const std::string* text = value.if_string();
    if (text != nullptr && text->starts_with('$')) {
      match.set(left, field(trigger, text->substr(1), "trigger"));
      continue;
    }
    std::string one;
    if (const Map* map = value.if_map()) {
      for (const auto& [word, right] : *map)
        one += (one.empty() ? "" : " && ") + comparison(left, operation(*word.if_string()), right);
    } else {
      one = comparison(left, "==", value);
    }
    all += (all.empty() ? "" : " && ") + one;
  }
  return all;
}

// `recipe`: what names a step of it is meant of this very run.
Value awaited(const Value& one, const std::string& trigger, const std::string& recipe) {
  const std::string event = one.text("event");
  Map out{{"event", event_name(event)}};
  Map match, rest;
  const Value where = part(one, "where");
  const bool of_step = where.if_map() != nullptr && where.text("recipe") == recipe && where.get("step") != nullptr;
  if (of_step) out.set("step", where.text("step"));
  if (where.if_map() != nullptr)
    for (const auto& [key, value] : *where.if_map())
      if (!of_step || (key != Value("recipe") && key != Value("step"))) rest.set(key, value);
  if (const auto written = where_of(event, rest, match, trigger); !written.empty()) out.set("where", written);
  if (const std::string same = one.text("same"); !same.empty())
    match.set(field(event, same, "event"), field(trigger, same, "trigger"));
  if (match.size() != 0) out.set("match", match);
  return out;
}

class Recipe {
 public:
  Recipe(const Value& scenario, const Value& written, Translated& out)
      : templates_(part(scenario, "templates")), timeline_(part(scenario, "timeline")), written_(written), out_(out) {
    trigger_ = part(written, "trigger").text("event");
    name_ = written.text("id");
  }

  Value translate() {
    Map recipe{{"recipe", name_}, {"title", name_}};
    if (const std::string topic = written_.text("topic"); !topic.empty()) recipe.set("topic", topic);
    const bool timed = part(written_, "trigger").get("schedule") != nullptr;
    if (!timed) recipe.set("about", about());
    recipe.set("trigger", timed ? schedule() : trigger());
    Map entry = this->entry();
    if (!history_.empty()) recipe.set("history", history_);
    if (entry.size() != 0) recipe.set("entry", std::move(entry));
    if (const Value exits = part(written_, "exit_on"); !exits.is_null()) {
      List all;
      for (const Value& one : items(exits)) all.push_back(awaited(one, trigger_, name_));
      recipe.set("exit_on", std::move(all));
    }
    if (const Value goal = part(written_, "goal"); !goal.is_null())
      recipe.set("goal", Map{{"event", event_name(goal.text("event"))}, {"within", goal.text("window")}});
    recipe.set("steps", steps(part(written_, "steps")));
    return recipe;
  }

 private:
  Value about() const {
    if (kOfShop.contains(trigger_)) return Map{{"email", "event.email"}, {"phone", "event.phone"}};
    if (trigger_ == "form_submitted") return Map{{"email", "event.email"}};
    return Map{{"user", "event.user_id"}};
  }

  Value trigger() {
    const Value written = part(written_, "trigger");
    Map out = *awaited(Map{{"event", trigger_}, {"where", part(written, "where")}}, trigger_, name_).if_map();
    const Value absent = part(written, "absent");
    if (absent.is_null()) return out;
    Map never = *awaited(absent, trigger_, name_).if_map();
    never.set("within", absent.text("within"));
    if (written.flag("debounce")) never.set("debounce", true);
    out.set("absent", std::move(never));
    return out;
  }

  // "2026-04-07T14:00:00+09:00" is the time of a schedule that comes once in the scenario's days.
  Value schedule() {
    const Value written = part(written_, "trigger");
    const std::string once = part(written, "schedule").text("once");
    if (once.size() < 16) unknown("the schedule " + write_json(part(written, "schedule")));
    const auto number = [&](std::size_t at) { return std::to_string(std::stoi(once.substr(at, 2))); };
    std::string audience;
    for (const Value& one : items(part(written, "audience")))
      audience += (audience.empty() ? "" : " && ") + condition(one);
    return Map{{"schedule", Map{{"cron", number(14) + " " + number(11) + " " + number(8) + " " + number(5) + " *"}}},
               {"audience", audience}};
  }

  Map entry() {
    const Value written = part(written_, "entry");
    Map out;
    if (const std::string mode = written.text("mode"); !mode.empty()) out.set("mode", mode);
    if (const std::string key = written.text("key"); !key.empty()) out.set("key", field(trigger_, key, "event"));
    if (const Value cap = part(written, "cap"); !cap.is_null()) out.set("cap", cap);
    std::string where;
    for (const Value& filter : items(part(written, "filters")))
      where += (where.empty() ? "" : " && ") + condition(filter);
    if (!where.empty()) out.set("where", where);
    return out;
  }

  // Of what a customer did, or is.
  std::string condition(const Value& written) {
    if (const std::string attribute = written.text("attr"); !attribute.empty())
      return comparison("customer." + attribute, "==", part(written, "eq"));
    const std::string event = written.text("event");
    if (event.empty()) unknown("the condition " + write_json(written));
    const std::string name = "h" + std::to_string(history_.size() + 1);
    Map match;
    Map question{{"name", name}, {"event", event_name(event)}};
    if (const auto where = where_of(event, part(written, "where"), match, trigger_); !where.empty())
      question.set("where", where);
    if (match.size() != 0) question.set("match", match);
    if (const std::string within = written.text("within"); !within.empty()) question.set("within", within);
    std::string figure = "count";
    for (const char* kind : {"sum", "distinct"})
      if (const std::string of = written.text(kind); !of.empty()) {
        question.set(kind, field(event, of, "event"));
        figure = kind;
      }
    history_.emplace_back(std::move(question));
    return "history." + name + "." + figure + " " + written.text("op") + " " + write_json(part(written, "n"));
  }

  List steps(const Value& written) {
    List out;
    for (const Value& one : items(written)) out.push_back(step(one));
    return out;
  }

  Value step(const Value& written) {
    if (const Value wait = part(written, "wait"); !wait.is_null()) {
      if (const std::string span = wait.text("for"); !span.empty()) return Map{{"wait", span}};
      unknown("the wait " + write_json(wait));
    }
    if (const Value wait = part(written, "wait_for"); !wait.is_null()) return wait_for(written, wait);
    if (const Value send = part(written, "send"); !send.is_null()) return this->send(written.text("id"), send);
    if (const Value action = part(written, "action"); action.text("connector") == "slack")
      return Map{{"id", written.text("id")},
                 {"use", "slack.message.post"},
                 {"connection", "slack"},
                 {"with", Map{{"channel", action.text("to")}, {"text", filled(action.text("text"))}}}};
    unknown("the step " + write_json(written));
  }

  Value wait_for(const Value& written, const Value& wait) {
    List any;
    for (const Value& one : items(part(wait, "any"))) any.push_back(awaited(one, trigger_, name_));
    List then = steps(part(written, "then"));
    if (written.flag("then_exit")) then.push_back(Map{{"stop", "reached"}});
    if (any.size() > 1 && !then.empty()) {
      for (Value& one : any) {
        Map with = *one.if_map();
        with.set("then", then);
        one = std::move(with);
      }
      then.clear();
    }
    Map out{{"id", written.text("id")},
            {"wait_for", any.size() == 1 ? any[0] : Value(any)},
            {"timeout", wait.text("timeout")}};
    if (!then.empty()) out.set("then", std::move(then));
    if (List late = steps(part(written, "timeout")); !late.empty()) out.set("on_timeout", std::move(late));
    return out;
  }

  Value send(const std::string& id, const Value& send) {
    const std::string channel = send.text("channel");
    const Value text = part(templates_, send.text("template"));
    const std::string body = text.text("body");
    Map out{{"id", id}};
    const auto use = [&](const char* operation, const char* connection, Map with) {
      out.set("use", operation);
      out.set("connection", connection);
      out.set("class", send.text("class"));
      out.set("with", std::move(with));
    };
    const auto links = clicked(id);
    if (channel == "push") {
      Map with{{"to", "{{ customer.push_token }}"}, {"text", filled(body)}};
      if (!links.empty()) with.set("link", "https://shop.example.kr/" + *links.begin());
      use("fcm.message.send", "fcm", std::move(with));
    } else if (channel == "email")
      use("brevo.email.send", "brevo",
          {{"to", "{{ customer.email }}"},
           {"sender", "shop@example.com"},
           {"subject", filled(text.text("subject"))},
           {"html", filled(body) + anchors(links)}});
    else if (channel == "sms")
      use("kakao.sms.send", "kakao", {{"to", "{{ customer.phone }}"}, {"text", filled(body)}});
    else if (channel == "kakao_friendtalk")
      use("kakao.brand_message.send", "kakao", {{"to", "{{ customer.phone }}"}, {"text", filled(body)}});
    else if (channel == "kakao_alimtalk")
      use("kakao.alimtalk.send", "kakao", alimtalk(id, body));
    else
      unknown("the channel " + channel);
    if (const std::string expires = send.text("expires"); !expires.empty()) out.set("expires", expires);
    return out;
  }

  // The links of a message that somebody clicks on later. The notation does not say where they stand.
  std::set<std::string> clicked(const std::string& step) const {
    std::set<std::string> names;
    for (const Value& item : items(timeline_))
      if (const Value message = part(item, "msg"); message.text("recipe") == name_ && message.text("step") == step)
        if (item.text("do") == "click") names.insert(item.text("link", "page"));
    return names;
  }
  static std::string anchors(const std::set<std::string>& names) {
    std::string all;
    for (const auto& name : names)
      all += "<a href=\"https://shop.example.kr/" + name + "\" data-link=\"" + name + "\"></a>";
    return all;
  }

  Map alimtalk(const std::string& id, const std::string& body) {
    KakaoTemplate made{"T_" + name_ + "_" + id, ""};
    Map variables;
    std::size_t from = 0;
    for (auto at = body.find("{{"); at != std::string::npos; at = body.find("{{", from)) {
      const auto end = body.find("}}", at) + 2;
      const std::string name = "v" + std::to_string(variables.size() + 1);
      made.text += body.substr(from, at - from) + "#{" + name + "}";
      variables.set(name, filled(body.substr(at, end - at)));
      from = end;
    }
    made.text += body.substr(from);
    Map with{{"to", "{{ customer.phone }}"}, {"template", made.code}};
    if (variables.size() != 0) with.set("variables", std::move(variables));
    out_.templates.push_back(std::move(made));
    return with;
  }

  // {{customer.name|default:"고객"}} -> {{ customer.name | or('고객') }}; amounts of money are written out.
  std::string filled(const std::string& text) const {
    std::string out;
    std::size_t from = 0;
    for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", from)) {
      const auto end = text.find("}}", at);
      std::string name = text.substr(at + 2, end - at - 2), fallback;
      if (const auto bar = name.find("|default:\""); bar != std::string::npos) {
        fallback = name.substr(bar + 10, name.size() - bar - 11);
        name.resize(bar);
      }
      out += text.substr(from, at - from);
      from = end + 2;
      std::string expression = name;
      if (name.starts_with("trigger.")) expression = field(trigger_, name.substr(8), "trigger");
      if (name == "trigger.total" && text.compare(from, std::string("원").size(), "원") == 0) {
        expression = "format_money(" + expression + ", 'KRW')";
        from += std::string("원").size();
      }
      out += "{{ " + expression + (fallback.empty() ? "" : " | or('" + fallback + "')") + " }}";
    }
    return out + text.substr(from);
  }

  const Value templates_, timeline_, written_;
  Translated& out_;
  std::string trigger_, name_;
  List history_;
};

}  // namespace

std::string event_name(const std::string& neutral) {
  if (kStandard.contains(neutral)) return neutral;
  std::string out = "segment/";
  bool first = true;
  for (const char c : neutral) {
    out += c == '_' ? ' ' : first ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return out;
}

std::string channel_name(const std::string& neutral) {
  return neutral == "kakao_friendtalk" ? "kakao_brand_message" : neutral;
}

Translated translate(const Value& scenario) {
  Translated out;
  for (const Value& recipe : items(part(scenario, "recipes")))
    out.recipes.push_back(Recipe(scenario, recipe, out).translate());
  return out;
}

}  // namespace ieum::acceptance
