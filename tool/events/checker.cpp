#include "events/checker.hpp"

#include "base/codes.hpp"
#include "events/json_text.hpp"
#include "events/privacy.hpp"

namespace birdhouse::events {

EventChecker::EventChecker(const EventSchema& schema)
    : schema_(schema), values_(schema, row_), met_(schema.nodes().size(), 0),
      filled_(schema.columns().size(), 0) {}

const Verdict& EventChecker::check(std::string_view text, std::string* written) {
    verdict_.clear();
    ++row_number_;
    if (const std::optional<JsonFault> fault = row_.parse(text)) {
        verdict_.status = RowStatus::NotAnEvent;
        verdict_.reasons.push_back({fault->code, kNoColumn, fault->offset, fault->offset, fault->text});
        return verdict_;
    }
    const std::size_t before = written == nullptr ? 0 : written->size();
    sink_ = {written, &verdict_.reasons, &verdict_.broken_rules, &verdict_.warnings,
             may_hold_credential(text)};
    if (written != nullptr) {
        *written += '{';
    }
    const std::vector<std::uint32_t>& whole = schema_.nodes().front().columns;
    for (const std::uint32_t column : whole) {
        filled_[column] = row_number_;
        values_.check_column(column, 0, sink_);
    }
    walk(0, 0, !whole.empty());
    require_columns();
    verdict_.status = verdict_.reasons.empty() ? RowStatus::Accepted : RowStatus::Quarantined;
    if (written != nullptr && verdict_.status == RowStatus::Accepted) {
        *written += "}\n";
    } else if (written != nullptr) {
        written->resize(before);
    }
    return verdict_;
}

// `kept`: a column takes the whole of an object above, so no key in it is lost.
void EventChecker::walk(std::uint32_t node, std::size_t object, bool kept) {
    const std::size_t end = row_.token(object).next;
    for (std::size_t key = object + 1; key != end; key = row_.token(key + 1).next) {
        take_field(node, key, kept);
    }
}

void EventChecker::take_field(std::uint32_t parent, std::size_t key, bool kept) {
    const JsonToken& key_token = row_.token(key);
    const std::size_t value = key + 1;
    const std::uint32_t node = schema_.find_child(parent, key_text(key));
    if (node == 0) {
        if (!kept) {
            verdict_.dropped.push_back({parent, key_token.begin, key_token.end});
        }
        return;
    }
    if (met_[node] == row_number_) {
        verdict_.warnings.push_back({&codes::E042, kNoColumn, key_token.begin, key_token.end});
        return;
    }
    met_[node] = row_number_;
    const PathNode& here = schema_.nodes()[node];
    for (const std::uint32_t column : here.columns) {
        filled_[column] = row_number_;
        values_.check_column(column, value, sink_);
    }
    if (here.children.empty()) {
        return;
    }
    const bool kept_below = kept || !here.columns.empty();
    const JsonKind kind = row_.token(value).kind;
    if (kind == JsonKind::Object) {
        walk(node, value, kept_below);
    } else if (kind != JsonKind::Null && !kept_below) {
        verdict_.dropped.push_back({parent, key_token.begin, key_token.end});
    }
}

void EventChecker::require_columns() {
    for (const std::uint32_t column : schema_.required()) {
        if (filled_[column] != row_number_) {
            verdict_.reasons.push_back({&codes::E010, column, 0, 0});
        }
    }
}

std::string_view EventChecker::key_text(std::size_t key) {
    const JsonToken& token = row_.token(key);
    if (!token.escaped) {
        return row_.inner(token);
    }
    unescaped_key_.clear();
    append_unescaped(unescaped_key_, row_.inner(token));
    return unescaped_key_;
}

} // namespace birdhouse::events
