#include "events/schema.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/row_rule.hpp"
#include "syntax/json_path.hpp"

#include <charconv>
#include <cstring>

namespace birdhouse::events {

using syntax::JsonPathStep;

namespace {

constexpr std::size_t kPrinted = 16; // bytes that a print holds all of

KeyPrint print_of(std::string_view key) {
    KeyPrint print;
    print.length = key.size();
    const std::size_t taken = std::min<std::size_t>(key.size(), sizeof print.head);
    std::memcpy(&print.head, key.data(), taken);
    std::memcpy(&print.tail, key.data() + (key.size() - taken), taken);
    return print;
}

// Length, first and last bytes tell the keys of one object apart nearly always; equality decides.
std::size_t hash_of(const KeyPrint& print) {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
    const std::uint64_t mixed = (print.head ^ (print.tail * 31) ^ print.length) * kMix;
    return static_cast<std::size_t>(mixed >> 32U);
}

} // namespace

QuotedPattern QuotedPattern::of(std::string_view text) {
    constexpr std::size_t kWord = sizeof head;
    QuotedPattern pattern;
    append_json_string(pattern.quoted, text);
    if (pattern.quoted.size() != text.size() + 2) { // it needs escapes, which can be written in many ways
        pattern.quoted.clear();
        return pattern;
    }
    const std::string& quoted = pattern.quoted;
    const std::size_t taken = std::min(quoted.size(), kWord);
    std::memcpy(&pattern.head, quoted.data(), taken);
    std::memset(&pattern.head_mask, 0xFF, taken);
    if (quoted.size() > kWord) {
        pattern.tail = load8(quoted.data() + quoted.size() - kWord);
    }
    if (quoted.size() > 2 * kWord) {
        pattern.middle = load8(quoted.data() + kWord);
    }
    return pattern;
}

std::uint32_t EventSchema::find_child(std::uint32_t node, std::string_view key) const {
    const std::vector<KeySlot>& slots = nodes_[node].slots;
    if (slots.empty()) {
        return 0;
    }
    const KeyPrint print = print_of(key);
    const std::size_t mask = slots.size() - 1;
    for (std::size_t at = hash_of(print) & mask; slots[at].node != 0; at = (at + 1) & mask) {
        if (slots[at].print == print && (key.size() <= kPrinted || nodes_[slots[at].node].key == key)) {
            return slots[at].node;
        }
    }
    return 0;
}

std::string EventSchema::path_of(std::uint32_t node) const {
    std::vector<std::uint32_t> above;
    for (; node != 0; node = nodes_[node].parent) {
        above.push_back(node);
    }
    std::string path = "$";
    for (auto at = above.rbegin(); at != above.rend(); ++at) {
        syntax::append_json_path_key(path, nodes_[*at].key);
    }
    return path;
}

class SchemaCompiler {
public:
    SchemaCompiler(EventSchema& schema, Diagnostics& problems) : schema_(schema), problems_(problems) {
        schema_.nodes_.emplace_back();
    }

    void add_columns(const model::Datasource& datasource) {
        for (const model::Column& column : datasource.columns) {
            schema_.table_columns_.push_back(column.name);
            if (column.json_path) {
                add_column(column);
            }
        }
        if (!model::takes_events(datasource)) {
            problems_.add(codes::E004, datasource.origin.span,
                          "no column of " + backquoted(datasource.name) + " has a JSON path",
                          "say where in an event each column is: `path: $.key`");
        }
    }

    void add_rules(const model::Datasource& datasource) {
        for (const std::string& text : datasource.rules) {
            std::string fault;
            if (std::optional<RowRule> rule = parse_row_rule(text, schema_.columns_, fault)) {
                schema_.row_rules_.push_back(*std::move(rule));
            } else {
                problems_.add(codes::E008, datasource.origin.span,
                              "the rule " + backquoted(text) + " of " + backquoted(datasource.name) +
                                  " cannot be read: " + fault,
                              "compare a column with a column or a number: `end_time >= start_time`");
            }
        }
    }

