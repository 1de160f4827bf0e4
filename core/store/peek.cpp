#include "store/peek.hpp"

#include <filesystem>

#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

Result<std::optional<std::string>> peek_meta(const std::string& path, const std::string& name) {
  std::error_code none;
  if (std::filesystem::file_size(path, none) == 0 || none) return std::optional<std::string>();
  IEUM_CHECK(refuse_foreign(path, {}, migrations()));
  IEUM_TRY(const auto database, Database::open(path, {}, Database::Role::reader));
  IEUM_TRY(const std::int64_t tables, database->integer("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'"));
  if (tables == 0) return std::optional<std::string>();
  auto statement = database->prepare("SELECT value FROM meta WHERE name = ?1");
  if (!statement) return database->error(database->code());
  statement->bind(std::string_view(name));
  const int code = statement->step();
  if (code == SQLITE_DONE) return std::optional<std::string>();
  if (code != SQLITE_ROW) return database->error(code);
  return std::optional<std::string>(statement->columns().text());
}

}  // namespace ieum::store
