// Log: where the process says what it does. An interface; app builds the real one, tests keep lines in memory.
// No secret and no payload goes in: fields are ids, names, counts, codes.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ieum {

class Log {
 public:
  enum class Level { debug, info, warning, error };
  using Field = std::pair<std::string_view, std::string>;
  virtual ~Log() = default;
  virtual void write(Level level, std::string_view message, std::initializer_list<Field> fields) = 0;  // [any-thread]

  void info(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::info, message, fields); }
  void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::error, message, fields);
  }
};

class NullLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace ieum