    void index_children() {
        for (PathNode& node : schema_.nodes_) {
            node.pattern = QuotedPattern::of(node.key);
            if (node.columns.size() == 1 && node.children.empty()) {
                node.only_column = node.columns.front();
            }
            std::size_t size = node.children.empty() ? 0 : 4;
            while (size < node.children.size() * 2) {
                size *= 2;
            }
            node.slots.assign(size, KeySlot());
            for (const std::uint32_t child : node.children) {
                const KeyPrint print = print_of(schema_.nodes_[child].key);
                std::size_t at = hash_of(print) & (size - 1);
                while (node.slots[at].node != 0) {
                    at = (at + 1) & (size - 1);
                }
                node.slots[at] = {print, child};
            }
        }
    }

private:
    void add_column(const model::Column& written) {
        EventColumn column;
        column.name = written.name;
        column.path = *written.json_path;
        column.type = written.type;
        column.has_default = written.default_expression.has_value();
        append_json_string(column.output_key, written.name);
        column.output_key += ':';
        if (!plan_type_of(written, column) || !set_rules(written, column)) {
            return;
        }
        const syntax::Parsed<syntax::JsonPath> path = syntax::parse_json_path(column.path);
        if (const syntax::SyntaxFault* fault = syntax::fault_of(path)) {
            problems_.add(codes::E002, written.origin.span,
                          "the path " + backquoted(column.path) + " of column " + backquoted(column.name) +
                              " cannot be read: " + fault->message,
                          fault->help);
            return;
        }
        place(written, std::move(column), std::get<syntax::JsonPath>(path));
    }

    bool plan_type_of(const model::Column& written, EventColumn& column) {
        const syntax::Parsed<syntax::ClickHouseType> type = syntax::parse_clickhouse_type(written.type);
        if (const syntax::SyntaxFault* fault = syntax::fault_of(type)) {
            problems_.add(codes::E003, written.origin.span,
                          "the type " + backquoted(written.type) + " of column " + backquoted(written.name) +
                              " cannot be read: " + fault->message);
            return false;
        }
        std::string unsupported;
        const model::IngestionRules& rules = schema_.rules_;
        const ReadingRules reading{rules.numeric_text_into_narrow_integers,
                                   rules.numeric_text_into_wide_integers, rules.boolean_into_uint8,
                                   rules.fraction_into_datetime};
        std::optional<TypePlan> plan =
            plan_type(std::get<syntax::ClickHouseType>(type), reading, unsupported);
        if (!plan) {
            problems_.add(codes::E001, written.origin.span,
                          "column " + backquoted(written.name) + " has the type " + backquoted(unsupported) +
                              ", which ingestion cannot fill from JSON",
                          unsupported.starts_with("Enum")
                              ? "use `LowCardinality(String)` and list the values in `allowed`"
                              : "use a type of docs/ingestion.md, or take the value as String");
            return false;
        }
        column.plan = *std::move(plan);
        column.nullable = column.plan.nodes.front().nullable;
        return true;
    }

    bool set_rules(const model::Column& written, EventColumn& column) {
        column.allowed = written.allowed;
        column.max_chars = written.max_chars;
        column.privacy = written.privacy;
        if (written.privacy == model::Privacy::Prompt) {
            column.longest_prompt = schema_.privacy_.prompt_max_chars;
        }
        column.minimum = written.range ? written.range->minimum : std::nullopt;
        column.maximum = written.range ? written.range->maximum : std::nullopt;
        column.has_rules = !column.allowed.empty() || column.minimum || column.maximum || column.max_chars ||
                           written.pattern || column.privacy == model::Privacy::Ip ||
                           column.privacy == model::Privacy::Prompt;
        if (written.pattern && !compile_pattern(written, column)) {
            return false;
        }
        prepare_usual_values(column);
        for (const std::optional<std::string>& bound : {column.minimum, column.maximum}) {
            if (bound && !number_shape(*bound).well_formed) {
                problems_.add(codes::E006, written.origin.span,
                              "the range of column " + backquoted(written.name) + " has " +
                                  backquoted(*bound) + " for a bound, which is no number");
                return false;
            }
        }
        return true;
    }

    bool compile_pattern(const model::Column& written, EventColumn& column) {
        std::string fault;
        column.pattern = TextPattern::compile(*written.pattern, fault);
        column.pattern_text = *written.pattern;
        if (column.pattern == nullptr) {
            problems_.add(codes::E007, written.origin.span,
                          "the pattern " + backquoted(shorten(*written.pattern, 80)) + " of column " +
                              backquoted(written.name) + " cannot be read: " + fault,
                          "the syntax is RE2's, as in ClickHouse's `match`");
        }
        return column.pattern != nullptr;
    }

