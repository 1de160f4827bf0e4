// Console files: the built console, read once at the start and served from memory. A request is looked up by its whole path
// among the files found then, so that no path leads out of the folder; links are not followed.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/http.hpp"
#include "base/log.hpp"

namespace ieum::server {

class ConsoleFiles {
 public:
  // A folder without index.html gives a page that says how to build one. Files over 16 MiB are left out with a warning.
  static ConsoleFiles read(const std::string& folder, Log& log);

  // `path` has no '/' in front. The addresses of pages, "" and "runs/7" among them, are index.html. Names with a digest in them (name-1a2b3c4d.js) may be kept by the
  // browser for ever; all else is asked for again. 404 where nothing is.
  [[nodiscard]] HttpResponse answer(const std::string& path) const;

 private:
  struct File {
    std::string type;
    bool keep = false;
    std::string bytes;
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace ieum::server
