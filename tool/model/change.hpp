// One difference between two states of a project, as a value: what changed, from what, to what, where. Knows
// nothing of what a target does with it (change_assessment.hpp) nor of who reads what changed.
#pragma once

#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "model/project.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace birdhouse::model {

enum class ChangeKind : std::uint8_t {
#define KIND(enumerator, name) enumerator,
#include "model/change_kinds.def"
#undef KIND
};

std::string_view to_string(ChangeKind kind); // column_dropped
// All of them, in order.
std::vector<ChangeKind> all_change_kinds();

enum class ResourceKind : std::uint8_t { Project, Connection, Datasource, Pipe };

std::string_view to_string(ResourceKind kind);

struct Subject {
    ResourceKind resource = ResourceKind::Datasource;
    std::string name; // of the resource; empty for the project
    std::string part; // column, index, node, parameter, token, setting; empty for the resource as a whole
    friend auto operator<=>(const Subject&, const Subject&) = default;
};

// A parameter of a pipe, over all of its nodes.
struct Parameter {
    std::string name;
    std::string type;
    std::optional<std::string> default_value; // as the template writes it: `'2025-01-01'`, `10`
    std::string description;
    bool required = false;
    Origin origin;
    friend bool operator==(const Parameter&, const Parameter&) = default;
};

// The whole thing that a change is about, so that a plan can be made of changes alone. Nothing when the text
// says all there is.
using ChangedValue = std::variant<std::monostate, Column, Index, Token, Setting, TableEngine, Parameter, Node,
                                  Datasource, Pipe, Connection>;

// One side of a change: empty where the thing was added or dropped.
struct ChangeSide {
    std::string text; // of the thing what differs: `Nullable(UInt8)` of a column whose type changes
    ChangedValue value;
    Origin origin; // in the sources of that side's project
    friend bool operator==(const ChangeSide&, const ChangeSide&) = default;
};

// What stands round a change and decides what it means.
struct Surroundings {
    bool in_key = false;            // the column is part of a sorting, partition, primary or sampling key
    bool outside_key = false;       // the engine merges rows by a key that the column is no part of
    bool field_required = false;    // an event without the field was taken before, and is not after
    bool is_volatile = false;       // the expression has another value each time it is asked
    bool has_forward_query = false; // the datasource as it is to be says how its rows are rewritten
    ColumnPosition position;        // of an added column
    std::optional<std::string> possible_rename; // of a dropped column the new name, of an added one the old
    friend bool operator==(const Surroundings&, const Surroundings&) = default;
};

struct Change {
    ChangeKind kind = ChangeKind::DescriptionChanged;
    Subject subject;
    ChangeSide before;
    ChangeSide after;
    Surroundings surroundings;
    friend bool operator==(const Change&, const Change&) = default;
};

// `llm_events.referrer`, `llm_events`.
std::string full_name(const Subject& subject);
// "column `llm_events.referrer` is dropped": one line, makes sense alone. `quote` marks names and texts.
std::string describe(const Change& change, std::string (*quote)(std::string_view));
std::string describe(const Change& change);

} // namespace birdhouse::model
