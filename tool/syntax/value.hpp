// The values a template computes with: Python's, as far as templates use them, and the kinds that only say
// how a value is printed into SQL. Knows nothing of templates; printing is in value_text.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace birdhouse::syntax {

struct Value;
using Values = std::vector<Value>;

struct NoneValue {};

// Plain is quoted and escaped in SQL, Raw and Symbol stand as they are.
enum class TextKind : std::uint8_t { Plain, Raw, Symbol };

struct TextValue {
    std::shared_ptr<const std::string> bytes; // shared: values are copied at every step of an evaluation
    TextKind kind = TextKind::Plain;
    std::string_view view() const { return *bytes; }
};

// A whole number. Past 64 bits it keeps its decimal digits: it can be printed and compared, not computed
// with.
struct Integer {
    std::int64_t small = 0;
    std::shared_ptr<const std::string> digits; // null while the number fits `small`
    bool is_small() const { return digits == nullptr; }
};

struct IntegerValue {
    Integer number;
    std::string_view type; // `Int32` prints toInt32('5'); empty prints 5
};

struct FloatValue {
    double number = 0;
    std::string_view type;
};

// View: what range(), items() and the like give. It is walked like a list and has no printed form.
enum class SequenceKind : std::uint8_t { List, Tuple, View };

// `depth` and `nested` keep chains of containers short and free of circles: see can_hold().
struct Sequence {
    Values items;
    unsigned depth = 1;
    bool nested = false;
};

struct SequenceValue {
    std::shared_ptr<Sequence> content;
    SequenceKind kind = SequenceKind::List;
};

// Entries in the order they came, found by key. A set has keys only.
struct Mapping {
    std::vector<std::pair<Value, Value>> entries;
    std::unordered_map<std::string, std::size_t> index; // by key_of()
    unsigned depth = 1;
    bool nested = false;
};

struct DictValue {
    std::shared_ptr<Mapping> content;
};

struct SetValue {
    std::shared_ptr<Mapping> content;
};

// Stands for a parameter that was not given, when a template is tried out.
struct PlaceholderValue {
    std::string_view name;
};

enum class FunctionKind : std::uint8_t { Template, Builtin, Class };

struct FunctionValue {
    std::string_view name;
    FunctionKind kind = FunctionKind::Template;
};

struct Value {
    std::variant<NoneValue, bool, IntegerValue, FloatValue, TextValue, SequenceValue, DictValue, SetValue,
                 PlaceholderValue, FunctionValue>
        data;

    template <class Kind>
    const Kind* as() const {
        return std::get_if<Kind>(&data);
    }
    bool is_none() const { return data.index() == 0; }
};

inline constexpr unsigned kDeepestContainer = 100;

Value make_bool(bool truth);
Value make_text(std::string text, TextKind kind = TextKind::Plain);
Value make_integer(std::int64_t number, std::string_view type = {});
Value make_integer(Integer number, std::string_view type = {});
Value make_float(double number, std::string_view type = {});
Value make_sequence(Values items, SequenceKind kind);
Value make_list(Values items);
Value make_tuple(Values items);
// Keys that cannot be keys (lists, dicts) are the caller's to refuse: see key_of(). A later entry wins.
Value make_dict(std::vector<std::pair<Value, Value>> entries);
Value make_set(const Values& items);

// Decimal digits with an optional sign; nullopt for any other text.
std::optional<Integer> read_integer(std::string_view digits);
std::string integer_text(const Integer& number);
int compare(const Integer& left, const Integer& right);

bool is_true(const Value& value);
// Python's name of the class, as its messages say it.
std::string_view type_name(const Value& value);

std::optional<std::string_view> text_of(const Value& value); // Plain and Raw: a Symbol can only be printed
std::optional<Integer> integer_of(const Value& value);       // numbers and booleans
std::optional<double> number_of(const Value& value);         // floats too
const Values* items_of(const Value& value);                  // lists, tuples, views

// A text equal for equal keys: 1, 1.0 and True are one key. Nullopt when the value cannot be a key, or is
// longer than a key may be: keys are copied and hashed at every look.
inline constexpr std::size_t kLongestKey = std::size_t{64} << 10U;
std::optional<std::string> key_of(const Value& value);
const Value* find_entry(const Mapping& mapping, const Value& key);
void set_entry(Mapping& mapping, const Value& key, Value value);

unsigned depth_of(const Value& value);
// May `item` be put into a container that exists already? Not when the container is itself inside another
// one and `item` is a container too: that is how circles and endless chains are made.
bool can_hold(unsigned depth, bool nested, const Value& item);
void note_held(unsigned& depth, const Value& item);

// Every comparison of parts takes one from `work`; when nothing is left the answer means nothing.
bool equal(const Value& left, const Value& right, std::size_t& work);

// No container is shared with the original; what was shared within it is shared within the copy.
Value deep_copy(const Value& value);

} // namespace birdhouse::syntax
