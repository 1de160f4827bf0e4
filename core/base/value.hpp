// Value: the one dynamic value of the hub. Events, step inputs and outputs, manifests and facts are Values.
//
// Immutable once built and cheap to copy: lists and maps are shared. Maps keep insertion order.
// A JSON number without fraction or exponent becomes int64, or uint64 when only that fits; every other JSON number
// becomes a Decimal that keeps its digits. double appears only through expressions.
// Type and Optional exist for the expression language alone; the JSON writer refuses them.
// Thread: any, as for shared immutable data.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ieum {

class Value;
class Map;
using List = std::vector<Value>;

// Exact decimal as text, canonical: -?digits[.digits] without exponent, leading zeros or "+"; trailing zeros are kept.
// Arithmetic lives in base/decimal.hpp.
struct Decimal {
  std::string digits;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

struct Bytes {
  std::string data;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

// Seconds since the Unix epoch and nanoseconds 0..999,999,999; years 1..9999.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

// Signed; seconds and nanos never have opposite signs.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

struct TypeName {
  std::string name;
  friend bool operator==(const TypeName&, const TypeName&) = default;
};

// optional_type of CEL; null pointer is optional.none().
struct OptionalValue {
  std::shared_ptr<const Value> value;
};

class Value {
 public:
  enum class Kind {
    null,
    boolean,
    integer,
    unsigned_integer,
    floating,
    decimal,
    string,
    bytes,
    list,
    map,
    timestamp,
    duration,
    type,
    optional
  };

  Value() noexcept {}  // null
  Value(std::nullptr_t) noexcept {}
  Value(bool v) noexcept : kind_(Kind::boolean) { data_.boolean = v; }
  Value(int v) noexcept : Value(static_cast<std::int64_t>(v)) {}
  Value(std::int64_t v) noexcept : kind_(Kind::integer) { data_.integer = v; }
  Value(std::uint64_t v) noexcept : kind_(Kind::unsigned_integer) { data_.unsigned_integer = v; }
  Value(double v) noexcept : kind_(Kind::floating) { data_.floating = v; }
  Value(Decimal v);
  Value(std::string v) noexcept : kind_(Kind::string) { new (&data_.string) std::string(std::move(v)); }
  Value(std::string_view v) : Value(std::string(v)) {}
  Value(const char* v) : Value(std::string(v)) {}
  Value(Bytes v);
  Value(Timestamp v) noexcept : kind_(Kind::timestamp) { data_.timestamp = v; }
  Value(Duration v) noexcept : kind_(Kind::duration) { data_.duration = v; }
  Value(TypeName v);
  Value(OptionalValue v);
  Value(List v);
  Value(Map v);
  Value(const Value& other) : kind_(other.kind_) { copy(other); }
  Value(Value&& other) noexcept : kind_(other.kind_) { take(other); }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    drop();
    kind_ = other.kind_;
    take(other);
    return *this;
  }
  ~Value() { drop(); }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
  [[nodiscard]] bool is_map() const { return kind() == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind() == Kind::list; }

  // Pointer accessors: null when the value is of another kind.
  [[nodiscard]] const bool* if_bool() const { return kind_ == Kind::boolean ? &data_.boolean : nullptr; }
  [[nodiscard]] const std::int64_t* if_int() const { return kind_ == Kind::integer ? &data_.integer : nullptr; }
  [[nodiscard]] const std::uint64_t* if_uint() const {
    return kind_ == Kind::unsigned_integer ? &data_.unsigned_integer : nullptr;
  }
  [[nodiscard]] const double* if_double() const { return kind_ == Kind::floating ? &data_.floating : nullptr; }
  [[nodiscard]] const Decimal* if_decimal() const { return kind_ == Kind::decimal ? &data_.decimal : nullptr; }
  [[nodiscard]] const std::string* if_string() const { return kind_ == Kind::string ? &data_.string : nullptr; }
  [[nodiscard]] const Bytes* if_bytes() const { return kind_ == Kind::bytes ? &data_.bytes : nullptr; }
  [[nodiscard]] const Timestamp* if_timestamp() const { return kind_ == Kind::timestamp ? &data_.timestamp : nullptr; }
  [[nodiscard]] const Duration* if_duration() const { return kind_ == Kind::duration ? &data_.duration : nullptr; }
  [[nodiscard]] const TypeName* if_type() const { return kind_ == Kind::type ? &data_.type : nullptr; }
  [[nodiscard]] const OptionalValue* if_optional() const { return kind_ == Kind::optional ? &data_.optional : nullptr; }
  [[nodiscard]] const List* if_list() const { return kind_ == Kind::list ? data_.list.get() : nullptr; }
  [[nodiscard]] const Map* if_map() const { return kind_ == Kind::map ? data_.map.get() : nullptr; }

