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
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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

  Value() noexcept;  // null
  Value(std::nullptr_t) noexcept;
  Value(bool v) noexcept;
  Value(int v) noexcept;
  Value(std::int64_t v) noexcept;
  Value(std::uint64_t v) noexcept;
  Value(double v) noexcept;
  Value(Decimal v);
  Value(std::string v);
  Value(std::string_view v);
  Value(const char* v);
  Value(Bytes v);
  Value(Timestamp v);
  Value(Duration v);
  Value(TypeName v);
  Value(OptionalValue v);
  Value(List v);
  Value(Map v);
  // Every file handles values; what copying one of so many kinds takes is compiled in value.cpp alone.
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(data_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
  [[nodiscard]] bool is_map() const { return kind() == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind() == Kind::list; }

  // Pointer accessors: null when the value is of another kind.
  [[nodiscard]] const bool* if_bool() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const std::int64_t* if_int() const { return std::get_if<std::int64_t>(&data_); }
  [[nodiscard]] const std::uint64_t* if_uint() const { return std::get_if<std::uint64_t>(&data_); }
  [[nodiscard]] const double* if_double() const { return std::get_if<double>(&data_); }
  [[nodiscard]] const Decimal* if_decimal() const { return std::get_if<Decimal>(&data_); }
  [[nodiscard]] const std::string* if_string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Bytes* if_bytes() const { return std::get_if<Bytes>(&data_); }
  [[nodiscard]] const Timestamp* if_timestamp() const { return std::get_if<Timestamp>(&data_); }
  [[nodiscard]] const Duration* if_duration() const { return std::get_if<Duration>(&data_); }
  [[nodiscard]] const TypeName* if_type() const { return std::get_if<TypeName>(&data_); }
  [[nodiscard]] const OptionalValue* if_optional() const { return std::get_if<OptionalValue>(&data_); }
  [[nodiscard]] const List* if_list() const;
  [[nodiscard]] const Map* if_map() const;

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
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, Decimal, std::string, Bytes,
               std::shared_ptr<const List>, std::shared_ptr<const Map>, Timestamp, Duration, TypeName, OptionalValue>
      data_;
};

// Insertion-ordered map with keys of bool, int64, uint64 or string. Lookup is linear up to 16 entries, then by an
// ordered index, so that hostile keys cannot make it slow. Numerically equal int64 and uint64 keys are one key.
class Map {
 public:
  using Entry = std::pair<Value, Value>;
  Map() noexcept;
  Map(std::initializer_list<Entry> entries);
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
  std::vector<Entry> entries_;
  std::map<Value, std::size_t, KeyLess> index_;  // empty until entries_ outgrows the linear search
};

}  // namespace ieum
