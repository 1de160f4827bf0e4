#include "server/console_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"
#include "server/answers.hpp"

namespace ieum::server {
namespace {

constexpr std::uintmax_t kFileBytesMax = 16u << 20;
constexpr std::size_t kDigestLetters = 8;

constexpr std::string_view kNoConsole =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Ieum</title></head>\n"
    "<body><h1>Ieum</h1><p>The hub is running. Its console is not built yet.</p>\n"
    "<p>Run <code>make build</code> in the source folder and start the hub again. Until then, use the command line: "
    "<code>ieum --help</code>.</p>\n"
    "<p lang=\"ko\">허브는 실행 중입니다. 콘솔이 아직 빌드되지 않았습니다. 소스 폴더에서 <code>make build</code> 을 "
    "실행한 뒤 "
    "허브를 다시 시작하세요.</p></body></html>\n";

std::string type_of(std::string_view name) {
  static constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".txt", "text/plain; charset=utf-8"},
  });
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

// name-<digest>.ending, as the console's build writes it: the last eight letters before the ending.
bool has_digest(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto stem = name.substr(0, name.find('.'));
  if (stem.size() < kDigestLetters + 2 || stem[stem.size() - kDigestLetters - 1] != '-') return false;
  const auto digest = stem.substr(stem.size() - kDigestLetters);
  const auto is_letter = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  return path.starts_with("assets/") && std::all_of(digest.begin(), digest.end(), is_letter);
}

// The console finds its page by itself; the hub only knows where one may be, so that what is nowhere stays missing.
bool is_page(std::string_view path) {
  static constexpr auto kPages =
      std::to_array<std::string_view>({"", "enter", "claim", "login", "invitation", "runs", "problems", "lists",
                                       "events", "customers", "recipes", "connections", "settings"});
  const auto decoded = percent_decode(path);
  if (!decoded || decoded->find("//") != std::string::npos || decoded->ends_with('/')) return false;
  const auto is_odd = [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '.' || c == '\\'; };
  if (std::any_of(decoded->begin(), decoded->end(), is_odd)) return false;
  return std::find(kPages.begin(), kPages.end(), path.substr(0, path.find('/'))) != kPages.end();
}

}  // namespace

ConsoleFiles ConsoleFiles::read(const std::string& folder, Log& log) {
  namespace fs = std::filesystem;
  ConsoleFiles result;
  std::error_code failed;
  if (!folder.empty() && fs::is_directory(folder, failed)) {
    for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
      std::error_code unreadable;
      if (at->symlink_status(unreadable).type() != fs::file_type::regular || unreadable) continue;
      const auto path = at->path().lexically_relative(folder).generic_string();
      if (at->file_size(unreadable) > kFileBytesMax || unreadable) {
        log.warning("a file of the console was left out", {{"file", path}});
        continue;
      }
      std::ifstream in(at->path(), std::ios::binary);
      File file{type_of(path), has_digest(path), std::string(std::istreambuf_iterator<char>(in), {})};
      if (in.bad())
        log.warning("a file of the console could not be read", {{"file", path}});
      else
        result.files_.emplace(path, std::move(file));
    }
  }
  if (!result.files_.contains("index.html")) {
    log.info("the console is not built; the admin side serves the API only", {{"folder", folder}});
    result.files_["index.html"] = {"text/html; charset=utf-8", false, std::string(kNoConsole)};
  }
  return result;
}

HttpResponse ConsoleFiles::answer(const std::string& path) const {
  const auto found = files_.find(is_page(path) ? std::string_view("index.html") : std::string_view(path));
  HttpResponse answer;
  if (found == files_.end()) {
    answer = not_found_answer();
  } else {
    answer.headers.add("Content-Type", found->second.type);
    answer.headers.add("Cache-Control", found->second.keep ? "public, max-age=31536000, immutable" : "no-cache");
    answer.body = found->second.bytes;
  }
  add_browser_rules(answer);
  return answer;
}

}  // namespace ieum::server
