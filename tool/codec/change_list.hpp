// What the parts of the diff fill: changes of one resource, with the sides' texts.
#pragma once

#include "model/change.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace birdhouse::codec {

// A thing on one side, and of it what differs.
inline model::ChangeSide side(std::string text, model::ChangedValue value, Origin origin) {
    return {std::move(text), std::move(value), origin};
}
inline model::ChangeSide side(std::string text, Origin origin) { return {std::move(text), {}, origin}; }
inline model::ChangeSide nothing() { return {}; }

class ChangeList {
public:
    ChangeList(model::ResourceKind resource, std::string name)
        : resource_(resource), name_(std::move(name)) {}

    // `part` is empty for the resource as a whole. The change may be completed by the caller.
    model::Change& add(model::ChangeKind kind, std::string part, model::ChangeSide before,
                       model::ChangeSide after) {
        model::Change change;
        change.kind = kind;
        change.subject = {resource_, name_, std::move(part)};
        change.before = std::move(before);
        change.after = std::move(after);
        changes_.push_back(std::move(change));
        return changes_.back();
    }

    // A text of the resource that both sides have, or none.
    void add_if_different(model::ChangeKind kind, const std::string& before, const std::string& after,
                          Origin origin_before, Origin origin_after, const std::string& part = {}) {
        if (before != after) {
            add(kind, part, side(before, origin_before), side(after, origin_after));
        }
    }

    std::vector<model::Change> take() && { return std::move(changes_); }

private:
    model::ResourceKind resource_;
    std::string name_;
    std::vector<model::Change> changes_;
};

} // namespace birdhouse::codec
