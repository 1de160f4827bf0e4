// A template as Kakao approved it, and what may be sent of it. Pure: the same text comes out that the dealer will make of
// it, so that a difference is found before anything is sent.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ieum/module.hpp"

namespace kakao {

// Of an alimtalk, a brand message, or a template. What a kind of button does not use is empty.
struct Button {
  std::string type;  // WL, AL, DS, BK, MD, BC, BT, AC, BF, P1, P2, P3, TN
  std::string name;
  std::string link_mo, link_pc, scheme_android, scheme_ios;
  std::string chat_extra, chat_event;  // BC, BT
  std::string biz_form_id;             // BF
  std::string plugin_id;               // P1 - P3
  std::string tel_number;              // TN
  std::string target;                  // "out": opens outside of KakaoTalk
};

struct Template {
  std::string key;                 // the dealer's code or id
  std::string title;               // of the template, for people
  std::string status;              // requested, reviewing, approved, rejected, stopped
  std::string kind;                // BA, EX, AD, MI
  std::string emphasis;            // NONE, TEXT, IMAGE, ITEM_LIST
  std::string text;                // with #{variables}; line breaks and blanks count
  std::string headline, subtitle;  // of emphasis TEXT
  std::vector<Button> buttons;
};

// What is wrong, in the words of an error of the step.
struct Refusal {
  std::string code;
  std::string message;
};

// The item of the resource `templates`, and back. Nothing when it is none.
std::optional<Template> read_template(const ieum::json::value& item);
ieum::json::object template_item(const Template& item);

// Names without #{}, in order of first use: of the text, the headline and the buttons.
std::vector<std::string> variables_of(const Template& item);

// From the input `buttons`, a list of maps with the names of Button. wrong: what cannot be read.
std::vector<Button> read_buttons(const ieum::json::value& list, std::optional<Refusal>& wrong);
// Kakao's rules for what a kind of button needs, for a message or a template. allowed: how many there may be.
std::optional<Refusal> check_buttons(const std::vector<Button>& buttons, std::size_t allowed);

// The text in which each #{name} is the variable of that name; a name that is not there stays.
std::string filled(std::string_view text, const ieum::json::object& variables);

// What the receiver will read.
struct Rendered {
  std::string text;
  std::vector<Button> buttons;
  std::optional<Refusal> refusal;  // then nothing may be sent
};
// variables: name without #{} -> text. expected: when not empty, the text that the author expects, byte for byte.
// buttons: of the step, empty when the template's own are meant.
Rendered render(const Template& item, const ieum::json::object& variables, std::string_view expected,
                const std::vector<Button>& buttons);

// Characters (code points) of a text in UTF-8.
std::size_t characters(std::string_view text);

}  // namespace kakao
