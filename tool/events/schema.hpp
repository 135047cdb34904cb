// A datasource prepared for checking events: paths as a tree of keys, types as flat plans, rules as
// numbers. Compiled once; immutable while rows are checked, so that threads may share it.
#pragma once

#include "base/diagnostic.hpp"
#include "events/text_pattern.hpp"
#include "events/text_scan.hpp"
#include "events/type_plan.hpp"
#include "model/project.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::events {

inline constexpr std::uint32_t kNoColumn = UINT32_MAX;

struct WholeRange {
    std::uint64_t first = 0;
    std::uint64_t last = UINT64_MAX;
};

// A text of JSON as most rows write it, quotes included and without a backslash, to be compared in steps of
// eight bytes, which may overlap: bytes outside of the mask are not the text's.
struct QuotedPattern {
    std::string quoted; // `"name"`; empty: it needs escapes, and is never written so
    std::uint64_t head = 0;
    std::uint64_t head_mask = 0;
    std::uint64_t middle = 0; // of texts that have more than sixteen
    std::uint64_t tail = 0;   // the last eight bytes, of texts that have more than eight

    static QuotedPattern of(std::string_view text);
    // `from` may be looked at beyond the text, see kTextPadding.
    bool matches(const char* from, std::size_t length) const;
};

struct EventColumn {
    std::string name;
    std::string path; // as declared, for messages
    std::string type; // as declared
    TypePlan plan;
    std::vector<std::string> element_keys; // what follows `[:]` in the path: `$.a[:].b.c`
    bool nullable = false;
    bool has_default = false;
    bool has_rules = false;    // any of those below
    bool only_allowed = false; // and none but `allowed`
    bool only_lengths = false; // and none but limits of length
    std::size_t shortest_limit = SIZE_MAX;
    std::vector<std::string> allowed;
    std::optional<std::string> minimum;
    std::optional<std::string> maximum;
    std::optional<std::uint32_t> max_chars;
    std::shared_ptr<const TextPattern> pattern;
    std::string pattern_text;
    model::Privacy privacy = model::Privacy::None;
    std::optional<std::uint32_t> longest_prompt; // code points, of columns that hold prompts
    // For the usual values: `allowed` as JSON texts, less those that need escapes; the range when it is the
    // only rule and its bounds are whole numbers.
    std::vector<QuotedPattern> quoted_allowed;
    std::optional<WholeRange> short_range;
    std::string output_key; // `"name":`, escaped: how an accepted row begins this column
};

// A key as numbers: two keys of up to 16 bytes are equal when these are.
struct KeyPrint {
    std::uint64_t head = 0; // the first eight bytes
    std::uint64_t tail = 0; // the last eight
    std::size_t length = 0;
    friend bool operator==(const KeyPrint&, const KeyPrint&) = default;
};

struct KeySlot {
    KeyPrint print;
    std::uint32_t node = 0; // 0: free
};

enum class Comparison : std::uint8_t { AtLeast, AtMost, Greater, Less, Equal, Different };
enum class Comparable : std::uint8_t { Number, Time, Text };

// `end_time >= start_time`; see row_rule.hpp.
struct RowRule {
    std::string text;
    std::uint32_t left = kNoColumn;
    std::uint32_t right = kNoColumn; // none: `number`
    std::string number;
    Comparison comparison = Comparison::Equal;
    Comparable family = Comparable::Number;
};

// One key of the tree; node 0 is the document itself.
struct PathNode {
    std::string key;
    QuotedPattern pattern;
    std::uint32_t only_column = kNoColumn; // all that this place feeds, when it feeds one and has no children
    std::uint32_t parent = 0;
    std::vector<std::uint32_t> columns;  // fed by the value at this place
    std::vector<std::uint32_t> children; // nodes, in the order of declaration
    std::vector<KeySlot> slots;          // open addressing over children; a power of two long
};

class EventSchema {
public:
    // Problems go to `problems` at the place of the column; with any error there is no schema.
    static std::optional<EventSchema> compile(const model::Datasource& datasource,
                                              const model::IngestionRules& rules,
                                              const model::PrivacyRules& privacy, Diagnostics& problems);

    const std::string& datasource() const { return datasource_; }
    const std::vector<EventColumn>& columns() const { return columns_; }
    // All columns of the table by name, those that events do not feed included.
    const std::vector<std::string>& table_columns() const { return table_columns_; }
    // Columns that a row must bring: no default, not nullable.
    const std::vector<std::uint32_t>& required() const { return required_; }
    bool is_required(std::uint32_t column) const {
        return !columns_[column].nullable && !columns_[column].has_default;
    }
    const std::vector<PathNode>& nodes() const { return nodes_; }
    const std::vector<RowRule>& row_rules() const { return row_rules_; }
    const model::IngestionRules& rules() const { return rules_; }
    const model::PrivacyRules& privacy() const { return privacy_; }

    // The child of `node` for a key, or 0.
    std::uint32_t find_child(std::uint32_t node, std::string_view key) const;
    // `$.response.usage` for a node.
    std::string path_of(std::uint32_t node) const;

private:
    friend class SchemaCompiler;
    std::string datasource_;
    std::vector<EventColumn> columns_;
    std::vector<std::string> table_columns_;
    std::vector<std::uint32_t> required_;
    std::vector<PathNode> nodes_;
    std::vector<RowRule> row_rules_;
    model::IngestionRules rules_;
    model::PrivacyRules privacy_;
};

inline bool QuotedPattern::matches(const char* from, std::size_t length) const {
    constexpr std::size_t kWord = sizeof head;
    if (length != quoted.size() || ((load8(from) ^ head) & head_mask) != 0) {
        return false;
    }
    if (length <= kWord) {
        return true;
    }
    std::uint64_t different = load8(from + length - kWord) ^ tail;
    if (length > 2 * kWord) {
        different |= load8(from + kWord) ^ middle;
    }
    return different == 0 && (length <= 3 * kWord || std::memcmp(from + 2 * kWord, quoted.data() + 2 * kWord,
                                                                 length - 3 * kWord) == 0);
}

} // namespace birdhouse::events
