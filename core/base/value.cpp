#include "base/value.hpp"

#include <charconv>
#include <limits>

#include "base/error.hpp"

namespace ieum {
namespace {

constexpr std::size_t kLinearSearchMax = 16;

// bool < numbers < string; other kinds are no keys.
int key_class(const Value& key) {
  switch (key.kind()) {
    case Value::Kind::boolean: return 0;
    case Value::Kind::integer:
    case Value::Kind::unsigned_integer: return 1;
    case Value::Kind::string: return 2;
    default: return -1;
  }
}

bool number_less(const Value& a, const Value& b) {
  const auto* a_int = a.if_int();
  const auto* b_int = b.if_int();
  if (a_int && b_int) return *a_int < *b_int;
  if (a_int) return *a_int < 0 || static_cast<std::uint64_t>(*a_int) < *b.if_uint();
  if (b_int) return *b_int >= 0 && *a.if_uint() < static_cast<std::uint64_t>(*b_int);
  return *a.if_uint() < *b.if_uint();
}

bool same_key(const Value& a, const Value& b) {
  const int a_class = key_class(a);
  if (a_class != key_class(b)) return false;
  if (a_class == 0) return *a.if_bool() == *b.if_bool();
  if (a_class == 1) return !number_less(a, b) && !number_less(b, a);
  return *a.if_string() == *b.if_string();
}

}  // namespace

static_assert(sizeof(Value) == 40);

Value::Value(Decimal v) : kind_(Kind::decimal) { new (&data_.decimal) Decimal(std::move(v)); }
Value::Value(Bytes v) : kind_(Kind::bytes) { new (&data_.bytes) Bytes(std::move(v)); }
Value::Value(TypeName v) : kind_(Kind::type) { new (&data_.type) TypeName(std::move(v)); }
Value::Value(OptionalValue v) : kind_(Kind::optional) { new (&data_.optional) OptionalValue(std::move(v)); }
Value::Value(List v) : kind_(Kind::list) {
  auto list = std::make_shared<const List>(std::move(v));
  new (&data_.list) std::shared_ptr<const List>(std::move(list));
}
Value::Value(Map v) : kind_(Kind::map) {
  auto map = std::make_shared<const Map>(std::move(v));
  new (&data_.map) std::shared_ptr<const Map>(std::move(map));
}

void Value::copy_held(const Value& other) {
  switch (kind_) {
    case Kind::list: new (&data_.list) std::shared_ptr<const List>(other.data_.list); return;
    case Kind::map: new (&data_.map) std::shared_ptr<const Map>(other.data_.map); return;
    case Kind::decimal: new (&data_.decimal) Decimal(other.data_.decimal); return;
    case Kind::bytes: new (&data_.bytes) Bytes(other.data_.bytes); return;
    case Kind::type: new (&data_.type) TypeName(other.data_.type); return;
    case Kind::optional: new (&data_.optional) OptionalValue(other.data_.optional); return;
    default: IEUM_ASSERT(!"a plain value holds nothing");
  }
}

void Value::take_held(Value& other) noexcept {
  switch (kind_) {
    case Kind::list: new (&data_.list) std::shared_ptr<const List>(std::move(other.data_.list)); return;
    case Kind::map: new (&data_.map) std::shared_ptr<const Map>(std::move(other.data_.map)); return;
    case Kind::decimal: new (&data_.decimal) Decimal(std::move(other.data_.decimal)); return;
    case Kind::bytes: new (&data_.bytes) Bytes(std::move(other.data_.bytes)); return;
    case Kind::type: new (&data_.type) TypeName(std::move(other.data_.type)); return;
    case Kind::optional: new (&data_.optional) OptionalValue(std::move(other.data_.optional)); return;
    default: IEUM_ASSERT(!"a plain value holds nothing");
  }
}

void Value::drop_held() noexcept {
  switch (kind_) {
    case Kind::list: data_.list.~shared_ptr(); return;
    case Kind::map: data_.map.~shared_ptr(); return;
    case Kind::decimal: data_.decimal.~Decimal(); return;
    case Kind::bytes: data_.bytes.~Bytes(); return;
    case Kind::type: data_.type.~TypeName(); return;
    case Kind::optional: data_.optional.~OptionalValue(); return;
    default: IEUM_ASSERT(!"a plain value holds nothing");
  }
}

const Value* Value::get(std::string_view key) const {
  const Map* map = if_map();
  return map ? map->find(key) : nullptr;
}

const Value* Value::at_path(std::string_view dotted) const {
  const Value* here = this;
  while (here) {
    const std::size_t dot = dotted.find('.');
    const std::string_view part = dotted.substr(0, dot);
    if (const List* list = here->if_list()) {
      std::size_t index = 0;
      const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), index);
      const bool whole = failure == std::errc() && end == part.data() + part.size() && !part.empty();
      here = whole && index < list->size() ? &(*list)[index] : nullptr;
    } else {
      here = here->get(part);
    }
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  return here;
}

std::string Value::text(std::string_view key, std::string_view fallback) const {
  const Value* member = get(key);
  const std::string* held = member ? member->if_string() : nullptr;
  return held ? *held : std::string(fallback);
}

