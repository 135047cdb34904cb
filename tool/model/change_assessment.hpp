// What a change means: its class, what each target does with it, what it costs, whether it can be taken back,
// and the safe way. One table row a kind (change_table_*.cpp); what stands round the change adjusts the row.
#pragma once

#include "base/diagnostic.hpp"
#include "model/change.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::model {

// From harmless to worst.
enum class ChangeClass : std::uint8_t {
    Safe,
    Mutation,    // safe, but stored data is rewritten
    Rebuild,     // needs another table and a copy of the rows
    Destructive, // something stored is lost
    Impossible,  // cannot be made of what is stored
};

// How far it can be seen. Each includes the ones before it: all changes touch Storage, those in Pipe are seen
// by pipes of the project, those in Wire by producers of events and consumers of endpoints.
enum class Reach : std::uint8_t { Storage, Pipe, Wire };

enum class Cost : std::uint8_t {
    None,
    Metadata, // no row is read
    Mutation, // the server rewrites parts of it in the background
    Rewrite,  // every row is read and written again
};

enum class Reversible : std::uint8_t { Yes, Partly, No };

enum class Breaks : std::uint8_t {
    Nobody,
    Readers,   // pipes of the project that read it; nobody when there are none
    Consumers, // somebody outside of the project
};

enum class TargetAction : std::uint8_t {
    Nothing,
    Alter,        // in place, by itself
    Update,       // the resource is pushed or deployed anew
    Create,       //
    Delete,       //
    Rewrite,      // Forward writes the table again
    ForwardQuery, // the same, and FORWARD_QUERY must say how
    Recreate,     // a new datasource, a copy, a switch, by hand
    Rebuild,      // a table beside it, a copy, EXCHANGE TABLES
    Ignored,      // the target says nothing and keeps what it has
    Refused,      // the target says no
    NotKnown,     // not documented: only the target's own check tells
    NotThere,     // the target has no such thing
};

struct TargetEffect {
    TargetAction action = TargetAction::Nothing;
    std::string_view how = {}; // `DROP COLUMN`; may be empty
};

struct TargetEffects {
    TargetEffect clickhouse; // embedded too: one engine
    TargetEffect forward;
    TargetEffect classic;
};

struct ChangeRow {
    ChangeKind kind = ChangeKind::DescriptionChanged;
    // What happened, with {name}, {part}, {resource}, {before}, {after} and {position} in it.
    std::string_view says;
    ChangeClass change_class = ChangeClass::Safe;
    Reach reach = Reach::Storage;
    Breaks breaks = Breaks::Nobody;
    std::array<const Code*, 2> codes = {};  // that always come with it
    const Code* code_for_readers = nullptr; // that comes with each reader
    TargetEffects targets;
    Cost cost = Cost::None;
    Reversible reversible = Reversible::Yes;
    std::string_view why;    // how it bites
    std::string_view recipe; // the safe way; may be empty when it is safe
};

std::span<const ChangeRow> change_rows(); // by kind
const ChangeRow& row_of(ChangeKind kind);

struct Finding {
    const Code* code = nullptr;
    std::string message; // lower case, one line, no full stop
    friend bool operator==(const Finding&, const Finding&) = default;
};

struct Assessment {
    ChangeClass change_class = ChangeClass::Safe;
    Reach reach = Reach::Storage;
    bool breaking = false; // a reader or consumer that worked before does not work after
    std::vector<Finding> findings;
    TargetEffects targets;
    Cost cost = Cost::None;
    Reversible reversible = Reversible::Yes;
    std::string why;
    std::string recipe;
};

// Of the change alone: who reads what changed comes later.
Assessment assess(const Change& change);

std::string_view to_string(ChangeClass value);
std::string_view to_string(Reach value);
std::string_view to_string(Cost value);
std::string_view to_string(Reversible value);
std::string_view to_string(TargetAction value);
// "alter: `DROP COLUMN`"
std::string describe(const TargetEffect& effect);

} // namespace birdhouse::model
