#include "runtime/intake_budget.hpp"

#include <algorithm>
#include <utility>

namespace ieum::runtime {

IntakeBudget::Share::Share(std::shared_ptr<IntakeBudget> budget, std::string connection, std::size_t bytes)
    : budget_(std::move(budget)), connection_(std::move(connection)), bytes_(bytes) {}

IntakeBudget::Share::~Share() { budget_->give_back(connection_, bytes_, 1); }

void IntakeBudget::Share::shrink(std::size_t bytes) {
  if (bytes >= bytes_) return;
  budget_->give_back(connection_, bytes_ - bytes, 0);
  bytes_ = bytes;
}

IntakeBudget::Asked IntakeBudget::ask(const std::string& connection, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = used_.find(connection);
    const Used own = known == used_.end() ? Used() : known->second;
    // Half of what is free when its own is given back: alone it gets half of all.
    const std::size_t bytes_share = (limits_.bytes_max - std::min(limits_.bytes_max, level_.bytes) + own.bytes) / 2;
    const std::size_t rows_share = (limits_.rows_max - std::min(limits_.rows_max, level_.rows) + own.rows) / 2;
    const bool fits = level_.bytes + bytes <= limits_.bytes_max && level_.rows < limits_.rows_max;
    const bool over = own.bytes + bytes > bytes_share || own.rows >= rows_share;
    if (over || !fits) {
      ++level_.refused;
      // Who has nothing under way is not the one who floods.
      return {own.rows > 0 && over ? Verdict::connection_full : Verdict::hub_full, nullptr};
    }
    auto& used = known == used_.end() ? used_[connection] : known->second;
    used.bytes += bytes;
    ++used.rows;
    level_.bytes += bytes;
    ++level_.rows;
    level_.bytes_peak = std::max(level_.bytes_peak, level_.bytes);
    level_.rows_peak = std::max(level_.rows_peak, level_.rows);
  }
  return {Verdict::taken, std::make_shared<Share>(shared_from_this(), connection, bytes)};
}

void IntakeBudget::give_back(const std::string& connection, std::size_t bytes, std::size_t rows) {
  const std::lock_guard lock(mutex_);
  level_.bytes -= bytes;
  level_.rows -= rows;
  const auto used = used_.find(connection);
  used->second.bytes -= bytes;
  used->second.rows -= rows;
  if (used->second.rows == 0) used_.erase(used);
}

IntakeBudget::Level IntakeBudget::level() const {
  const std::lock_guard lock(mutex_);
  return level_;
}

}  // namespace ieum::runtime
