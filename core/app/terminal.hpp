// Terminal: what the command line shows to a person: tables, colour, times. Colour and width only on a terminal.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace ieum::app {

enum class Colour { plain, dim, red, green, yellow, blue, bold };

class Terminal {
 public:
  explicit Terminal(bool colour) : colour_(colour) {}
  // For standard output; no colour when it is no terminal.
  static Terminal standard_output();

  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
  // Columns aligned by what is seen (Hangul takes two cells); the last column is not padded.
  [[nodiscard]] std::string table(const std::vector<std::string>& heads,
                                  const std::vector<std::vector<std::string>>& rows) const;
  // A run's state in its colour.
  [[nodiscard]] std::string state(std::string_view word) const;

 private:
  bool colour_;
};

// Cells that a text takes: two for Hangul, Han and full-width forms, none for combining marks.
std::size_t cells(std::string_view text);
// Control bytes become visible, so that no value can drive the terminal.
std::string printable(std::string_view text);
// "2026-03-02 09:00:00" in the machine's local zone of the hub's people: +09:00 unless told.
std::string local_time(Millis instant);
// "1.5 GB", in powers of 1000.
std::string bytes_text(std::int64_t bytes);

}  // namespace ieum::app
