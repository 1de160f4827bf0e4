// Soundness: whether a store's file is whole, asked of SQLite itself and of rows that must agree with each other.
#pragma once
#include <string>

namespace ieum::store::test {

// Empty when the file at `path` is sound: integrity, foreign keys, rows that belong together, and totals that agree with the rows.
std::string faults_of(const std::string& path);

}  // namespace ieum::store::test
