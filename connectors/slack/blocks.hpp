// Block Kit out of plain inputs: header, text, fields, buttons. Every text of an input is escaped or plain, so that it can be
// neither mention nor link; what is too long for Slack is cut or refused before it is sent. Blocks of the author's own go as
// they are, once they are judged. Private to messages.
// Limits: https://docs.slack.dev/reference/block-kit/blocks
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace slack {

class Blocks {
 public:
  struct Problem {
    std::string_view code;
    std::string message;
  };

  // `mentions`: what stands before the text, in Slack's own form. `asks`: with the two buttons of an approval.
  Blocks(const ieum::Call& call, const std::string& mentions, bool asks);

  [[nodiscard]] bool empty() const { return blocks_.empty(); }
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }
  [[nodiscard]] ieum::json::array take() { return std::move(blocks_); }

 private:
  void header();
  void text(const std::string& mentions);
  void fields();
  void buttons();
  void approval();
  void refuse(std::string_view code, std::string message);
  void add(ieum::json::object block);

  const ieum::Call& call_;
  ieum::json::array blocks_;
  std::optional<Problem> problem_;
};

}  // namespace slack