    static void prepare_usual_values(EventColumn& column) {
        const bool reads_text = column.max_chars || column.pattern || column.privacy == model::Privacy::Ip ||
                                column.privacy == model::Privacy::Prompt;
        const bool bounded = column.minimum || column.maximum;
        column.only_allowed = !column.allowed.empty() && !bounded && !reads_text;
        column.only_lengths =
            column.allowed.empty() && !bounded && !column.pattern && column.privacy != model::Privacy::Ip;
        for (const std::optional<std::uint32_t>& limit : {column.max_chars, column.longest_prompt}) {
            column.shortest_limit = std::min<std::size_t>(column.shortest_limit, limit.value_or(UINT32_MAX));
        }
        for (const std::string& value : column.allowed) {
            if (QuotedPattern pattern = QuotedPattern::of(value); !pattern.quoted.empty()) {
                column.quoted_allowed.push_back(std::move(pattern));
            }
        }
        if (bounded && column.allowed.empty() && !reads_text) {
            column.short_range = whole_range(column.minimum.value_or("0"), column.maximum);
        }
    }

    // Of numbers from 0 up: a negative lower bound is none.
    static std::optional<WholeRange> whole_range(std::string_view minimum,
                                                 const std::optional<std::string>& maximum) {
        WholeRange range;
        const auto read = [](std::string_view text, std::uint64_t& value) {
            const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
            return failure == std::errc() && end == text.data() + text.size();
        };
        const bool from_zero = minimum.starts_with('-') && number_shape(minimum).integral;
        const bool read_both =
            (from_zero || read(minimum, range.first)) && (!maximum || read(*maximum, range.last));
        return read_both ? std::optional(range) : std::nullopt;
    }

    void place(const model::Column& written, EventColumn column, const syntax::JsonPath& path) {
        std::uint32_t node = 0;
        bool elements = false;
        for (const JsonPathStep& step : path.steps) {
            if (step.kind == JsonPathStep::Kind::Elements) {
                elements = true;
            } else if (elements) {
                column.element_keys.push_back(step.key);
            } else {
                node = child_of(node, step.key);
            }
        }
        if (elements && column.plan.nodes.front().kind != ValueKind::Array) {
            problems_.add(codes::E005, written.origin.span,
                          "the path " + backquoted(column.path) + " gives column " + backquoted(column.name) +
                              " many values, its type " + backquoted(column.type) + " holds one",
                          "write " + backquoted("Array(" + column.type + ")") +
                              ", or take `[:]` out of the path");
            return;
        }
        const auto index = static_cast<std::uint32_t>(schema_.columns_.size());
        if (!column.nullable && !column.has_default) {
            schema_.required_.push_back(index);
        }
        schema_.nodes_[node].columns.push_back(index);
        schema_.columns_.push_back(std::move(column));
    }

    std::uint32_t child_of(std::uint32_t parent, const std::string& key) {
        for (const std::uint32_t child : schema_.nodes_[parent].children) {
            if (schema_.nodes_[child].key == key) {
                return child;
            }
        }
        const auto child = static_cast<std::uint32_t>(schema_.nodes_.size());
        PathNode& node = schema_.nodes_.emplace_back();
        node.key = key;
        node.parent = parent;
        schema_.nodes_[parent].children.push_back(child);
        return child;
    }

    EventSchema& schema_;
    Diagnostics& problems_;
};

std::optional<EventSchema> EventSchema::compile(const model::Datasource& datasource,
                                                const model::IngestionRules& rules,
                                                const model::PrivacyRules& privacy, Diagnostics& problems) {
    EventSchema schema;
    schema.datasource_ = datasource.name;
    schema.rules_ = rules;
    schema.privacy_ = privacy;
    const std::size_t before = problems.errors();
    SchemaCompiler compiler(schema, problems);
    compiler.add_columns(datasource);
    if (problems.errors() == before) {
        compiler.add_rules(datasource);
    }
    compiler.index_children();
    return problems.errors() == before ? std::optional(std::move(schema)) : std::nullopt;
}

} // namespace birdhouse::events
