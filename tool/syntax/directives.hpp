// The directives of datafiles as one table: which kind of file knows which word in which dialect, and what
// stands behind it. Parser, checks and messages read the table; a new directive is one line in it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

enum class DatafileKind { Datasource, Pipe, Connection, Include };

// The two generations of the service read the same files by different rules.
enum class Dialect { Forward, Classic };

enum class DirectiveValue {
    Text,
    Name,
    Names,
    Expression,
    Number,
    Boolean,
    Choice,
    Schedule,
    Token,
    Tags,
    Schema,
    Indexes,
    Sql,
    Path
};

enum class BlockUse { Never, Allowed, Required };

enum class Standing {
    Unknown,
    Known,
    Ignored, // accepted with a warning, then without effect
    Removed, // refused by name
};

// A set of kinds, one bit each.
using Kinds = std::uint8_t;
inline constexpr Kinds kNoKind = 0;
inline constexpr Kinds kInDatasource = 1;
inline constexpr Kinds kInPipe = 2;
inline constexpr Kinds kInConnection = 4;
inline constexpr Kinds kInAll = kInDatasource | kInPipe | kInConnection;

struct DirectiveRule {
    std::string_view name; // upper case
    DirectiveValue value;
    BlockUse block;        // Forward; Classic takes a block behind any directive
    Kinds known;           // Forward files that know it
    Kinds ignored;         // Forward files that warn and drop it
    Kinds removed;         // Forward files that refuse it by name
    Standing classic;      // Classic has one table for every kind of file
    std::string_view mend; // for Ignored and Removed: what to do instead
};

std::span<const DirectiveRule> directive_rules();           // sorted by name
const DirectiveRule* find_directive(std::string_view word); // any case; null when no dialect knows the word
Standing standing(const DirectiveRule& rule, DatafileKind kind, Dialect dialect);
// The words a file of this kind may use, for "did you mean".
std::vector<std::string_view> known_directives(DatafileKind kind, Dialect dialect);

std::string_view to_string(DatafileKind kind); // ".datasource"
std::string_view to_string(Dialect dialect);   // "Forward"

} // namespace birdhouse::syntax
