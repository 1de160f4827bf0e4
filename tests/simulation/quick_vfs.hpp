// A SQLite VFS over the default one that does not wait for the disk: for worlds whose crashes are of the process alone.
#pragma once

namespace ieum::sim {

// Its name; registered at the first call.
const char* quick_vfs();

}  // namespace ieum::sim