  // Member of a map by string key; null pointer when this is no map or has no such key.
  [[nodiscard]] const Value* get(std::string_view key) const;
  // Walks "a.b.0.c" through maps and lists; null pointer where the path ends early.
  [[nodiscard]] const Value* at_path(std::string_view dotted) const;
  // String member, or the fallback when it is missing or no string.
  [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = {}) const;
  // Integer member (int64, or uint64 that fits), or the fallback.
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t fallback = 0) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback = false) const;

  // Structural equality of same kinds: 1 and 1u and 1.0 differ here; CEL's numeric equality lives in expr.
  friend bool operator==(const Value& a, const Value& b);

 private:
  // Values are made, moved and dropped by the thousand for each event: by hand, since a variant goes through a table for each.
  union Data {
    Data() noexcept : integer(0) {}
    ~Data() {}
    bool boolean;
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double floating;
    Decimal decimal;
    std::string string;
    Bytes bytes;
    std::shared_ptr<const List> list;
    std::shared_ptr<const Map> map;
    Timestamp timestamp;
    Duration duration;
    TypeName type;
    OptionalValue optional;
  };

  // `other` has this kind already; data_ holds nothing. take() leaves an empty value of the same kind behind.
  void copy(const Value& other) {
    if (kind_ == Kind::string)
      new (&data_.string) std::string(other.data_.string);
    else if (is_plain())
      copy_plain(other);
    else
      copy_held(other);
  }
  void take(Value& other) noexcept {
    if (kind_ == Kind::string)
      new (&data_.string) std::string(std::move(other.data_.string));
    else if (is_plain())
      copy_plain(other);
    else
      take_held(other);
  }
  void drop() noexcept {
    if (kind_ == Kind::string)
      data_.string.~basic_string();
    else if (!is_plain())
      drop_held();
  }
  // Kinds whose bytes are all there is of them.
  [[nodiscard]] bool is_plain() const {
    return kind_ <= Kind::floating || kind_ == Kind::timestamp || kind_ == Kind::duration;
  }
  void copy_plain(const Value& other) noexcept {
    if (kind_ == Kind::timestamp)
      data_.timestamp = other.data_.timestamp;
    else if (kind_ == Kind::duration)
      data_.duration = other.data_.duration;
    else
      data_.integer = other.data_.integer;
  }
  void copy_held(const Value& other);
  void take_held(Value& other) noexcept;
  void drop_held() noexcept;

  Kind kind_ = Kind::null;
  Data data_;
};

// Insertion-ordered map with keys of bool, int64, uint64 or string. Lookup is linear up to 16 entries, then by an
// ordered index, so that hostile keys cannot make it slow. Numerically equal int64 and uint64 keys are one key.
class Map {
 public:
  using Entry = std::pair<Value, Value>;
  Map() noexcept;
  Map(std::initializer_list<Entry> entries);
  // Of entries whose keys are known to differ.
  static Map of_distinct(std::vector<Entry> entries);
  Map(const Map& other);
  Map(Map&& other) noexcept;
  Map& operator=(const Map& other);
  Map& operator=(Map&& other) noexcept;
  ~Map();

  [[nodiscard]] const Value* find(const Value& key) const;
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] const Value* find(const std::string& key) const { return find(std::string_view(key)); }
  [[nodiscard]] const Value* find(const char* key) const { return find(std::string_view(key)); }
  // Inserts or replaces; a replaced entry keeps its place.
  void set(Value key, Value value);
  // Inserts; false, and nothing changes, when the key is there already.
  bool add(Value key, Value value);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }
  // Equal as sets of entries, whatever their order.
  friend bool operator==(const Map& a, const Map& b);

 private:
  struct KeyLess {
    using is_transparent = void;
    bool operator()(const Value& a, const Value& b) const;
    bool operator()(const Value& a, std::string_view b) const;
    bool operator()(std::string_view a, const Value& b) const;
  };
  using Index = std::map<Value, std::size_t, KeyLess>;

  void index_all();

  std::vector<Entry> entries_;
  std::unique_ptr<Index> index_;  // null until entries_ outgrows the linear search
};

}  // namespace ieum
