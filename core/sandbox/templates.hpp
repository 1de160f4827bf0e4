// Templates: the alimtalk texts that Kakao has approved, for both dealers. What is sent must be the approved text with its
// #{variables} filled in. Private to sandbox; a plain value.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

struct Button {
  std::string name;
  std::string type = "WL";
  std::string url;  // link_mo
  Map more;  // what else its kind has, by NHN Cloud's names: linkPc, schemeAndroid, schemeIos, chatExtra, telNumber ...
};

struct Template {
  std::string code;  // NHN templateCode, Solapi templateId
  std::string title;
  std::string text;
  std::vector<Button> buttons;
  bool approved = true;
  std::string emphasis = "NONE";  // NONE, TEXT, IMAGE, ITEM_LIST
};

// The text between "#{" and "}", in order of first use.
std::vector<std::string> variables_of(const Template& item);

struct Rendered {
  std::string text;
  std::vector<Button> buttons;
  std::vector<std::string> missing;  // variables without a value; then text is not what anybody gets
};
// value_of gets the bare name ("고객명"); nothing says that there is no value.
Rendered render(const Template& item, const std::function<std::optional<std::string>(const std::string&)>& value_of);

// Whether the text could have come of the template: its fixed parts in order, something for each variable.
bool matches(const Template& item, std::string_view text);

class TemplateStore {
 public:
  TemplateStore();  // CART_REMIND, ORDER_OK, OLD_NOTICE
  [[nodiscard]] const Template* find(std::string_view code) const;
  [[nodiscard]] const std::vector<Template>& all() const { return items_; }
  // From POST /_sandbox/templates; replaces one of the same code. Error "bad_template"; "full" beyond 1,000.
  Status put(const Value& json);

 private:
  std::vector<Template> items_;
};

Value buttons_value(const std::vector<Button>& buttons);
Value template_value(const Template& item);

}  // namespace ieum::sandbox