std::int64_t Value::number(std::string_view key, std::int64_t fallback) const {
  const Value* member = get(key);
  if (!member) return fallback;
  if (const auto* held = member->if_int()) return *held;
  const auto* wide = member->if_uint();
  if (wide && *wide <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return static_cast<std::int64_t>(*wide);
  return fallback;
}

bool Value::flag(std::string_view key, bool fallback) const {
  const Value* member = get(key);
  const bool* held = member ? member->if_bool() : nullptr;
  return held ? *held : fallback;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::null: return true;
    case Value::Kind::boolean: return *a.if_bool() == *b.if_bool();
    case Value::Kind::integer: return *a.if_int() == *b.if_int();
    case Value::Kind::unsigned_integer: return *a.if_uint() == *b.if_uint();
    case Value::Kind::floating: return *a.if_double() == *b.if_double();
    case Value::Kind::decimal: return *a.if_decimal() == *b.if_decimal();
    case Value::Kind::string: return *a.if_string() == *b.if_string();
    case Value::Kind::bytes: return *a.if_bytes() == *b.if_bytes();
    case Value::Kind::list: return a.if_list() == b.if_list() || *a.if_list() == *b.if_list();
    case Value::Kind::map: return a.if_map() == b.if_map() || *a.if_map() == *b.if_map();
    case Value::Kind::timestamp: return *a.if_timestamp() == *b.if_timestamp();
    case Value::Kind::duration: return *a.if_duration() == *b.if_duration();
    case Value::Kind::type: return *a.if_type() == *b.if_type();
    case Value::Kind::optional: {
      const auto& left = a.if_optional()->value;
      const auto& right = b.if_optional()->value;
      return left && right ? *left == *right : !left && !right;
    }
  }
  return false;
}

bool Map::KeyLess::operator()(const Value& a, const Value& b) const {
  const int a_class = key_class(a);
  const int b_class = key_class(b);
  if (a_class != b_class) return a_class < b_class;
  if (a_class == 0) return *a.if_bool() < *b.if_bool();
  if (a_class == 1) return number_less(a, b);
  return *a.if_string() < *b.if_string();
}

bool Map::KeyLess::operator()(const Value& a, std::string_view b) const {
  const std::string* held = a.if_string();
  return held ? std::string_view(*held) < b : true;
}

bool Map::KeyLess::operator()(std::string_view a, const Value& b) const {
  const std::string* held = b.if_string();
  return held ? a < std::string_view(*held) : false;
}

Map::Map() noexcept = default;
Map::Map(const Map& other)
    : entries_(other.entries_), index_(other.index_ ? std::make_unique<Index>(*other.index_) : nullptr) {}
Map::Map(Map&& other) noexcept = default;
Map& Map::operator=(const Map& other) { return *this = Map(other); }
Map& Map::operator=(Map&& other) noexcept = default;
Map::~Map() = default;

Map::Map(std::initializer_list<Entry> entries) {
  entries_.reserve(entries.size());
  for (const Entry& entry : entries) set(entry.first, entry.second);
}

Map Map::of_distinct(std::vector<Entry> entries) {
  Map map;
  map.entries_ = std::move(entries);
  if (map.entries_.size() > kLinearSearchMax) map.index_all();
  return map;
}

void Map::index_all() {
  index_ = std::make_unique<Index>();
  for (std::size_t i = 0; i < entries_.size(); ++i) index_->emplace(entries_[i].first, i);
}

const Value* Map::find(const Value& key) const {
  if (const std::string* held = key.if_string()) return find(std::string_view(*held));
  if (key_class(key) < 0) return nullptr;
  if (index_) {
    const auto found = index_->find(key);
    return found == index_->end() ? nullptr : &entries_[found->second].second;
  }
  for (const Entry& entry : entries_)
    if (same_key(entry.first, key)) return &entry.second;
  return nullptr;
}

const Value* Map::find(std::string_view key) const {
  if (index_) {
    const auto found = index_->find(key);
    return found == index_->end() ? nullptr : &entries_[found->second].second;
  }
  for (const Entry& entry : entries_) {
    const std::string* held = entry.first.if_string();
    if (held && *held == key) return &entry.second;
  }
  return nullptr;
}

void Map::set(Value key, Value value) {
  if (const Value* held = find(key)) {
    // `held` points into entries_, which this object may change.
    *const_cast<Value*>(held) = std::move(value);
    return;
  }
  add(std::move(key), std::move(value));
}

bool Map::add(Value key, Value value) {
  IEUM_ASSERT(key_class(key) >= 0);
  if (!index_) {
    if (find(key)) return false;
    entries_.emplace_back(std::move(key), std::move(value));
    if (entries_.size() > kLinearSearchMax) index_all();
    return true;
  }
  if (!index_->emplace(key, entries_.size()).second) return false;
  entries_.emplace_back(std::move(key), std::move(value));
  return true;
}

bool operator==(const Map& a, const Map& b) {
  if (a.size() != b.size()) return false;
  for (const Map::Entry& entry : a) {
    const Value* other = b.find(entry.first);
    if (!other || !(entry.second == *other)) return false;
  }
  return true;
}

}  // namespace ieum
