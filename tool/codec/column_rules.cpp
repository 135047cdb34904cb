#include "codec/column_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <vector>

namespace birdhouse::codec {

namespace {

using model::Column;

std::set<std::string> allowed(const Column& column) { return {column.allowed.begin(), column.allowed.end()}; }

bool takes_all_values(const Column& wide, const Column& narrow) {
    if (wide.allowed.empty()) {
        return true;
    }
    const std::set<std::string> outer = allowed(wide);
    const std::set<std::string> inner = allowed(narrow);
    return !inner.empty() && std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

std::optional<long double> bound(const std::optional<std::string>& text) {
    if (!text) {
        return std::nullopt;
    }
    char* end = nullptr;
    const long double number = std::strtold(text->c_str(), &end);
    return end == text->c_str() ? std::nullopt : std::optional(number);
}

bool takes_whole_range(const Column& wide, const Column& narrow) {
    const model::ValueRange outer = wide.range.value_or(model::ValueRange{});
    const model::ValueRange inner = narrow.range.value_or(model::ValueRange{});
    const std::optional<long double> low = bound(outer.minimum);
    const std::optional<long double> high = bound(outer.maximum);
    const std::optional<long double> inner_low = bound(inner.minimum);
    const std::optional<long double> inner_high = bound(inner.maximum);
    return (!low || (inner_low && *inner_low >= *low)) && (!high || (inner_high && *inner_high <= *high));
}

bool takes_all_lengths(const Column& wide, const Column& narrow) {
    return !wide.max_chars || (narrow.max_chars && *narrow.max_chars <= *wide.max_chars);
}

} // namespace

std::string rules_text(const Column& column) {
    std::vector<std::string> parts;
    if (!column.allowed.empty()) {
        parts.push_back("allowed: " + join(column.allowed, ", "));
    }
    if (column.range) {
        parts.push_back("range: " + column.range->minimum.value_or("") + " to " +
                        column.range->maximum.value_or(""));
    }
    if (column.max_chars) {
        parts.push_back("max_chars: " + std::to_string(*column.max_chars));
    }
    return join(parts, "; ");
}

bool same_rules(const Column& a, const Column& b) {
    return allowed(a) == allowed(b) && a.range == b.range && a.max_chars == b.max_chars;
}

bool takes_all(const Column& wide, const Column& narrow) {
    return takes_all_values(wide, narrow) && takes_whole_range(wide, narrow) &&
           takes_all_lengths(wide, narrow);
}

} // namespace birdhouse::codec
