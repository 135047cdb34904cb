#include "events/sample_rows.hpp"

#include "events/explain.hpp"
#include "events/json_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::events {

namespace {

constexpr int kMostTries = 500;
constexpr std::uint64_t kLeftOutOneIn = 12; // keys of columns that have a default

void append_key(std::string& out, std::string_view key) {
    out += out.back() == '{' ? "" : ",";
    append_json_string(out, key);
    out += ':';
}

// What is to be said first of a row that was not wanted so.
std::string first_complaint(const EventSchema& schema, std::string_view row, const Verdict& verdict) {
    for (const auto* notes : {&verdict.reasons, &verdict.broken_rules, &verdict.warnings}) {
        if (!notes->empty()) {
            return explain_for_report(schema, row, notes->front());
        }
    }
    return verdict.dropped.empty() ? "every fault is taken" : "a key has no column";
}

} // namespace

SampleRows::SampleRows(const EventSchema& schema, std::uint64_t seed)
    : schema_(schema), chance_(seed), values_(chance_), checker_(schema) {}

std::optional<std::string> SampleRows::good_row(std::string& complaint) {
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        std::string row = make_row({});
        const Verdict& verdict = checker_.check(row);
        if (verdict.is_clean()) {
            return row;
        }
        complaint = first_complaint(schema_, row, verdict);
    }
    return std::nullopt;
}

std::optional<SampleRows::BadRow> SampleRows::bad_row(std::string& complaint) {
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        Faults faults;
        const auto column = static_cast<std::uint32_t>(chance_.below(schema_.columns().size()));
        faults[column] = wrong_value(schema_.columns()[column]);
        constexpr std::uint64_t kBrokenOneIn = 10;
        const bool broken = chance_.one_in(kBrokenOneIn);
        std::string row = broken ? spoiled_row(make_row({})) : make_row(faults);
        const Verdict& verdict = checker_.check(row);
        if (verdict.status != RowStatus::Accepted) {
            return BadRow{std::move(row), &verdict};
        }
        complaint = first_complaint(schema_, row, verdict);
    }
    return std::nullopt;
}

std::string SampleRows::make_row(const Faults& faults) {
    values_.begin_row();
    std::string row = "{";
    append_fields(row, 0, faults);
    return row + "}";
}

void SampleRows::append_fields(std::string& out, std::uint32_t node, const Faults& faults) {
    for (const std::uint32_t child : schema_.nodes()[node].children) {
        if (const std::optional<std::string> value = make_value(child, faults)) {
            append_key(out, schema_.nodes()[child].key);
            out += *value;
        }
    }
}

// Nothing: the key is left out.
std::optional<std::string> SampleRows::make_value(std::uint32_t node, const Faults& faults) {
    const PathNode& here = schema_.nodes()[node];
    for (const std::uint32_t column : here.columns) {
        if (const auto fault = faults.find(column); fault != faults.end()) {
            return fault->second;
        }
    }
    if (!here.children.empty()) {
        std::string object = "{";
        append_fields(object, node, faults);
        return object + "}";
    }
    const EventColumn& column = schema_.columns()[here.columns.front()];
    const bool may_go = std::all_of(here.columns.begin(), here.columns.end(), [this](std::uint32_t index) {
        return schema_.columns()[index].has_default;
    });
    if (may_go && chance_.one_in(kLeftOutOneIn)) {
        return std::nullopt;
    }
    return column.element_keys.empty() ? values_.value(column) : make_elements(here);
}

// Objects whose keys feed the columns that take a field of each element.
std::optional<std::string> SampleRows::make_elements(const PathNode& node) {
    constexpr std::uint64_t kMostElements = 4;
    std::string list = "[";
    for (std::uint64_t left = chance_.below(kMostElements); left > 0; --left) {
        list += make_fields(node) + (left == 1 ? "" : ",");
    }
    return list + "]";
}

std::string SampleRows::make_fields(const PathNode& node) {
    std::string object = "{";
    for (const std::uint32_t index : node.columns) {
        const EventColumn& column = schema_.columns()[index];
        std::string value = values_.element(column);
        for (std::size_t key = column.element_keys.size(); key > 1; --key) {
            std::string outer = "{";
            append_key(outer, column.element_keys[key - 1]);
            value = outer + value + "}";
        }
        append_key(object, column.element_keys.front());
        object += value;
    }
    return object + "}";
}

// No JSON, or no text.
std::string SampleRows::spoiled_row(const std::string& good) {
    switch (chance_.below(3)) {
    case 0:
        return good.substr(0, 1 + chance_.below(good.size() - 1));
    case 1:
        return good + "}";
    default:
        return good.substr(0, good.size() - 1) + (good == "{}" ? "" : ",") + R"("half":"\ud83d"})";
    }
}

// One of the ways in which producers get a value of this type wrong; whether the column takes it all the same
// is for the checker to say.
std::optional<std::string> SampleRows::wrong_value(const EventColumn& column) {
    const TypeNode& node = column.plan.nodes.front();
    switch (chance_.below(4)) {
    case 0:
        return std::nullopt;
    case 1:
        return "null";
    case 2:
        return chance_.one_in(2) ? R"({"unexpected":true})" : R"(["unexpected"])";
    default:
        break;
    }
    switch (node.kind) {
    case ValueKind::Integer:
        return chance_.one_in(2) ? node.limits.highest + "0" : chance_.one_in(2) ? "1.5" : R"("many")";
    case ValueKind::Float:
        return chance_.one_in(2) ? R"("0.5")" : "1e999";
    case ValueKind::Decimal:
        return std::string(node.length - node.scale + 1, '9');
    case ValueKind::FixedString:
        return "\"" + std::string(node.length + 1, 'x') + "\"";
    case ValueKind::Uuid:
        return R"("not-a-uuid")";
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::DateTime64: {
        static constexpr std::array<const char*, 4> kTimes = {R"("yesterday")", R"("2026-13-45 25:00:00")",
                                                              R"("")", "1767225600"};
        return chance_.pick(kTimes);
    }
    case ValueKind::Array:
        return R"("a, b")";
    case ValueKind::Bool:
        return R"("true")";
    case ValueKind::Map:
    case ValueKind::Json:
        return R"("key=value")";
    case ValueKind::String:
        return "\"\\ude00\"";
    }
    return std::nullopt;
}

} // namespace birdhouse::events
