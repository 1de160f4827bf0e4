#include "base/secret.hpp"

#include <string.h>  // explicit_bzero

namespace ieum {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    bytes_ = other.bytes_;
  }
  return *this;
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() noexcept {
  bytes_.resize(bytes_.capacity());  // never reallocates; a short string that was moved from still lies in its buffer
  explicit_bzero(bytes_.data(), bytes_.size());
  bytes_.clear();
}

}  // namespace ieum
