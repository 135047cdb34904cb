// What ClickHouse says when it refuses a statement, taken apart for people who wrote a part of that
// statement.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct EngineWords {
    // Without what the excerpt shows already, such as positions and scopes in a text the user never saw.
    // ClickHouse's code stays at the end: people look it up. "Unknown codec family: Foo (432 UNKNOWN_CODEC)"
    std::string text;
    std::string code;                    // "UNKNOWN_CODEC"; empty when it gives none
    std::optional<std::size_t> position; // bytes into the statement, from 0
    std::vector<std::string> names;      // of columns, tables, functions it may be about, the likeliest first
    std::vector<std::string> suggestions; // its guesses at what was meant, the best first
};

// Nothing when the error is no refusal of a statement: the engine is gone, the disk is full.
std::optional<EngineWords> engine_words(const Error& error);

// "did you mean `model`?" from its guesses; empty when it has none.
std::string did_you_mean(const EngineWords& words);

struct NamePlace {
    std::size_t begin = 0; // bytes
    std::size_t end = 0;
};
// Every place of `name` in `sql`, in order: `a.b` is a, a dot, and b; a text between quotes that reads so
// counts too.
std::vector<NamePlace> find_name(std::string_view sql, std::string_view name);

} // namespace birdhouse::ops
