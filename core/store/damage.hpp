// Damage: a store's file that is not as it was written. Whoever meets it notes it beside the file; the next start then looks at every
// page before it changes one, and refuses a file that is not sound. What was met in a sound file can only have been in the search
// index, which no such look sees and which holds nothing of its own: it is made anew.
#pragma once
#include <string>

#include "base/error.hpp"

namespace ieum::store {

class Database;

// Leaves a note for the next start. [any-thread]
void note_damage(const std::string& path, const std::string& what);

// Whether the file is sound: integrity and foreign keys; reads all of it. Errors: "store_damaged" with what was found, and what reading
// it meets.
Status check_file(const std::string& path, const std::string& vfs);

// At a start: check_file when there is a note. Whether there is one; then forget_damage() when the file is as it should be.
Result<bool> check_noted_damage(const std::string& path, const std::string& vfs);
void forget_damage(const std::string& path);

// Empties the search index; the hub fills it from its first run on.
Status clear_search(Database& database);

// What to do about it.
std::string mend_of_damage(const std::string& path);

}  // namespace ieum::store
