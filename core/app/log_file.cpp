#include "app/log_file.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.hpp"

namespace ieum::app {
namespace {

spdlog::level::level_enum level_of(Log::Level level) {
  switch (level) {
    case Log::Level::debug: return spdlog::level::debug;
    case Log::Level::info: return spdlog::level::info;
    case Log::Level::warning: return spdlog::level::warn;
    case Log::Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

class SpdLog final : public Log {
 public:
  SpdLog(LogForm form, Level least)
      : form_(form), logger_("ieum", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    logger_.set_level(level_of(least));
    logger_.flush_on(spdlog::level::info);
    if (form == LogForm::json) {
      logger_.set_pattern("{\"at\":\"%Y-%m-%dT%H:%M:%S.%e%z\",\"level\":\"%l\",%v}");
    } else {
      logger_.set_pattern("%H:%M:%S %^%-7l%$ %v");
    }
  }

  void write(Level level, std::string_view message, std::initializer_list<Field> fields) override {
    if (!logger_.should_log(level_of(level))) return;
    std::string line;
    if (form_ == LogForm::json) {
      line = "\"message\":" + write_json(Value(message));
      for (const auto& [name, value] : fields) line += ',' + write_json(Value(name)) + ':' + write_json(Value(value));
    } else {
      line = message;
      for (const auto& [name, value] : fields) {
        std::string quoted = write_json(Value(value));
        const bool plain = quoted.size() == value.size() + 2 && value.find(' ') == std::string::npos;
        line += "  " + std::string(name) + '=' + (plain ? value : quoted);
      }
    }
    logger_.log(level_of(level), line);
  }

 private:
  LogForm form_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(LogForm form, Log::Level least) { return std::make_unique<SpdLog>(form, least); }

}  // namespace ieum::app
