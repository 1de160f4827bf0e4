// Damage: a store's file that is not as it was written. Whoever meets it notes it beside the file; the next start then looks at every
// page before it changes one, and refuses a file that is not sound.
#pragma once
#include <string>

#include "base/error.hpp"

namespace ieum::store {

// Leaves a note for the next start. [any-thread]
void note_damage(const std::string& path, const std::string& what);

// Whether the file is sound: integrity and foreign keys; reads all of it. Errors: "store_damaged" with what was found, and what reading
// it meets.
Status check_file(const std::string& path, const std::string& vfs);

// At a start: check_file when there is a note, which goes when the file is sound.
Status check_noted_damage(const std::string& path, const std::string& vfs);

// What to do about it.
std::string mend_of_damage(const std::string& path);

}  // namespace ieum::store
